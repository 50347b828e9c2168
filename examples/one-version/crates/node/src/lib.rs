pub use nemo_flow_ffi::nemo_flow_run_none;
