use graceful::Shutdown;

struct ConfigError;

#[derive(Shutdown)]
#[shutdown(nothing)]
struct App;

mod state {
    #[graceful::main]
    async fn main() -> Result<super::App, super::ConfigError> {
        Ok(super::App)
    }
}

#[graceful::main]
async fn main() -> Result<(), ConfigError> {
    Ok(())
}

// errors: 2
