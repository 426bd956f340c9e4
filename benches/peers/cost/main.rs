//! What a stop costs inside of a process: `cost guards|drain|closes <kind> <count>` prints its figures.
//!
//! A process stops once. So each figure is that of a process of its own, in which nothing is warm.

mod closes;
mod drain;
mod guards;

fn main() {
    let arguments: Vec<String> = std::env::args().collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let [what, kind, count] = arguments[1..] else {
        panic!("called as `cost guards|drain|closes <kind> <count>`");
    };
    let count = count.parse().expect("a number");
    match what {
        "guards" => guards::measure(kind, count),
        "drain" => drain::measure(kind, count),
        "closes" => closes::measure(kind, count),
        _ => panic!("no such figure: {what}"),
    }
}
