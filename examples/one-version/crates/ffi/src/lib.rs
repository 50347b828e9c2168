//! C interface: plain functions, plain numbers.

#[no_mangle]
pub extern "C" fn nemo_flow_run_none(start: i64) -> i64 {
    nemo_flow::run(start, &[])
}
