//! Add to Cargo.toml: `tide-core = "1.2"`
pub fn version() -> &'static str {
    env!("CARGO_PKG_VERSION")
}
