//! One interface to many language models.

/// A place that answers prompts.
pub trait Provider {
    fn complete(&self, prompt: &str) -> String;
}

/// Answers with the prompt itself: for tests.
pub struct Echo;

impl Provider for Echo {
    fn complete(&self, prompt: &str) -> String {
        prompt.to_owned()
    }
}
