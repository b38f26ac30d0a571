"""The engine's model specifications, without PyTorch.

``ctranslate2.specs`` imports torch where it is installed, to accept its tensors too. That takes
more time and memory than many conversions, which have no use for it.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager

from s2scli.addressspace import require_folder

__all__ = ["common_spec", "model_spec", "transformer_spec"]


@contextmanager
def _hidden(name: str) -> Iterator[None]:
    """Let a package seem not installed, unless it is loaded already."""
    if name in sys.modules:
        yield
        return
    sys.modules[name] = None  # type: ignore[assignment]
    try:
        yield
    finally:
        del sys.modules[name]


require_folder()
with _hidden("torch"):
    from ctranslate2.specs import common_spec, model_spec, transformer_spec
