"""Write the tables of languages' names in s2scli/languages/tables.

Needs ``pip install language_data==1.4.0``, 24 MB of which the names that people write are one in
twenty; they come from CLDR, the IANA registry of subtags and Wiktionary.

    python scripts/make_language_names.py
"""

from __future__ import annotations

import warnings
from collections.abc import Iterable
from pathlib import Path

from language_data.name_data import CODE_TO_NAMES
from language_data.util import data_filename
from marisa_trie import BytesTrie

FOLDER = Path(__file__).parent.parent / "s2scli" / "languages" / "tables"
SAME = "="


def trie(path: str) -> dict[str, str]:
    """The names of a table of language_data's, in its way of writing, with their codes."""
    found = BytesTrie()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # each load does, without a reason
        found.load(data_filename(f"trie/{path}.marisa"))
    return {name: code.decode() for name, code in found.items()}


def english() -> Iterable[tuple[str, ...]]:
    """The English name of each subtag of a language, script or territory."""
    for subtag, names in CODE_TO_NAMES.items():
        if "en" in names and "-" not in subtag:
            yield subtag, names["en"]


def languages() -> Iterable[tuple[str, ...]]:
    """What a name means in whatever language, and in English if it is a name there."""
    everywhere, in_english = trie("und/name_to_language"), trie("en/name_to_language")
    for name in {**everywhere, **in_english}:
        here, there = everywhere.get(name, ""), in_english.get(name, "")
        yield name, here, SAME if here == there else there


def written() -> Iterable[tuple[str, ...]]:
    """What an English name of a script or of a territory means; scripts come before."""
    yield from {**trie("en/name_to_territory"), **trie("en/name_to_script")}.items()


def write(name: str, rows: Iterable[tuple[str, ...]]) -> None:
    """A table of tab-separated values, sorted, without blanks at the ends of lines."""
    lines = sorted("\t".join(row).rstrip("\t") for row in rows)
    (FOLDER / name).write_text("\n".join(lines) + "\n", encoding="utf-8", newline="\n")


if __name__ == "__main__":
    write("english.tsv", english())
    write("languages.tsv", languages())
    write("written.tsv", written())
