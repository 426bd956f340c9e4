// struct Service(u8);
// impl Service {
//     #[graceful::main(crate = graceful)]
//     pub async fn run(&mut self, (a, b): (u8, u8)) {
//         self.0 += a + b;
//     }
// }

struct Service(u8);
impl Service {
    pub fn run(&mut self, (a, b): (u8, u8)) {
        let __graceful_future = async move {
            if false {
                return;
            }
            self.0 += a + b;
        };
        {
            use graceful::macros_of_graceful as __graceful;
            use __graceful::kinds::*;
            return __graceful::run(
                __graceful::Builder::multi_thread(),
                __graceful_future,
            );
        }
    }
}
