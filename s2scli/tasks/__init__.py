"""What a user asks for, as functions over the layers below.

``STRATEGIES`` are the ways to summarize a text that is longer than the model reads: name → what is
done.
"""

from __future__ import annotations

__all__ = ["STRATEGIES"]

STRATEGIES = {
    "hierarchical": "summarize the parts, then their summaries together, until one is left",
    "per-chunk": "summarize the parts and put their summaries one below the other",
    "lead": "summarize only what fits into the model from the beginning",
}
