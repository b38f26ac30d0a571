"""The README.md of an exported checkpoint: licence and where the training text comes from."""

from __future__ import annotations

__all__ = ["CARD"]

CARD = """---
license: cc-by-sa-4.0
language: [en, de]
---
Training data: Tatoeba (tatoeba.org), CC BY 2.0 FR, English–German pairs by way of
manythings.org/anki, and parallel text of public documentation and user interfaces; their sources,
licences and attributions are in NOTICE.
"""
