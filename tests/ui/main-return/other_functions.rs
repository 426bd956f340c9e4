//! Not `main`: the same mistakes, one error each.

struct Server(u16);

impl Server {
    #[graceful::main]
    async fn missing_semicolon(&self) {
        Ok(())
    }

    #[graceful::main]
    async fn extra_semicolon(&self) -> Result<(), ()> {
        Ok(());
    }

    #[graceful::main]
    async fn wrong_type(&self) -> Result<u16, String> {
        self.0
    }

    #[graceful::main]
    async fn question_mark(&self) {
        std::fs::read("config")?;
    }
}

fn main() {}

// errors: 4
