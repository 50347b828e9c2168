"""Memory for agents: beliefs that are kept, and may change."""

from omi.store import Belief, Store

__version__ = "0.3.0"

__all__ = ["Belief", "Store"]
