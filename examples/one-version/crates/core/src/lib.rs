//! Flow graphs: named steps, run in order.

/// Runs each step on the value of the one before.
pub fn run(start: i64, steps: &[fn(i64) -> i64]) -> i64 {
    tinylog::line("run");
    steps.iter().fold(start, |value, step| step(value))
}

/// The version of this crate, as Cargo knows it.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");
