"""The manifest of a converted model: ``s2s.json``, which stands beside the weights.

A converted model directory is self-contained: the manifest says all that is needed to run it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from s2scli.errors import InvalidModelError, UnavailableError
from s2scli.models.enginenames import CTRANSLATE2

if TYPE_CHECKING:
    from s2scli.models.images import ImageRecipe

__all__ = [
    "FILE_NAME",
    "JSON_KIND",
    "LETTERS_KIND",
    "LEXICON_FILE",
    "MOSES_KIND",
    "SENTENCEPIECE_KIND",
    "SHORTLIST_FILE",
    "WORDS_KIND",
    "AddedToken",
    "FileRecord",
    "Manifest",
    "SearchRules",
    "ShortlistRecord",
    "TokenizerRecipe",
]

FILE_NAME = "s2s.json"
SHORTLIST_FILE = "vmap.txt"  # the engine's name for it
LEXICON_FILE = "lex.s2t.bin"  # the list that a student of Marian comes with
SCHEMA = 1
MAX_BYTES = 4 << 20
# The kinds of tokenizers that there are, as manifests name them.
SENTENCEPIECE_KIND, JSON_KIND, WORDS_KIND = "sentencepiece", "tokenizer-json", "words"
LETTERS_KIND = "letters"
MOSES_KIND = "moses"


class FileRecord(NamedTuple):
    """Size in bytes and SHA-256 (hexadecimal) of a file of the model directory."""

    bytes: int
    sha256: str


class AddedToken(NamedTuple):
    """A token that a tokenizer knows beside its model's own (``tokenizers.AddedToken``).

    Attributes:
        content: the token.
        special: whether it is not text: never found in one, never written.
        lstrip: whether it takes the white space before it.
        rstrip: whether it takes the white space after it.
        single_word: whether it counts only where no letters touch it.
        normalized: whether it is looked for in the normalized text, where a tokenizer has one.
    """

    content: str
    special: bool = False
    lstrip: bool = False
    rstrip: bool = False
    single_word: bool = False
    normalized: bool = True

    @property
    def is_word(self) -> bool:
        """Whether it is a word of texts, and no sign such as ``<2de>``."""
        return not self.special and self.content[:1].isalpha()


class TokenizerRecipe(NamedTuple):
    """How text becomes source tokens and target tokens become text.

    In the four tuples of tokens, ``{from}`` and ``{to}`` stand for the tokens of the two languages.

    Attributes:
        kind: a key of ``s2scli.inference.tokenizers.TOKENIZERS``.
        source: file with the source side's model.
        target: file with the target side's model.
        prefix: tokens before every source.
        suffix: tokens after every source.
        target_start: tokens that decoding starts from, instead of the engine's start token.
        target_prefix: first tokens of every target, which count as generated ones.
        end: the token that ends a target.
        special: other tokens that are not text, whichever side they stand on.
        source_tokens: by language code of the model's own, the token that names the source's.
        target_tokens: by language code of the model's own, the token that asks for it.
        added: tokens that texts may hold beside those of the files, and special ones (of
            ``special``) that take white space with them.
        spaced: whether added tokens are set off by spaces where they are written.
        prepend_scheme: which parts of a text, of those that added tokens part, begin with a word:
            all (``always``), the first (``first``) or none (``never``); a file of the kind
            ``tokenizer-json`` says that itself.
        clean: whether texts that are written lose the spaces before marks (see
            ``s2scli.text.cleaned``).
        lead: what stands between the prefix and a source that begins with an added token, to a
            tokenizer which finds those first; of the kind ``tokenizer-json``.
        target_default: what stands instead of ``{to}`` if no language is asked for; empty
            where one must be.
    """

    kind: str
    source: str
    target: str
    prefix: tuple[str, ...] = ()
    suffix: tuple[str, ...] = ()
    target_start: tuple[str, ...] = ()
    target_prefix: tuple[str, ...] = ()
    end: str = "</s>"
    special: tuple[str, ...] = ()
    source_tokens: Mapping[str, str] = {}
    target_tokens: Mapping[str, str] = {}
    added: tuple[AddedToken, ...] = ()
    spaced: bool = True
    prepend_scheme: str = "always"
    clean: bool = False
    lead: str = ""
    target_default: str = ""

    @property
    def control_tokens(self) -> frozenset[str]:
        """All tokens that are not text; a language's is, if it is an added word (``tuvan``)."""
        languages = {*self.source_tokens.values(), *self.target_tokens.values()}
        words = (token.content for token in self.added if token.is_word)
        return frozenset((self.end, *self.special, *languages.difference(words)))


