fn main() {
    quill_tables::check();
}
