"""Added tokens in texts, found as in transformers 4.57 (``PreTrainedTokenizer.tokenize``).

In a text, only added tokens that are not special are found; special ones stay text. A prompt may
contain special tokens, written as marks: character sequences that no text contains.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Sequence
from functools import cached_property

from s2scli.models.manifest import AddedToken, TokenizerRecipe

__all__ = ["AddedTokens", "TextPart", "marked", "marks_of"]

# Two noncharacters, which Unicode reserves for internal use (U+FDD0 to U+FDEF), and a random number
# that no author of a text can know.
_BEGIN, _END = f"\ufdd0{os.urandom(8).hex()}.", "\ufdd1"


def _mark(token: str) -> str:
    return f"{_BEGIN}{token.encode().hex()}{_END}"


def marked(text: str, special: Iterable[str]) -> str:
    """A text with its special tokens replaced by marks."""
    names = _either(special) if text else None
    return names.sub(lambda match: _mark(match[0]), text) if names else text


def marks_of(recipe: TokenizerRecipe) -> dict[str, AddedToken]:
    """The special tokens of a tokenizer by their marks."""
    known = {token.content: token for token in recipe.added}
    special = (
        known.get(name, AddedToken(name))._replace(special=True, normalized=False)
        for name in recipe.control_tokens
    )
    return {_mark(token.content): token for token in special}


class TextPart:
    """A stretch of a text.

    Attributes:
        start: its first character.
        end: the character after its last.
        token: the added token that it is; None for text that the tokenizer file splits.
    """

    __slots__ = ("end", "start", "token")

    def __init__(self, start: int, end: int, token: AddedToken | None = None) -> None:
        self.start = start
        self.end = end
        self.token = token

    def cut(self, start: int, end: int) -> None:
        """Begin and end elsewhere; a token is one no more."""
        if (start, end) != (self.start, self.end):
            self.start, self.end, self.token = start, end, None

    def join(self, token: TextPart) -> None:
        """Take up a token beside it: as text, or as it is if nothing else is left here."""
        if self.start == self.end:
            self.start, self.end, self.token = token.start, token.end, token.token
        else:
            self.cut(min(self.start, token.start), max(self.end, token.end))
        token.end = token.start


class AddedTokens:
    """Finds a tokenizer's added tokens, and the special tokens of a prompt by their marks.

    Args:
        recipe: the tokenizer's recipe.
    """

    def __init__(self, recipe: TokenizerRecipe) -> None:
        control = recipe.control_tokens
        self.plain = {t.content: t for t in recipe.added if t.content not in control}
        self.marks = marks_of(recipe)
        self._in_texts = _either(self.plain)

    @cached_property
    def _in_prompts(self) -> re.Pattern[str] | None:
        return _either((*self.plain, *self.marks))

    def holds_marks(self, text: str) -> bool:
        """Whether a text is a prompt with special tokens."""
        return _BEGIN in text

    def found_in(self, text: str) -> bool:
        """Whether a text contains added tokens."""
        return self._pattern(text) is not None

    def _pattern(self, text: str) -> re.Pattern[str] | None:
        return self._in_prompts if _BEGIN in text else self._in_texts

    def parts(self, text: str) -> list[TextPart]:
        """Split a text at added tokens; white space that an added token absorbs is dropped."""
        pattern = self._pattern(text)
        parts: list[TextPart] = []
        end = 0
        for match in pattern.finditer(text) if pattern else ():
            if end < match.start():
                parts.append(TextPart(end, match.start()))
            token = self.plain.get(match[0]) or self.marks[match[0]]
            parts.append(TextPart(match.start(), match.end(), token))
            end = match.end()
        if end < len(text):
            parts.append(TextPart(end, len(text)))
        for number, part in enumerate(parts):
            if part.token is not None:
                _take_neighbours(text, parts, number, part.token)
        for part in parts:  # what is left of some may be a token again
            part.token = part.token or self.plain.get(text[part.start : part.end])
        return [part for part in parts if part.start < part.end]

    def runs(self, tokens: Iterable[str]) -> list[list[str]]:
        """Split target tokens into runs: each added token alone, the others together."""
        runs: list[list[str]] = []
        open_run = False
        for token in tokens:
            if token in self.plain:
                runs.append([token])
                open_run = False
            elif open_run:
                runs[-1].append(token)
            else:
                runs.append([token])
                open_run = True
        return runs


def _take_neighbours(text: str, parts: list[TextPart], number: int, token: AddedToken) -> None:
    """Absorb the white space beside a token; one inside a word becomes text again.

    White space may be a token of its own. What neighbours have lost already counts no more.
    """
    part = parts[number]
    left = parts[number - 1] if number else None
    right = parts[number + 1] if number + 1 < len(parts) else None
    before = text[left.start : left.end][-1:] if left else ""
    after = text[right.start : right.end][:1] if right else ""
    if token.rstrip and right:
        inner = text[right.start : right.end]
        right.cut(right.end - len(inner.lstrip()), right.end)
    if token.lstrip and left:
        inner = text[left.start : left.end]
        left.cut(left.start, left.start + len(inner.rstrip()))
    if token.single_word and left and before not in ("", " "):
        left.join(part)
    elif token.single_word and right and after not in ("", " "):
        right.join(part)


def _either(names: Iterable[str]) -> re.Pattern[str] | None:
    """A pattern that matches the longest of several names."""
    longest: Sequence[str] = sorted(names, key=len, reverse=True)
    return re.compile("|".join(map(re.escape, longest))) if longest else None
