"""The version of s2s, for whoever writes it down: no other module stands below it."""

from __future__ import annotations

__all__ = ["__version__"]

__version__ = "0.1.0"
