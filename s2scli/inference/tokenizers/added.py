"""Added tokens in texts, found as transformers does (``PreTrainedTokenizer.tokenize``, 4.57).

What a text holds stays text: only added tokens that are not special are found in it. A prompt may
hold special ones, which are written as marks there: signs that no text contains.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from s2scli.models.manifest import AddedToken, TokenizerRecipe

__all__ = ["AddedTokens", "TextPart", "marked", "marks_of"]

# Two noncharacters, which Unicode keeps for what programs need inside (U+FDD0 ff.), and a number
# that nobody who writes a text can know.
_BEGIN, _END = f"\ufdd0{os.urandom(8).hex()}.", "\ufdd1"


def _mark(token: str) -> str:
    return f"{_BEGIN}{token.encode().hex()}{_END}"


def marked(text: str, special: Iterable[str]) -> str:
    """A text in which marks stand in the place of special tokens."""
    names = _either(special)
    return names.sub(lambda match: _mark(match[0]), text) if names else text


def marks_of(recipe: TokenizerRecipe) -> dict[str, AddedToken]:
    """By mark, the special tokens of a tokenizer."""
    known = {token.content: token for token in recipe.added}
    special = (
        replace(known.get(name, AddedToken(name)), special=True, normalized=False)
        for name in recipe.control_tokens
    )
    return {_mark(token.content): token for token in special}


@dataclass(slots=True)
class TextPart:
    """A stretch of a text.

    Attributes:
        start: its first character.
        end: the character after its last.
        token: the added token that it is; None for what the tokenizer's file is asked.
    """

    start: int
    end: int
    token: AddedToken | None = None


class AddedTokens:
    """Finds a tokenizer's added tokens, and the special ones of a prompt by their marks.

    Args:
        recipe: of the tokenizer.
    """

    def __init__(self, recipe: TokenizerRecipe) -> None:
        control = recipe.control_tokens
        self.plain = {t.content: t for t in recipe.added if t.content not in control}
        self.marks = marks_of(recipe)
        self._in_texts = _either(self.plain)
        self._in_prompts = _either((*self.plain, *self.marks))

    def holds_marks(self, text: str) -> bool:
        """Whether a text is a prompt with special tokens."""
        return _BEGIN in text

    def found_in(self, text: str) -> bool:
        """Whether a text has any of them."""
        return self._pattern(text) is not None

    def _pattern(self, text: str) -> re.Pattern[str] | None:
        return self._in_prompts if _BEGIN in text else self._in_texts

    def parts(self, text: str) -> list[TextPart]:
        """A text in parts; white space that an added token takes is in none of them."""
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
        return [part for part in parts if part.start < part.end]

    def runs(self, tokens: Iterable[str]) -> list[list[str]]:
        """Target tokens in runs: each of the added ones by itself, the others together."""
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
    """Take the white space beside a token, or let it go where it may be no part of a word."""
    part = parts[number]
    left = parts[number - 1] if number else None
    right = parts[number + 1] if number + 1 < len(parts) else None
    before, after = text[part.start - 1 : part.start], text[part.end : part.end + 1]
    if token.rstrip and right and right.token is None:
        right.start += len(text[right.start : right.end]) - len(
            text[right.start : right.end].lstrip()
        )
    if token.lstrip and left and left.token is None:
        left.end = left.start + len(text[left.start : left.end].rstrip())
    if token.single_word and left and before != " ":
        left.end, left.token = part.end, None
        part.end = part.start
    elif token.single_word and right and after != " ":
        right.start, right.token = part.start, None
        part.end = part.start


def _either(names: Iterable[str]) -> re.Pattern[str] | None:
    """A pattern that finds the longest of some names."""
    longest: Sequence[str] = sorted(names, key=len, reverse=True)
    return re.compile("|".join(map(re.escape, longest))) if longest else None
