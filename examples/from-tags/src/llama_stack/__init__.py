"""One server for many model providers."""

from llama_stack._version import __version__


def main() -> None:
    print(f"llama-stack {__version__}")
