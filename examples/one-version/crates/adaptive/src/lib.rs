//! Runs a step again until the value settles.

pub fn settle(start: i64, step: fn(i64) -> i64) -> i64 {
    match nemo_flow::run(start, &[step]) {
        next if next == start => next,
        next => settle(next, step),
    }
}
