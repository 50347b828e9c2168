#[no_mangle]
pub extern "C" fn run_none(start: i64) -> i64 {
    nemo_flow::run(start, &[])
}
