"""Tokenization by ``tokenizer.json``, with the library ``tokenizers``."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cached_property
from itertools import chain, pairwise
from pathlib import Path

import tokenizers

from s2scli.data import Span
from s2scli.errors import InvalidModelError
from s2scli.inference.tokenizers.added import AddedTokens, TextPart
from s2scli.inference.tokenizers.bytes import UNKNOWN, whole_letters, without_bytes
from s2scli.inference.tokenizers.pieces import WORD
from s2scli.inference.tokenizers.spellings import marked_ways, ways
from s2scli.models.manifest import AddedToken, TokenizerRecipe

__all__ = ["JsonTokenizer"]

# Characters that no vocabulary has: a noncharacter, which some tokenizers leave out, and cuneiform.
SPACE = "Ġ"  # GPT-2's letter for a space
STRANGE = "\U0010fffd \U00012000"


class JsonTokenizer:
    """Tokens as strings. The file has no special tokens, so none is found in a text.

    Args:
        recipe: names the files of source and target, which may be the same.
        directory: the model directory.
    """

    def __init__(self, recipe: TokenizerRecipe, directory: Path) -> None:
        self._path = directory / recipe.source
        self._special = recipe.control_tokens
        self._added = AddedTokens(recipe)
        self._spaced = recipe.spaced
        self._lead = recipe.lead
        self._led = tuple(self._added.plain) if recipe.lead else ()
        self._first_is_word = recipe.prepend_scheme == "first"
        self._texts = self._open({})
        if self._texts.decoder is None:
            raise InvalidModelError(f"{self._path} does not say how tokens become text")
        self._letters_are_bytes = self._texts.decoder.decode(["Ã©"]) == "é"
        # Tokens that the file itself makes of text which looks like them: as a rule, none. What
        # stands for a character that it does not know is made of others too.
        unknown = {self._texts.id_to_token(n) for n in self._texts.encode(STRANGE).ids}
        others = (token for token in self._special if token not in unknown)
        self._misread = frozenset(t for t in others if t in self._texts.encode(t).tokens)
        self._names = self._names_of(self._texts) if self._added.plain or self._misread else {}
        self._target = self
        if recipe.target != recipe.source:
            self._target = JsonTokenizer(recipe._replace(source=recipe.target), directory)

    def _open(self, marks: dict[str, AddedToken]) -> tokenizers.Tokenizer:
        """The tokenizer with its added tokens, and special ones that marks stand for."""
        try:
            found = tokenizers.Tokenizer.from_file(str(self._path))
        except Exception as error:  # the library raises plain exceptions
            raise InvalidModelError(
                f"{self._path} is missing or is not a tokenizer: {error}",
                "Convert the model again.",
            ) from error
        if self._spaced:
            return found
        found.add_tokens([_entry(t, t.content) for t in self._added.plain.values()])
        found.add_special_tokens([_entry(token, mark) for mark, token in marks.items()])
        return found

    def _names_of(self, tokenizer: tokenizers.Tokenizer) -> dict[int, tuple[str, ...]]:
        """The token of each id; spelled as letters if it would be misread."""
        vocabulary = tokenizer.get_vocab().items()
        return {n: tuple(t) if t in self._misread else (t,) for t, n in vocabulary}

    @cached_property
    def _prompts(self) -> tuple[tokenizers.Tokenizer, dict[int, tuple[str, ...]]]:
        """The tokenizer for prompts with special tokens, and its tokens by id."""
        marks = self._added.marks
        tokenizer = self._open(marks)
        names = self._names_of(tokenizer)
        own = {n: (marks[name].content,) for n, (name, *_) in names.items() if name in marks}
        return tokenizer, names | own

    def encode(self, texts: Sequence[str]) -> list[list[str]]:
        """The tokens of each text."""
        return self._tokens_of([self._after_prefix(text) for text in texts])

    def _after_prefix(self, text: str) -> str:
        """A source with what stands before it, if it begins with an added token."""
        return self._lead + text if self._led and text.startswith(self._led) else text

    def _tokens_of(self, texts: Sequence[str]) -> list[list[str]]:
        if self._spaced:
            return [self._in_parts(text) for text in texts]
        if any(self._added.holds_marks(text) for text in texts):
            tokenizer, names = self._prompts
        else:
            tokenizer, names = self._texts, self._names
        encodings = tokenizer.encode_batch(list(texts))
        if not names:
            return [encoding.tokens for encoding in encodings]
        # An added token in ``tokens`` may include white space that it absorbed.
        return [list(chain.from_iterable(map(names.__getitem__, e.ids))) for e in encodings]

    def encode_targets(self, texts: Sequence[str]) -> list[list[str]]:
        """The target tokens of each text."""
        return self._target._tokens_of(texts)

    def spellings(self, word: str) -> list[tuple[str, ...]]:
        """The ways to write a word, with and without the sign of a word's beginning."""
        return self._target._ways(word)

    def _ways(self, word: str) -> list[tuple[str, ...]]:
        tokens = self._tokens_of([word])[0]
        if not isinstance(self._texts.model, tokenizers.models.WordPiece):
            return marked_ways(tokens, SPACE if self._letters_are_bytes else WORD, self._is_known)
        inner = self._texts.model.continuing_subword_prefix
        letters = "".join(token.removeprefix(inner) for token in tokens)
        if len(word.split()) > 1:  # nothing marks where the second word begins
            return [tuple(tokens)]
        within = ways(letters, lambda piece: self._is_known(f"{inner}{piece}"))
        return ways(letters, self._is_known, inner) + [
            tuple(f"{inner}{piece}" for piece in way) for way in within
        ]

    def _is_known(self, token: str) -> bool:
        return self._texts.token_to_id(token) is not None

    def _in_parts(self, text: str) -> list[str]:
        """The tokens of a text; added tokens are found before the file splits the rest."""
        tokens: list[str] = []
        for part in self._added.parts(text):
            if part.token is not None:
                tokens.append(part.token.content)
            else:
                tokens += self._texts.encode(self._prefixed(text, part)).tokens
        return tokens

    def _prefixed(self, text: str, part: TextPart) -> str:
        """A part of a text with a space before it, so that its first word is read as a word."""
        inner = text[part.start : part.end]
        needed = self._first_is_word and part.start == 0 and not inner[0].isspace()
        return f" {inner}" if needed else inner

    def decode(self, tokens: Sequence[list[str]], hole: str = "") -> list[str]:
        """The text of each list of tokens."""
        return [self._target._text(row, hole) for row in tokens]

    def tagged(self, tokens: Sequence[str]) -> str:
        """The text of tokens, special ones too."""
        return self._target._run_text(list(tokens), "").strip()

    def _text(self, tokens: Iterable[str], hole: str) -> str:
        plain = self._added.plain
        kept = [token for token in tokens if token not in self._special]
        in_runs = self._spaced or self._letters_are_bytes  # added tokens are not spelled in bytes
        if not in_runs or plain.keys().isdisjoint(kept):
            return self._run_text(kept, hole).strip()
        runs = self._added.runs(kept)
        texts = (run[0] if run[0] in plain else self._run_text(run, hole) for run in runs)
        return (" " if self._spaced else "").join(filter(None, texts)).strip()

    def _run_text(self, tokens: list[str], hole: str) -> str:
        """The text of tokens without special ones; incomplete characters are left out."""
        decode = self._texts.decoder.decode
        text: str = decode(tokens)
        if UNKNOWN not in text:
            return text
        if self._letters_are_bytes:
            return str(decode(whole_letters(tokens, hole)))
        return str(decode(without_bytes(tokens, hole)))

    def source_spans(self, text: str) -> list[Span]:
        """For each token of a text, the span of its characters."""
        if not self._spaced:
            marked = self._added.holds_marks(text)
            tokenizer, names = self._prompts if marked else (self._texts, self._names)
            whole = self._after_prefix(text)
            encoding, shift = tokenizer.encode(whole), len(whole) - len(text)
            counts = [len(names[number]) if names else 1 for number in encoding.ids]
            rows = zip(encoding.offsets, counts, strict=True)
            return [
                (max(0, start - shift), max(0, end - shift))
                for (start, end), count in rows
                for _ in range(count)
            ]
        spans: list[Span] = []
        for part in self._added.parts(text):
            if part.token is not None:
                spans.append((part.start, part.end))
                continue
            inner = self._prefixed(text, part)
            shift = part.end - len(inner)
            found = self._texts.encode(inner).offsets
            spans += [(max(a + shift, part.start), max(b + shift, part.start)) for a, b in found]
        return spans

    def target_spans(self, tokens: Sequence[str]) -> list[Span]:
        """For each token, the characters by which it makes the decoded text longer."""
        parts = self.decode([list(tokens[:count]) for count in range(1, len(tokens) + 1)])
        ends = [0]
        for part in parts:
            ends.append(min(max(ends[-1], len(part)), len(parts[-1])))
        return list(pairwise(ends))


def _entry(token: AddedToken, content: str) -> tokenizers.AddedToken:
    return tokenizers.AddedToken(
        content,
        single_word=token.single_word,
        lstrip=token.lstrip,
        rstrip=token.rstrip,
        normalized=token.normalized,
        special=token.special,
    )
