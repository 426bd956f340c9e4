//! A wrong body gets the errors under the attributes that it gets in any `async fn`: as many, and in the same words.

use crate::compiler::is_known_compiler;
use crate::compiler::package::Package;
use serde_json::Value;
use std::fmt::Write;

/// Those that rustc finds in one pass stand in one program: it stops after the first pass that finds any.
const RESOLVED: [&str; 6] = [
    "async fn main() { missing(); }",
    "async fn main() { missing.await; }",
    "async fn main() { let x: Missing = 1; }",
    "async fn main() -> Missing { 1 }",
    "async fn main() { Missing::new().run().await }",
    "async fn main() { let value = 1; values }",
];

const TYPED: [&str; 24] = [
    // Those of tokio's own tests.
    "async fn main() { Ok(()) }",
    "async fn main() { return Ok(()); }",
    "async fn main() -> Result<(), ()> { Ok(()); }",
    "async fn main() -> Result<(), ()> { }",
    "async fn main() -> Result<(), ()> { if true { Ok(()) } }",
    "async fn main() -> Result<(), Option<()>> { None }",
    "async fn main() -> Result<(), ()> { 1 }",
    "async fn main() -> Result<(), ()> { return; }",
    "async fn main() { std::fs::read(\"config\")?; }",
    "async fn main() -> Result<(), std::num::ParseIntError> { std::fs::read(\"config\")?; Ok(()) }",
    "async fn main() -> Result<(), std::io::Error> { std::fs::read(\"config\")? }",
    "async fn main() { let x: u8 = \"1\"; }",
    "async fn main() { std::fs::read(\"config\").await; }",
    "async fn main() { let f = || std::future::ready(()).await; }",
    "async fn main() { 1 + \"1\"; \"a\" - 1; }",
    "async fn main() { String::new().missing(); }",
    "async fn main() { String::new(1); }",
    "async fn main() { let x = Vec::new(); }",
    "async fn main() { struct S { a: u8 } S { b: 1 }; }",
    "async fn main() { match Some(1) { Some(x) => x } }",
    "async fn main() { loop { break 1; } }",
    "async fn main() { let x = 1; x = 2; x.y; }",
    "async fn main() -> ! { }",
    "async fn main() -> impl std::process::Termination { if true { () } else { \"\" } }",
];

const BORROWED: [&str; 6] = [
    "async fn main() { let a = String::new(); drop(a); drop(a); }",
    "async fn main() { let a = 1; a = 2; }",
    "async fn main() { let a = String::new(); let b = &mut a; }",
    "async fn main() { let a; { let b = 1; a = &b; } drop(a); }",
    "async fn main() { let a: u8; drop(a); }",
    "async fn main() { let mut a = vec![1]; let b = &a[0]; a.push(2); drop(b); }",
];

const LINTED: [&str; 6] = [
    "async fn main() { let x = 1; }",
    "async fn main() { \"1\".parse::<u8>(); }",
    "async fn main() { return; println!(); }",
    "async fn main() { let mut x = 1; drop(x); }",
    "async fn main() { std::future::ready(()); }",
    "async fn main() { unsafe {} if (true) {} }",
];

/// What the attribute itself refuses: `option` is in its place.
const REFUSED: [(&str, &str); 16] = [
    ("", "async fn main(argument: u8) {}"),
    ("", "async fn main<T>() {}"),
    ("", "async fn main() where u8: Copy {}"),
    ("", "fn main() {}"),
    ("", "const async fn main() {}"),
    ("", "async unsafe fn main() {}"),
    ("", "async extern \"C\" fn main() {}"),
    ("", "struct Main;"),
    ("(flavor = \"single_thread\")", "async fn main() {}"),
    ("(flavor = current_thread)", "async fn main() {}"),
    ("(flavour = \"local\")", "async fn main() {}"),
    ("(worker_threads = 0)", "async fn main() {}"),
    ("(worker_threads = \"4\")", "async fn main() {}"),
    (
        "(flavor = \"local\", worker_threads = 2)",
        "async fn main() {}",
    ),
    ("(start_paused = true)", "async fn main() {}"),
    ("(crate = \"missing::path\")", "async fn main() {}"),
];

/// The harness calls a test in a way that rustc then finds unreachable.
const NO_TEST: &str = "async fn main() -> ! { }";

#[test]
fn of_main() {
    same_as_plain("bodies-of-main", "#[graceful::main]", "main", |message| {
        message["rendered"].as_str().unwrap().to_owned()
    });
}

#[test]
fn of_other_functions() {
    same_as_plain("bodies-of-functions", "#[graceful::main]", "work", headline);
}

#[test]
fn of_tests() {
    same_as_plain("bodies-of-tests", "#[graceful::test]", "work", headline);
}

