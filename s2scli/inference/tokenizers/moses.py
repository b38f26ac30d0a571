"""Words by Moses' rules (https://github.com/moses-smt/mosesdecoder), pieces by merging pairs.

``FSMTTokenizer`` of transformers 4.57 is the reference. Moses' rules come from the library
sacremoses, which only this kind of tokenizer needs and loads.
"""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import tokenizers

from s2scli.data import Span
from s2scli.errors import InvalidModelError, UnavailableError
from s2scli.inference.tokenizers.added import AddedTokens
from s2scli.inference.tokenizers.mosesplaces import letters_of, spans_of
from s2scli.inference.tokenizers.spellings import ways
from s2scli.models.manifest import TokenizerRecipe

__all__ = ["MosesTokenizer"]

LAST = "</w>"  # the end of a word


class MosesTokenizer:
    """Pieces as strings: the engine maps them to ids by the vocabulary of each side.

    Args:
        recipe: names the file, which both sides have in common.
        directory: where it is.

    Raises:
        InvalidModelError: the file is missing or damaged.
        UnavailableError: sacremoses is not installed.
    """

    def __init__(self, recipe: TokenizerRecipe, directory: Path) -> None:
        path = directory / recipe.source
        try:
            content = json.loads(path.read_bytes())
            self._pieces = tokenizers.Tokenizer.from_str(json.dumps(content["pieces"]))
            source, target = str(content["source"]), str(content["target"])
            self._lower = bool(content["lower_case"])
        except Exception as error:  # the library raises plain exceptions
            raise InvalidModelError(
                f"{path} is missing or is not a tokenizer: {error}", "Convert the model again."
            ) from error
        self._read, self._written = _Words(source), _Words(target)
        self._special = recipe.control_tokens
        self._added = AddedTokens(recipe)

    def encode(self, texts: Sequence[str]) -> list[list[str]]:
        """The pieces of each text; what looks like a special token stays text."""
        return [self._tokens(self._read, text) for text in texts]

    def encode_targets(self, texts: Sequence[str]) -> list[list[str]]:
        """The pieces of each text by the rules of the target's language."""
        return [self._tokens(self._written, text) for text in texts]

    def spellings(self, word: str) -> list[tuple[str, ...]]:
        """The ways to write a word: as a whole one, and at the beginning of a longer one."""
        whole = "".join(self._tokens(self._written, word))
        forms = dict.fromkeys((whole, whole.removesuffix(LAST)))
        return [way for form in forms for way in ways(form, self._is_known)]

    def _is_known(self, piece: str) -> bool:
        return self._pieces.token_to_id(piece) is not None

    def decode(self, tokens: Sequence[list[str]], hole: str = "") -> list[str]:
        """The text of each list of pieces; no piece is but a part of a character."""
        return [" ".join(filter(None, map(self._run_text, self._runs(row)))) for row in tokens]

    def tagged(self, tokens: Sequence[str]) -> str:
        """The text of tokens, special ones too."""
        return self._run_text(list(tokens))

    def source_spans(self, text: str) -> list[Span]:
        """For each piece of a text its characters: those that it was made of."""
        whole = self._lowered(text)
        spans: list[Span] = []
        for part in self._added.parts(whole):
            if part.token is not None:
                spans.append((part.start, part.end))
                continue
            inner = whole[part.start : part.end]
            found = spans_of(self._letters(self._read.of(inner)), inner)
            spans += [(part.start + a, part.start + b) for a, b in found]
        return [(min(a, len(text)), min(b, len(text))) for a, b in spans]

    def target_spans(self, tokens: Sequence[str]) -> list[Span]:
        """For each piece its characters in the text of all; none for what ``decode`` leaves out."""
        spans: list[Span] = []
        written = 0
        for run in self._runs(tokens, all_of_them=True):
            text = self._run_text([token for token in run if token not in self._special])
            begin = written + 1 if written and text else written  # a space parts two runs
            if run[0] in self._added.plain:
                found = [(0, len(text))]
            else:
                found = spans_of(_letters_of_pieces(run, self._special), text)
            spans += [(begin + a, begin + b) for a, b in found]
            written = begin + len(text)
        return spans

    def _lowered(self, text: str) -> str:
        return text.lower() if self._lower else text

    def _tokens(self, words: _Words, text: str) -> list[str]:
        whole = self._lowered(text)
        tokens: list[str] = []
        for part in self._added.parts(whole):
            if part.token is not None:
                tokens.append(part.token.content)
            else:
                tokens += self._encoded(words.of(whole[part.start : part.end])).tokens
        return tokens

    def _encoded(self, words: list[str]) -> tokenizers.Encoding:
        return self._pieces.encode(words, is_pretokenized=True)

    def _letters(self, words: list[str]) -> list[str]:
        """For each piece of some words the characters of a text that it stands for."""
        encoding = self._encoded(words)
        letters = [letters_of(word) for word in words]
        rows = zip(encoding.word_ids, encoding.offsets, strict=True)
        return ["".join(letters[word][a:b]) for word, (a, b) in rows if word is not None]

    def _runs(self, tokens: Iterable[str], *, all_of_them: bool = False) -> list[list[str]]:
        """Target tokens in runs: added ones by themselves, the others together."""
        if all_of_them:
            return self._added.runs(tokens)
        return self._added.runs(token for token in tokens if token not in self._special)

    def _run_text(self, run: list[str]) -> str:
        """The text of a run of tokens none of which is special."""
        if run and run[0] in self._added.plain:
            return run[0]
        return self._written.text("".join(run).replace(LAST, " ").split())


def _letters_of_pieces(run: Sequence[str], special: frozenset[str]) -> list[str]:
    """For each target piece of a run the characters that it stands for; none for special ones."""
    shown = ["" if token in special else token.replace(LAST, " ") for token in run]
    whole = iter([s for word in "".join(shown).split(" ") for s in (*letters_of(word), "")])
    return ["".join(next(whole) for _ in piece) for piece in shown]


class _Words:
    """A language's words, by Moses' rules.

    Args:
        language: its code; one that Moses does not know has the rules of all.
    """

    def __init__(self, language: str) -> None:
        moses = _sacremoses()
        self._normalizer = moses.MosesPunctNormalizer(language, pre_replace_unicode_punct=True)
        self._tokenizer = moses.MosesTokenizer(language)
        self._detokenizer = moses.MosesDetokenizer(language)

    def of(self, text: str) -> list[str]:
        """The words of a text, marks written as XML would (``&quot;``)."""
        text = "".join(_printed(self._normalizer.normalize(text)))
        found: list[str] = self._tokenizer.tokenize(text, aggressive_dash_splits=True)
        return found

    def text(self, words: list[str]) -> str:
        """The text that such words make."""
        return str(self._detokenizer.detokenize(words))


def _printed(text: str) -> Iterator[str]:
    """The characters of a text but for control characters and what Unicode has not assigned."""
    return (letter for letter in text if not unicodedata.category(letter).startswith("C"))


def _sacremoses() -> Any:
    """The library.

    Raises:
        UnavailableError: it is not installed.
    """
    try:
        import sacremoses
    except ImportError as error:
        raise UnavailableError(
            "This model splits texts by Moses' rules (sacremoses), which are not installed",
            "Install them: pip install 's2scli[moses]'.",
        ) from error
    return sacremoses
