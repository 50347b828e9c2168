pub use nemo_flow::run;
