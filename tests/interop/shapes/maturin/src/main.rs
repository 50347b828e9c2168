fn main() {
    println!("brisk {}", env!("CARGO_PKG_VERSION"));
}
