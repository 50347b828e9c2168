"""Flow graphs: named steps, run in order."""

from importlib.metadata import version

__version__ = version("nemo-flow")
