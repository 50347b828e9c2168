pub fn line(text: &str) {
    eprintln!("{text}");
}
