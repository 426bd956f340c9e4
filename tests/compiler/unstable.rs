//! What tokio has only with `--cfg tokio_unstable`.

use crate::compiler::package::Package;
use std::process::Command;

const PROGRAM: &str = r#"
#![deny(warnings)]

use std::panic::catch_unwind;
use std::process::ExitCode;

#[graceful::main(flavor = "local", unhandled_panic = "ignore")]
async fn that_goes_on() -> bool {
    tokio::spawn(async { panic!("nobody minds") }).await.is_err()
}

#[graceful::main(flavor = "current_thread", unhandled_panic = "shutdown_runtime")]
async fn that_ends() {
    tokio::spawn(async { panic!("the last one") });
    std::future::pending::<()>().await;
}

/// It must not unwind out of its task, which would end the runtime before the closes.
#[graceful::main(flavor = "current_thread", unhandled_panic = "shutdown_runtime")]
async fn main() -> ExitCode {
    let goes_on = std::thread::spawn(that_goes_on).join();
    let ends = std::thread::spawn(|| catch_unwind(that_ends).is_err()).join();
    graceful::defer("marks", move |_| async move {
        println!("{:?} {:?}", goes_on.ok(), ends.ok());
    });
    tokio::spawn(async { graceful::exit(7).await });
    std::future::pending().await
}

#[graceful::test(unhandled_panic = "shutdown_runtime")]
async fn a_test() {}
"#;

/// tokio is built once more for it.
#[test]
#[ignore = "takes 23 s of a processor, and a target folder of its own"]
fn a_panic_ends_the_runtime_or_does_not() {
    let features = ["macros", "rt-multi-thread", "test-util"];
    let mut package = Package::of_tokio("unstable", "2024", "graceful", &features)
        .with("RUSTFLAGS", "--cfg tokio_unstable");
    package.text("unstable", PROGRAM);
    let output = Command::new(package.build().join("unstable")).output();
    let output = output.unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(7), "{said}");
    assert_eq!(output.stdout, b"Some(true) Some(true)\n", "{said}");
}
