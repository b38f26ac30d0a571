"""Which parts of a text are added tokens: as ``PreTrainedTokenizer.tokenize`` has it."""

from __future__ import annotations

import pytest

from s2scli.inference.tokenizers.added import AddedTokens
from s2scli.models.manifest import AddedToken, TokenizerRecipe

TOKENS = (
    AddedToken("W", single_word=True),
    AddedToken("L", lstrip=True),
    AddedToken("R", rstrip=True),
    AddedToken("B", lstrip=True, rstrip=True, single_word=True),
    AddedToken("\n"),
    AddedToken("LR"),
)


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("a W b", ["a ", "<W>", " b"]),
        ("aW W.", ["aW", " ", "W."]),
        ("WW W", ["WW", " ", "<W>"]),
        ("WWW", ["WWW"]),
        ("a  L  b", ["a", "<L>", "  b"]),
        ("a  R  b", ["a  ", "<R>", "b"]),
        ("a LR b", ["a ", "<LR>", " b"]),
        ("a\nL", ["a", "<L>"]),  # white space that is a token is white space too
        ("R\n\nb", ["<R>", "<\n>", "b"]),
        ("R \n", ["<R>", "<\n>"]),
        ("\tB", ["<B>"]),  # nothing is left of what was beside it
        ("B\t", ["<B>"]),
        ("x\nB", ["x", "<B>"]),
        ("B B", ["<B>", "<B>"]),
        ("", []),
    ],
)
def test_parts_of_a_text(text: str, parts: list[str]) -> None:
    added = AddedTokens(
        TokenizerRecipe(
            kind="sentencepiece",
            source="s",
            target="s",
            prefix=(),
            suffix=(),
            target_prefix=(),
            end="</s>",
            special=(),
            added=TOKENS,
        )
    )
    found = [(text[part.start : part.end], part.token) for part in added.parts(text)]
    assert [f"<{content}>" if token else content for content, token in found] == parts
