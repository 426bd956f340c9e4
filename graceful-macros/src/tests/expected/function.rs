// #[graceful::main(flavor = "local")]
// pub async fn run<T: ToString>(value: &T) -> Result<String, std::io::Error> {
//     serve().await;
//     Ok(value.to_string())
// }

pub fn run<T: ToString>(value: &T) -> Result<String, std::io::Error> {
    let __graceful_future = async move {
        #[allow(unreachable_code)]
        if false {
            let __graceful_output: Result<String, std::io::Error> = loop {};
            return __graceful_output;
        }
        serve().await;
        Ok(value.to_string())
    };
    {
        use ::graceful::macros_of_graceful as __graceful;
        use __graceful::kinds::*;
        let __graceful_handed: ([Result<String, std::io::Error>; 0],) = ([],);
        (&&&__graceful::Handed::of(&__graceful_handed.0))
            .handed_kind()
            .check(__graceful_handed.0);
        return __graceful::run(__graceful::Builder::local(), __graceful_future);
    }
}
