"""Tokenization by SentencePiece models, with added tokens between their pieces."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain
from pathlib import Path

from s2scli.data import Span
from s2scli.inference.tokenizers.added import AddedTokens
from s2scli.inference.tokenizers.bytes import UNKNOWN, whole_pieces, without_bytes
from s2scli.inference.tokenizers.pieces import WORD, Pieces
from s2scli.inference.tokenizers.spellings import marked_ways
from s2scli.models.manifest import TokenizerRecipe

__all__ = ["SentencePieceTokenizer"]


class SentencePieceTokenizer:
    """Pieces as strings; the engine maps them to ids by the model's vocabulary.

    Args:
        recipe: names the model files of source and target, which may be the same.
        directory: the model directory.
    """

    def __init__(self, recipe: TokenizerRecipe, directory: Path) -> None:
        self._source = Pieces(directory / recipe.source, recipe.prepend_scheme)
        same = _same_content(directory / recipe.source, directory / recipe.target)
        self._target = (
            self._source if same else Pieces(directory / recipe.target, recipe.prepend_scheme)
        )
        self._special = recipe.control_tokens
        self._added = AddedTokens(recipe)
        # Tokens that the model file itself makes of text which looks like them: as a rule, none.
        self._misread = frozenset(
            token for token in self._special if token in self._source.encode(token)
        )

    # One text at a time: for a list SentencePiece starts a thread, which is not faster.

    def encode(self, texts: Sequence[str]) -> list[list[str]]:
        """The pieces of each text; what looks like a special token stays text."""
        return [self._tokens(self._source, text) for text in texts]

    def encode_targets(self, texts: Sequence[str]) -> list[list[str]]:
        """The pieces of each text, by the target's model file."""
        return [self._tokens(self._target, text) for text in texts]

    def spellings(self, word: str) -> list[tuple[str, ...]]:
        """The ways to write a word, with and without the word mark."""
        return marked_ways(self._target.encode(word), WORD, self._target.has)

    def decode(self, tokens: Sequence[list[str]], hole: str = "") -> list[str]:
        """The text of each list of pieces."""
        return [self._text(pieces, hole) for pieces in tokens]

    def tagged(self, tokens: Sequence[str]) -> str:
        """The text of pieces, special ones too; no white space but theirs."""
        return "".join(tokens).replace(WORD, " ").strip()

    def source_spans(self, text: str) -> list[Span]:
        """For each piece of a text, its span in the text before normalization."""
        spans: list[Span] = []
        for part in self._added.parts(text):
            start, end = part.start, part.end
            if part.token is not None:
                spans.append((start, end))
                continue
            for piece, (a, b) in self._source.spans(text[start:end], first=start == 0):
                span = (start + a, start + b)
                spans += [span] * (len(piece) if piece in self._misread else 1)
        return spans

    def target_spans(self, tokens: Sequence[str]) -> list[Span]:
        """For each piece, its span in the decoded text; empty if ``decode`` leaves it out."""
        spans: list[Span] = []
        written = 0
        for run in self._added.runs(tokens):
            text = self._run_text(run, "")
            begin = written + 1 if written and text else written  # a space separates two runs
            spans += [(begin + a, begin + b) for a, b in self._run_spans(run)]
            written = begin + len(text)
        return spans

    def _run_spans(self, run: list[str]) -> list[Span]:
        """For each token of a run, its span in the run's text."""
        if run[0] in self._added.plain:
            return [(0, len(run[0]))]
        plain = [token for token in run if token not in self._special]
        whole = iter(whole_pieces(plain))
        shown = [token not in self._special and next(whole) for token in run]
        pieces = [token for token, is_shown in zip(run, shown, strict=True) if is_shown]
        text = self._target.decode(pieces).replace(WORD, " ")
        first = len(text) - len(text.lstrip())  # ``decode`` leaves it out
        last = first + len(text.strip())
        places = iter(self._target.target_spans(pieces))
        spans = [(0, 0)]
        for is_shown in shown:
            start, end = next(places) if is_shown else (spans[-1][1],) * 2
            spans.append((min(max(start, first), last), min(max(end, first), last)))
        return [(start - first, end - first) for start, end in spans[1:]]

    def _tokens(self, model: Pieces, text: str) -> list[str]:
        if not self._added.found_in(text):
            return self._as_text(model.encode(text))
        tokens: list[str] = []
        parts = self._added.parts(text)
        for part in parts:
            if part.token is not None:
                tokens.append(part.token.content)
            else:
                found = model.encode(text[part.start : part.end], first=part.start == 0)
                tokens += self._as_text(found)
        return tokens

    def _as_text(self, pieces: list[str]) -> list[str]:
        """The pieces; those that the file would misread as special tokens letter by letter."""
        if self._misread.isdisjoint(pieces):
            return pieces
        return list(chain.from_iterable(p if p in self._misread else (p,) for p in pieces))

    def _text(self, pieces: list[str], hole: str) -> str:
        if self._added.plain.keys().isdisjoint(pieces):
            return self._run_text(pieces, hole)
        texts = (self._run_text(run, hole) for run in self._added.runs(pieces))
        return " ".join(filter(None, texts))

    def _run_text(self, run: list[str], hole: str) -> str:
        """The text of a run of tokens, special ones left out."""
        if run and run[0] in self._added.plain:
            return run[0]
        if not self._special.isdisjoint(run):
            run = [piece for piece in run if piece not in self._special]
        text: str = self._target.decode(run)
        if UNKNOWN in text:
            text = self._target.decode(without_bytes(run, hole))
        # A piece that the model file does not have would keep its word mark.
        return (text.replace(WORD, " ") if WORD in text else text).strip()


def _same_content(one: Path, other: Path) -> bool:
    return one == other or (one.is_file() and one.read_bytes() == other.read_bytes())
