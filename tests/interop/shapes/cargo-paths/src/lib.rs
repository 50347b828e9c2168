pub use quill_buffer::Buffer;
