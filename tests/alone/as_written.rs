//! A `main` whose type stays as it is written: `as_written <row>`.

use graceful::Shutdown;

struct Db {
    closes: bool,
}

impl Db {
    fn close(&self) -> Result<(), String> {
        println!("closed db");
        self.closes.then_some(()).ok_or_else(|| "lost".to_owned())
    }
}

#[derive(Shutdown)]
struct App {
    #[shutdown(method = close)]
    db: Option<Db>,
}

#[graceful::main(flavor = "current_thread")]
async fn main() -> Result<(), String> {
    let row = std::env::args().nth(1).unwrap_or_default();
    let closes = row != "close fails";
    drop(graceful::manage(App {
        db: Some(Db { closes }),
    }));
    if row == "fails" {
        return Err("no disk".to_owned());
    }
    Ok(())
}

#[test]
fn its_value_is_its_callers() {
    assert_eq!(main(), Ok(()));
}
