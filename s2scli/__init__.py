"""s2s: translate, summarize and score text from the shell."""

__version__ = "0.1.0"
__all__ = ["__version__"]
