//! The programs, which are generated.

use std::fmt::Write as _;

const MAIN: &str = "#[graceful::main(flavor = \"current_thread\")] async fn main()";

/// By name; the first one is empty.
pub(crate) fn all() -> [(&'static str, String); 8] {
    // In each, so that the macros are loaded, and a runtime is there to be started.
    let main = format!("{MAIN} {{}}");
    let tokio = "#[tokio::main(flavor = \"current_thread\")] async fn main()";
    [
        ("empty", main.clone()),
        ("debug_200", fields(200, "Debug") + &main),
        ("shutdown_200", fields(200, "graceful::Shutdown") + &main),
        ("debug_500", fields(500, "Debug") + &main),
        ("shutdown_500", fields(500, "graceful::Shutdown") + &main),
        ("plain_2000", statements(&format!("{main} async fn work()"))),
        ("entry_2000", statements(MAIN)),
        ("tokio_2000", statements(tokio)),
    ]
}

fn fields(count: usize, derive: &str) -> String {
    let mark = if derive == "Debug" {
        ""
    } else {
        "#[shutdown(timeout = \"1ms\")]"
    };
    let mut text = format!(
        "#![allow(dead_code)]\n#[derive({derive})] struct Leaf;\n#[derive({derive})] struct Wide {{"
    );
    for field in 0..count {
        let _ = writeln!(text, "{mark} field_{field}: Leaf,");
    }
    text + "}\n"
}

/// One in a hundred waits: what each await costs is rustc's, and grows with the square of their number.
fn statements(function: &str) -> String {
    let mut text = format!(
        "#![allow(dead_code, unused_assignments)]\nasync fn step(n: u64) -> u64 {{ n }}\nfn add(a: u64, b: u64) -> u64 {{ a + b }}\n{function} {{ let mut sum = 0;"
    );
    for statement in 0..2000 {
        let call = match statement % 100 {
            0 => format!("step({statement}).await"),
            _ => format!("add({statement}, sum)"),
        };
        let _ = writeln!(text, "sum = {call};");
    }
    text + "println!(\"{sum}\"); }"
}
