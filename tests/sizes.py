"""How large an input is that a test makes large.

A tenth or a sixth of it is tried always. That is enough for recursion, for limits of nesting and
for what comes out; work that grows with the square of a size shows with all of it, among the slow
tests.
"""

from __future__ import annotations

import pytest

__all__ = ["SIXTHS", "TENTHS"]

SIXTHS = [1, pytest.param(6, marks=pytest.mark.slow)]
TENTHS = [1, pytest.param(10, marks=pytest.mark.slow)]