class SearchRules(NamedTuple):
    """How a model's reference implementation searches, where engines can do it in several ways.

    Attributes:
        early_stopping: when a beam search ends, in transformers' terms: ``True``, ``False`` or
            ``"never"``; or ``"best"`` (see ``s2scli.inference.search.SearchPlan``).
        narrowing: whether a beam loses its place when its hypothesis ends, as Marian's does.
        start_counts: whether the start counts in a hypothesis' length, as OpenNMT-py's does.
    """

    early_stopping: bool | str = False
    narrowing: bool = False
    start_counts: bool = False


class ShortlistRecord(NamedTuple):
    """A lexical shortlist in the model directory, how it was made and what its check found.

    Attributes:
        bytes: size of its file.
        sha256: hash of its file.
        languages: the ISO 639 codes of the source and the target that it is for; empty if unknown.
        frequent: how many of the most frequent target tokens are always candidates.
        per_token: how many candidates a source token has at most.
        lines: how many lines it was counted on.
        texts: the SHA-256 of each file with these lines, in order.
        candidates: how many tokens of the vocabulary the checked sources have in the mean.
        checked: how many lines it was checked on, none of which it was counted on.
        equal: share of the translations of those that it was used for that are the same with it
            and without it: the least of all beam sizes.
        bleu: BLEU of all with it; None if there was no reference. As the other scores, at the
            beam size at which most is lost.
        bleu_without: the same with the whole vocabulary.
        beams: the beam sizes that it was checked at; empty if that was not recorded.
        known: share of the lines that it was used for; it lacks tokens of the others.
        sure: how large ``equal`` is at least, with a confidence of 95%.
        alike: BLEU of the translations with it against those with the whole vocabulary.
        faster: processor time of the checked lines without it, by that with it, each line alone:
            the least of all beam sizes; None if that was not measured.
        longest: how many tokens a source has at most that it is used for, the model's own included;
            0 for any number.
        share: the least share of what a source token yields that makes a candidate.
    """

    bytes: int
    sha256: str
    languages: tuple[str, str]
    frequent: int
    per_token: int
    lines: int
    texts: tuple[str, ...]
    candidates: int
    checked: int
    equal: float
    bleu: float | None = None
    bleu_without: float | None = None
    beams: tuple[int, ...] = ()
    known: float = 1.0
    sure: float = 0.0
    alike: float | None = None
    faster: float | None = None
    longest: int = 0
    share: float = 0.0

    @property
    def name(self) -> str:
        """What names it in options and signatures: a short hash."""
        from s2scli.disk.hashes import short_digest

        return short_digest(self.sha256)


