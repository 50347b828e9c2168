"""One interface to many language models."""

from importlib.metadata import version

__version__ = version("edgequake-litellm")
