fn main() {
    println!("{}", tide_core::version());
}