class Manifest(NamedTuple):
    """The content of ``s2s.json``.

    Attributes:
        name: the model's short name.
        family: the architecture, a key of ``s2scli.models.convert.FAMILIES``.
        tasks: what the model does: ``translate`` …
        source_languages: language codes it reads.
        target_languages: language codes it writes.
        quantization: type of the stored weights, such as ``int8``.
        parameters: number of weights.
        max_source_tokens: the longest source that the model can take, suffix counted.
        max_target_tokens: the longest target that the model can give, end token counted.
        tokenizer: how to tokenize.
        files: the directory's other files.
        decoding: fields of ``Decoding`` that the model's makers set.
        unsupported: their settings for which the engine has nothing.
        prompts: by job (``"summarize"``, ``"translate"``, ``"translate en-de"``), what the model
            expects: text around ``{text}``, in which ``{from}`` and ``{to}`` stand for the
            English names of the languages.
        job_decoding: by job, fields of ``Decoding`` that come before those of ``decoding``.
        licence: identifier of the license, as the checkpoint's card has it; may be empty.
        checkpoint: name of the checkpoint that was converted, or its identifier on the hub.
        revision: commit of the hub's repository that it came from; may be empty.
        checkpoint_sha256: by file name, the hashes of the checkpoint's weight files.
        engine: what runs it, a key of ``s2scli.inference.engines.ENGINES``.
        converter: the version of s2s that wrote it; empty where that was not recorded.
        search: how to search, for engines whose search is our own.
        images: how images become pixels, for models that read them.
        guard: what of the limits by which translations are checked is the model's own, by the
            names of ``s2scli.guard.limits.Limits``.
        shortlist: the lexical shortlist in the directory, if it has one that was checked.
    """

    name: str
    family: str
    tasks: tuple[str, ...]
    source_languages: tuple[str, ...]
    target_languages: tuple[str, ...]
    quantization: str
    parameters: int
    max_source_tokens: int
    max_target_tokens: int
    tokenizer: TokenizerRecipe
    files: Mapping[str, FileRecord]
    decoding: Mapping[str, Any] = {}
    unsupported: Mapping[str, Any] = {}
    prompts: Mapping[str, str] = {}
    job_decoding: Mapping[str, Mapping[str, Any]] = {}
    licence: str = ""
    checkpoint: str = ""
    revision: str = ""
    checkpoint_sha256: Mapping[str, str] = {}
    engine: str = CTRANSLATE2
    converter: str = ""
    search: SearchRules = SearchRules()
    images: ImageRecipe | None = None
    guard: Mapping[str, float] = {}
    shortlist: ShortlistRecord | None = None

    @property
    def all_files(self) -> Mapping[str, FileRecord]:
        """The directory's other files, with that of the shortlist."""
        if self.shortlist is None:
            return self.files
        return {**self.files, SHORTLIST_FILE: FileRecord(*self.shortlist[:2])}

    def save(self, directory: Path) -> None:
        """Write ``s2s.json`` into ``directory``."""
        (directory / FILE_NAME).write_bytes(self.encoded())

    def encoded(self) -> bytes:
        """What ``s2s.json`` holds."""
        text = json.dumps(self._to_json(), indent=2, ensure_ascii=False)
        # A directory's name, which models have by default, need not be text.
        data = f"{text}\n".encode("utf-8", "surrogateescape")
        return data.decode(errors="replace").encode()

    @classmethod
    def load(cls, directory: Path) -> Manifest:
        """Read the manifest of a model directory.

        Raises:
            UnavailableError: there is no such directory.
            InvalidModelError: it holds no model of ours, or the manifest is damaged.
        """
        path = directory / FILE_NAME
        if not directory.is_dir():
            raise UnavailableError(f"There is no model directory {directory}")
        try:
            with path.open("rb") as file:
                data = file.read(MAX_BYTES + 1)
        except FileNotFoundError:
            raise InvalidModelError(
                f"{directory} is not a converted model: it has no {FILE_NAME}", _advice(directory)
            ) from None
        except OSError as error:
            raise InvalidModelError(f"Cannot read {path}: {error.strerror}") from error
        if len(data) > MAX_BYTES:
            raise InvalidModelError(f"{path} is larger than {MAX_BYTES >> 20} MB", _CONVERT_AGAIN)
        try:
            return cls._from_json(json.loads(data))
        except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
            raise InvalidModelError(f"{path} is damaged: {error}", _CONVERT_AGAIN) from error

    def _to_json(self) -> dict[str, Any]:
        added = [token._asdict() for token in self.tokenizer.added]
        return {
            "schema": SCHEMA,
            **self._asdict(),
            "tokenizer": self.tokenizer._asdict() | {"added": added},
            "files": {name: record._asdict() for name, record in self.files.items()},
            "search": self.search._asdict(),
            "images": self.images._asdict() if self.images else None,
            "shortlist": self.shortlist._asdict() if self.shortlist else None,
        }

    @property
    def fingerprint(self) -> str:
        """A hash of all that its outputs depend on: the files, the tokenizer, the rules of search.

        The decoding options that it sets are not in it.
        """
        from s2scli.disk.hashes import short_digest

        rules = repr((self.tokenizer, self.search, self.images))
        files = sorted((name, record.sha256) for name, record in self.files.items())
        return short_digest(rules, *(part for file in files for part in file))

    @classmethod
    def _from_json(cls, content: dict[str, Any]) -> Manifest:
        if content.pop("schema") != SCHEMA:
            raise ValueError("it was written by another version of s2s")
        recipe = _tuples(content["tokenizer"])
        recipe["added"] = tuple(AddedToken(**token) for token in recipe.get("added", ()))
        content["tokenizer"] = TokenizerRecipe(**recipe)
        content["files"] = {
            _plain_name(name): FileRecord(**record) for name, record in content["files"].items()
        }
        content["search"] = SearchRules(**content.get("search", {}))
        if images := content.get("images"):
            from s2scli.models.images import ImageRecipe  # few models have one

            content["images"] = ImageRecipe.of(images)
        if shortlist := content.get("shortlist"):
            content["shortlist"] = ShortlistRecord(**_tuples(shortlist))
        recipe = content["tokenizer"]
        if not {recipe.source, recipe.target} <= content["files"].keys():
            raise ValueError("its tokenizer's files are not among its files")
        known = {key: value for key, value in content.items() if key in cls._fields}
        return cls(**_tuples(known))


_CONVERT_AGAIN = "Convert the model again with 's2s convert'."


def _advice(directory: Path) -> str:
    if (directory / "model.bin").exists():
        return (
            "It looks like a CTranslate2 model that another tool made: "
            "convert its checkpoint with 's2s convert'."
        )
    if (directory / "config.json").exists():
        return f"Convert it first: s2s convert {directory} -o OUT."
    return "Give the directory that 's2s convert' wrote."


def _tuples(content: dict[str, Any]) -> dict[str, Any]:
    return {
        key: tuple(value) if isinstance(value, list) else value for key, value in content.items()
    }


def _plain_name(name: str) -> str:
    if Path(name).name != name or name in ("", ".", ".."):
        raise ValueError(f"{name!r} is not the name of a file in the model directory")
    return name
