"""Which lines of plain text are read as one."""

from __future__ import annotations

import pytest

from s2scli.text.blocks import blocks

LONG = "A text that is about as long as lines are in most of the letters"


@pytest.mark.parametrize(
    "whole",
    [
        # Items, sections and fields whose text goes on below where it began.
        f"(1) {LONG}\n    goes on.",
        f"1.1  {LONG}\n     goes on,\n     and on.",
        f"§ 1 {LONG}\n    goes on.",
        f"Q:  {LONG}\n    goes on.",
        f"Place:    {LONG}\n          goes on.",
        f"-f FILE   {LONG}\n          goes on.",
        f"     1.3. {LONG} or the\n     combination of that and all else.",
        # What a sentence lists.
        f"{LONG}, (a) one thing, (b) another one, and\n(c) a third.",
    ],
)
def test_one_text(whole: str) -> None:
    (block,) = blocks(whole)
    assert (block.start, block.end) == (0, len(whole))


@pytest.mark.parametrize(
    "text",
    [
        "Step 1: Open it.\nStep 2: Close it, and wait here until all of the lights are on.",
        "It is all that we have, and so we say it here.\nOpening hours: 9 to 5",
        f"[1] {LONG}\n[2] Smith",
        f"[00:00:05] ANNA: {LONG}\n[00:00:09] BEN: No",
        f"^1 {LONG}\n^2 Here",
        f"o {LONG}\no Here",
        "Encl.: 5\ncc: Jane Doe",
        "Children under 4 .................. free\nFamilies (2 adults) .. $32.00",
        f"{LONG}:\n(a) a dog\n(b) a cat",
        "Files:  a/b\n        c/d\n        e.txt",
        "Office:   5 Main Street\n          London",
        "2.1 The rent is due now.\n2.2 It is 5.",
    ],
)
def test_a_text_a_line(text: str) -> None:
    found = [text[block.start : block.end].strip() for block in blocks(text)]
    assert found == [line.strip() for line in text.split("\n")]
