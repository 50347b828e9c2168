# the build writes the tag's version here
__version__ = "0.4.5.dev0"
