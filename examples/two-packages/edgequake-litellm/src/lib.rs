use edgequake_llm::{Echo, Provider};

/// Length of the echo of a prompt of `len` blanks.
#[no_mangle]
pub extern "C" fn edgequake_echo_len(len: usize) -> usize {
    Echo.complete(&" ".repeat(len)).len()
}
