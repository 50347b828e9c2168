"""What a provider of Llama Stack has to offer."""

from typing import Protocol


class Provider(Protocol):
    def complete(self, prompt: str) -> str: ...
