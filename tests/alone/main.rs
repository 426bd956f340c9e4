//! No tokio of its own, none of its features asked for, an edition that is old.

#[path = "../programs/shapes/part.rs"]
mod part;

use part::{ready_once_running, App};

struct Settings {
    r#async: bool,
}

impl Settings {
    #[graceful::main(flavor = "current_thread")]
    async fn load(&self) -> bool {
        self.r#async
    }
}

#[graceful::main(flavor = "current_thread")]
async fn main() -> Result<App, Box<dyn std::error::Error>> {
    let settings = Settings { r#async: true };
    let loaded = std::thread::spawn(move || settings.load()).join();
    println!("loaded {:?}", loaded.ok());
    ready_once_running();
    Ok(App::new())
}
