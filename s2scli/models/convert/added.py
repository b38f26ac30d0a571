"""The tokens that a checkpoint adds to its tokenizer's own, wherever its files list them.

In order of preference, as transformers has it: ``added_tokens_decoder`` of
``tokenizer_config.json``, ``added_tokens`` of ``tokenizer.json``, ``added_tokens.json``. Special
tokens may be named without an id, there or in ``special_tokens_map.json``.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from typing import Any

from s2scli.errors import InvalidModelError
from s2scli.models.convert.checkpoint import Checkpoint
from s2scli.models.manifest import AddedToken

__all__ = [
    "TOKENIZER_JSON",
    "additional_tokens",
    "listed_tokens",
    "named_tokens",
    "refuse_blank",
    "refuse_special_words",
    "role_tokens",
]

TOKENIZER_JSON = "tokenizer.json"
MAX_TOKENS = 4_000_000
# In transformers' order (``SPECIAL_TOKENS_ATTRIBUTES``).
NAMED = ("bos", "eos", "unk", "sep", "pad", "cls", "mask")
# Of transformers 4 and 5.
LISTS = ("additional_special_tokens", "extra_special_tokens")
# What special tokens look like: <s>, [CLS], __start__, >>deu<<, en_XX.
SIGN = re.compile(r"[<\[{(_>|].+[>\]})_<|]|[a-z]{2,3}_[A-Za-z]{2,4}", re.DOTALL)
FLAGS = ("special", "lstrip", "rstrip", "single_word", "normalized")


def listed_tokens(checkpoint: Checkpoint) -> dict[int, AddedToken]:
    """The added tokens by id, as the tokenizer's files list them.

    Raises:
        InvalidModelError: an entry is not a token with a number.
    """
    named = {token.content: token for token in named_tokens(checkpoint)}
    listed: dict[int, AddedToken] = {}
    known: set[str] = set()
    for number, entry in _entries(checkpoint):
        token = _token(entry, set(named))
        if isinstance(entry, str):  # a name alone: what it takes with it stands elsewhere
            token = named.get(entry, token)
        if type(number) is not int or not 0 <= number < MAX_TOKENS or not token.content:
            raise InvalidModelError(
                f"{checkpoint.directory} lists the added token {token.content!r} with the id "
                f"{number!r}"
            )
        if number not in listed and token.content not in known:
            listed[number] = token
            known.add(token.content)
    return listed


def named_tokens(checkpoint: Checkpoint) -> list[AddedToken]:
    """The special tokens that the tokenizer's files name, with or without an id."""
    found: dict[str, AddedToken] = {}
    files = _settings(checkpoint)
    if "added_tokens_decoder" not in checkpoint.tokenizer_config:
        files.reverse()  # before transformers 4.34 the map said what a token takes with it
    for settings in files:
        entries = [settings.get(f"{name}_token") for name in NAMED]
        for entry in (*entries, *_additional(settings)):
            token = _token(entry, special=None)
            if token.content:
                found.setdefault(token.content, token)
    return list(found.values())


def role_tokens(checkpoint: Checkpoint) -> dict[str, str]:
    """By role (``cls``), the special tokens that the tokenizer's files name.

    Raises:
        InvalidModelError: one is an empty text, which transformers takes for an unknown word.
    """
    found: dict[str, str] = {}
    for settings in _settings(checkpoint):
        for role in NAMED:
            entry = settings.get(f"{role}_token")
            content = _token(entry, special=None).content
            if entry is not None and not content:
                place = f"The tokenizer's files in {checkpoint.directory}"
                raise InvalidModelError(f"{place} give {role}_token as {entry!r}")
            if content:
                found.setdefault(role, content)
    return found


