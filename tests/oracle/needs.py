"""Marks of the tests that compare with a reference implementation."""

from __future__ import annotations

import importlib.util

import pytest

__all__ = ["needs"]


def needs(*packages: str) -> list[pytest.MarkDecorator]:
    """The marks of a module whose tests need some packages of the extra "oracle"."""
    missing = [name for name in packages if importlib.util.find_spec(name) is None]
    return [
        pytest.mark.oracle,
        pytest.mark.skipif(
            bool(missing), reason=f"needs the extra 'oracle' ({', '.join(packages)})"
        ),
        pytest.mark.filterwarnings("default"),
    ]