/// A program with a mistake has no more errors under ours than under tokio's attribute.
#[test]
fn no_worse_than_under_tokio() {
    if !is_known_compiler() {
        return;
    }
    let written = |bodies: &[&'static str]| -> Vec<_> {
        let bodies = bodies.iter().map(|body| ("", *body));
        bodies.collect()
    };
    let passes = [
        ("refused", REFUSED.to_vec()),
        ("resolved", written(&RESOLVED)),
        ("typed", written(&TYPED)),
        ("borrowed", written(&BORROWED)),
    ];
    let mut package = Package::new("bodies-of-both", "2024");
    for (pass, cases) in &passes {
        for (kind, attribute) in [("tokio", "tokio::main"), ("ours", "graceful::main")] {
            // Each on a line of its own, and the crate's `main` on the first.
            let cases = cases.iter().enumerate().map(|(index, (options, item))| {
                format!("mod case_{index} {{ #[{attribute}{options}] {item} }}\n")
            });
            let program = format!("fn main() {{}}\n{}", cases.collect::<String>());
            package.text(&format!("{pass}_{kind}"), &program);
        }
    }
    let said = package.messages(&["check"]);
    let errors = |program: &str, line: u64| {
        let errors = said.iter().filter(|(name, message)| {
            let is_error = message["level"] == "error";
            *name == program
                && is_error
                && placed(message, headline).is_some_and(|(at, _)| at == line)
        });
        errors.count()
    };
    let mut worse = Vec::new();
    for (pass, cases) in &passes {
        for (line, case) in (2..).zip(cases) {
            let (tokio, ours) = (
                errors(&format!("{pass}_tokio"), line),
                errors(&format!("{pass}_ours"), line),
            );
            if ours == 0 || ours > tokio.max(1) {
                worse.push(format!("{case:?}: {ours} errors, tokio {tokio}"));
            }
        }
    }
    assert!(worse.is_empty(), "{worse:#?}");
}

/// A nested function could not name what surrounds it, so the body is an `async` block: rustc calls it so, and shows the
/// return type in a note where it would have been a label.
fn headline(message: &Value) -> String {
    let headline = message["message"].as_str().unwrap();
    format!("{}: {headline}\n", message["code"]["code"]).replace("async block", "async function")
}

fn same_as_plain(name: &str, attribute: &str, function: &str, words: fn(&Value) -> String) {
    if !is_known_compiler() {
        return;
    }
    let is_test = attribute.ends_with("::test]");
    let passes = [
        ("resolved", &RESOLVED[..]),
        ("typed", &TYPED),
        ("borrowed", &BORROWED),
        ("linted", &LINTED),
    ]
    .map(|(pass, bodies)| {
        let bodies = bodies.iter().copied();
        let bodies: Vec<_> = bodies
            .filter(|body| !(is_test && *body == NO_TEST))
            .collect();
        (pass, bodies)
    });
    let mut differing = Vec::new();
    let mut package = Package::new(name, "2024");
    for (pass, bodies) in &passes {
        for (kind, attribute) in [("plain", ""), ("entry", attribute)] {
            let program = program(bodies, attribute, function);
            package.text(&format!("{pass}_{kind}"), &program);
        }
    }
    let said = package.messages(&["check", "--profile", "test"]);
    for (pass, bodies) in &passes {
        let of = |kind: &str| -> Vec<(u64, String)> {
            let program = format!("{pass}_{kind}");
            let messages = said.iter().filter(|(name, _)| *name == program);
            let mut said: Vec<_> = messages
                .filter_map(|(_, message)| placed(message, words))
                .collect();
            said.sort();
            said
        };
        let (plain, entry) = (of("plain"), of("entry"));
        assert!(plain.len() >= bodies.len(), "{pass}: {plain:#?}");
        for (index, body) in bodies.iter().enumerate() {
            let line = line(index);
            let on_line = |said: &[(u64, String)]| -> String {
                let said = said.iter().filter(|(at, _)| *at == line);
                said.map(|(_, text)| text.as_str()).collect()
            };
            let (plain, entry) = (on_line(&plain), on_line(&entry));
            if plain != entry {
                differing.push(format!("{body}\n-- plain --\n{plain}\n-- ours --\n{entry}"));
            }
        }
        assert_eq!(entry.len(), plain.len(), "{pass}: {}", differing.join("\n"));
    }
    assert!(differing.is_empty(), "{}", differing.join("\n"));
}

/// Where it is, and what it says.
fn placed(message: &Value, words: fn(&Value) -> String) -> Option<(u64, String)> {
    let spans = message["spans"].as_array().unwrap();
    let primary = spans.iter().find(|span| span["is_primary"] == true)?;
    let file = primary["file_name"].as_str()?;
    Some((
        primary["line_start"].as_u64()?,
        words(message).replace(file, "program.rs"),
    ))
}

/// Each body in a module of its own, on the same line in both programs.
fn program(bodies: &[&str], attribute: &str, function: &str) -> String {
    let mut program = String::from("#![deny(warnings)]\n#![allow(dead_code)]\nfn main() {}\n");
    for (index, body) in bodies.iter().enumerate() {
        let item = body.replacen("main", function, 1);
        write!(program, "mod case_{index} {{\n{attribute}\n{item}\n}}\n").unwrap();
    }
    program
}

/// Of the body with this index.
fn line(index: usize) -> u64 {
    6 + 4 * index as u64
}