def refuse_special_words(
    checkpoint: Checkpoint, own: Collection[str], tokens: Iterable[AddedToken]
) -> None:
    """Make sure that no special token is a word, or a part of one, of the tokenizer's own file.

    transformers parts every text where it finds one, and leaves it out of outputs; here no text
    holds special tokens.

    Args:
        checkpoint: names them.
        own: the tokens of that file.
        tokens: what the checkpoint names and lists.

    Raises:
        InvalidModelError: one is.
    """
    for token in tokens:
        if token.special and token.content in own and not SIGN.fullmatch(token.content):
            raise InvalidModelError(
                f"The tokenizer's files in {checkpoint.directory} name {token.content!r} as a "
                "special token, but texts hold it",
                "Name a token that is no text, such as <pad>.",
            )


def refuse_blank(checkpoint: Checkpoint, added: Iterable[AddedToken], text: str) -> None:
    """Make sure that no added token is white space once it is normalized.

    The library looks for it as such, finds it in each gap, and breaks down where there are two.

    Raises:
        InvalidModelError: there is one, or the library cannot read ``tokenizer.json``.
    """
    normalized = [token.content for token in added if not token.special and token.normalized]
    if not normalized:
        return
    from tokenizers import Tokenizer

    path = checkpoint.path(TOKENIZER_JSON)
    try:
        normalizer = Tokenizer.from_str(text).normalizer
    except Exception as error:  # the library raises plain exceptions
        raise InvalidModelError(f"{path} is not a tokenizer: {error}") from error
    for token in normalized if normalizer else ():
        if not normalizer.normalize_str(token).strip(" ▁"):
            raise InvalidModelError(
                f"{path} normalizes the added token {token!r} to white space, in which the "
                "library tokenizers cannot look for it",
                "Set its 'normalized' to false there and in tokenizer_config.json.",
            )


def additional_tokens(checkpoint: Checkpoint) -> list[str]:
    """Those special tokens that have no role of their own, such as languages."""
    for settings in reversed(_settings(checkpoint)):
        names = [_token(entry, special=None).content for entry in _additional(settings)]
        if names:
            return [name for name in names if name]
    return []


def _settings(checkpoint: Checkpoint) -> list[dict[str, Any]]:
    name = "special_tokens_map.json"
    own = [checkpoint.tokenizer_config]
    return [*own, checkpoint.json(name)] if checkpoint.path(name).exists() else own


def _additional(settings: dict[str, Any]) -> list[Any]:
    found: list[Any] = []
    for entries in (settings.get(name) for name in LISTS):
        if isinstance(entries, list):
            found += entries
        elif isinstance(entries, dict):  # by names of their own
            found += entries.values()
    return found


def _entries(checkpoint: Checkpoint) -> Iterator[tuple[Any, Any]]:
    """Ids and what is listed with them, whichever comes first counts."""
    decoder = checkpoint.tokenizer_config.get("added_tokens_decoder")
    for number, entry in (decoder if isinstance(decoder, dict) else {}).items():
        if isinstance(entry, dict) and str(number).isdecimal():
            yield int(number), entry
    if checkpoint.path(TOKENIZER_JSON).exists():
        rows = checkpoint.json(TOKENIZER_JSON).get("added_tokens")
        for entry in rows if isinstance(rows, list) else []:
            if isinstance(entry, dict):
                yield entry.get("id"), entry
    if checkpoint.path("added_tokens.json").exists():
        for token, number in checkpoint.json("added_tokens.json").items():
            yield number, token


def _token(entry: Any, special: set[str] | None) -> AddedToken:
    """A token of an entry, which may be its name alone; one without a name is none.

    Args:
        entry: what a file has.
        special: the names of special tokens; None if the entry is one.
    """
    content = entry.get("content") if isinstance(entry, dict) else entry
    name = content if isinstance(content, str) else ""
    flags = {f: entry.get(f) is True for f in FLAGS} if isinstance(entry, dict) else {}
    is_special = special is None or name in special or flags.get("special", False)
    if not flags:
        return AddedToken(name, special=is_special, normalized=not is_special)
    return AddedToken(name, **{**flags, "special": is_special})
