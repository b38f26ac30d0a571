"""Real files of every format, made by several programs, through a whole run.

The model is a double; all else is real. What is not changed comes out byte for byte, and what is
changed is read back as it was written, with its markup on the same words.
"""

from __future__ import annotations

import codecs
import re
import zipfile
from bisect import bisect_left, bisect_right
from collections import Counter
from pathlib import Path

import pytest

from s2scli.data import Decoding
from s2scli.documents import FORMATS, WRITTEN_AS, format_of, open_format
from s2scli.documents.base import FormatOptions, Slot
from s2scli.documents.embedded import is_json
from s2scli.documents.inlinetags import has_pairs
from s2scli.documents.reading import read_document
from s2scli.documents.wordbrackets import without_word_brackets
from s2scli.flow.stream import FlowOptions
from s2scli.markup.html.attributes import HeldSlot
from s2scli.memory.journal import Journal
from s2scli.tasks.demands import Demands
from s2scli.tasks.document import DONE
from s2scli.tasks.documents import Settings, translate_documents
from s2scli.tasks.tree import Destination, DocumentJob, Selection, jobs
from s2scli.text.glossary import Glossary
from s2scli.text.spans import Protection
from tests.doubles import WordModel

CORPUS = Path(__file__).parents[1] / "corpus"
LIKE_OTHERS = {"fodt", "odp", "ods"}  # of odt's kind
KINDS = sorted(set(FORMATS) - set(WRITTEN_AS) - LIKE_OTHERS)
FEW = ("fodt", "odp", "ods")  # which have a few files of their own
FOLDERS = {"text": "txt", "markdown": "md"}
NOT_UTF_8 = ("hand-cp1252.txt",)
BILINGUAL = ("po", "ts", "xcstrings", "xliff")
MULTILINGUAL = ("xcstrings",)  # they have to know which language is written
FEWEST = 20  # files of a format


def files(kind: str) -> list[DocumentJob]:
    """The corpus' files of a format."""
    folder = CORPUS / FOLDERS.get(kind, kind)
    found = jobs([folder], Selection(exclude=NOT_UTF_8), Destination(Path("/nowhere")))
    return list(found)


def options(kind: str) -> FormatOptions:
    return FormatOptions(overwrite=True, target_language="de" if kind in MULTILINGUAL else "")


def run(found: list[DocumentJob], out: Path, model: WordModel) -> list[Path]:
    """Translate documents; where they are."""
    demands = Demands(Protection(), Glossary())
    out.mkdir(exist_ok=True)
    kinds = {job.format for job in found}
    reading = options(kinds.pop() if len(kinds) == 1 else "")
    settings = Settings(reading, demands, Decoding(), FlowOptions.on("cpu"))
    todo = [DocumentJob(job.name, job.source, out / job.name, job.format) for job in found]
    journal = Journal(out, "key")
    try:
        for outcome in translate_documents(todo, model.as_model(), settings, journal):
            assert outcome.status == DONE, outcome.reason
    finally:
        journal.close()
    return [job.target for job in todo]


def members(path: Path) -> list[tuple[object, ...]]:
    """What is in an archive, with all that a program could look at."""
    with zipfile.ZipFile(path) as archive:
        return [
            (info.filename, info.date_time, info.compress_type, info.extra, archive.read(info))
            for info in archive.infolist()
        ]


def slots(path: Path) -> list[Slot]:
    kind = format_of(path)
    assert kind
    document = read_document(open_format(kind, options(kind)), path.name, path.read_bytes())
    return [slot for part in document.parts for slot in part.slots]


@pytest.mark.parametrize("kind", [*KINDS, *FEW])
def test_what_is_not_changed(kind: str, tmp_path: Path) -> None:
    found = files(kind)
    producers = Counter(job.source.name.partition("-")[0] for job in found)
    assert kind in FEW or (len(found) >= FEWEST and len(producers) >= 2)
    targets = run(found, tmp_path, WordModel())
    if kind in BILINGUAL:
        # Missing translations were filled in; now there is nothing more to change.
        found = [
            DocumentJob(job.name, target, target, kind)
            for job, target in zip(found, targets, strict=True)
        ]
        targets = run(found, tmp_path / "again", WordModel())
    for job, target in zip(found, targets, strict=True):
        if zipfile.is_zipfile(job.source):
            assert members(target) == members(job.source), job.name
        else:
            assert target.read_bytes() == job.source.read_bytes(), job.name


@pytest.mark.parametrize("kind", KINDS)
def test_the_order_of_slots(kind: str) -> None:
    for job in files(kind):
        document = read_document(
            open_format(kind, options(kind)), job.name, job.source.read_bytes()
        )
        for part in document.parts:
            places = [(slot.start, -slot.end) for slot in part.slots]
            assert places == sorted(places), job.name


def changed(word: str) -> str:
    """A word in other letters; what could be a placeholder or a Roman numeral stays."""
    if re.fullmatch(r"[IVXLCDM]+[.,;:!?]?", word):
        return word
    return codecs.encode(word, "rot13") if re.fullmatch(r"[A-Za-z]+[.,;:!?]?", word) else word


def expected(slot: Slot, *, tagged: bool) -> str:
    """A text with all its words changed but for what is protected, and for tags in strings."""
    literals = [slot.text[start:end] for start, end in slot.kept]
    markup = r"<(?!\w+(?: [a-z]+)+>)[/\w][^<>\n]*>|\[(?=[^\[\]\n]*\]\([^()\s]+\))|\]\([^()\s]+\)"
    if re.search(r",\s*(?:plural|select)", slot.text) and not slot.marks:
        markup += r"|\{\s*\w+\s*,\s*\w+\s*,|(?<=[\s},])(?:=\d+|\w+)\s*\{(?!\w+\})|\}"
    if re.search(r",\s*choice\s*,", slot.text):
        markup += r"|\{\s*\w+\s*,\s*choice\s*,|\|?-?\d+[#<]|(?<!\{\d)\}"
    markup += r"|\*\*|(?<![^\s(])\*(?=\w[^*\n]*[^\s*]\*)|(?<=[^\s*])\*(?!\w)"
    markup += r"|(?<![&\w])&&?(?=\w)(?!\w+;)|(?<!\w)\\[nrt]|(?<=\S)\|(?=\S)"
    text = re.sub(r"^([A-Za-z]+)&(?=[a-z]+$)", r"&\1", slot.text) if tagged else slot.text  # E&xit
    parts = re.split(f"({markup})", text) if tagged else [text]
    parts[::2] = [changed_text(part, literals) for part in parts[::2]]
    return bare("".join(parts))


def bare(text: str) -> str:
    """A text however it is wrapped, with or without spaces around its tags."""
    return re.sub(r" ?(<[^<>]*>) ?", r"\1", " ".join(text.split()))


def changed_text(text: str, literals: list[str]) -> str:
    spans = [*Protection().spans(text, literals)]

    def new(word: re.Match[str]) -> str:
        free = all(end <= word.start() or word.end() <= start for start, end in spans)
        return changed(word[0]) if free else word[0]

    return re.sub(r"\S+", new, text)


def is_data(slot: Slot) -> bool:
    """Whether it is a document of which only some is text."""
    return (isinstance(slot, HeldSlot) and slot.is_data) or is_json(slot.text)


def has_tags(slot: Slot) -> bool:
    """Whether a text of a page or of prose has elements in it, which show as characters."""
    return isinstance(slot, HeldSlot) or (has_pairs(slot.text) and not (slot.marks or slot.kept))


def said(slot: Slot) -> str:
    return bare(slot.text if slot.says is None else slot.says)


def places(slot: Slot) -> list[tuple[int, int] | None]:
    """The words that each mark is on, or between, by their numbers; none for parts of words."""
    starts = [word.start() for word in re.finditer(r"\w+", slot.text)]
    ends = [word.end() for word in re.finditer(r"\w+", slot.text)]
    return [
        None
        if any(slot.text[max(0, at - 1) : at + 1].isalnum() for at in {mark.start, mark.end} - {0})
        else (bisect_right(ends, mark.start), bisect_left(starts, mark.end))
        for mark in slot.marks
    ]


@pytest.mark.parametrize("kind", [*KINDS, *FEW])
def test_what_is_changed_is_read_back(kind: str, tmp_path: Path) -> None:
    found = files(kind)
    tagged = open_format(kind, FormatOptions()).has_strings

    def read(slot: Slot) -> Slot:
        return slot if tagged or has_tags(slot) else without_word_brackets(slot)

    for job, target in zip(found, run(found, tmp_path, WordModel(changed)), strict=True):
        before = [
            (expected(slot, tagged=tagged or has_tags(slot)), places(slot))
            for slot in map(read, slots(job.source))
            if not is_data(slot)
        ]
        after = [
            (said(slot), places(slot)) for slot in map(read, slots(target)) if not is_data(slot)
        ]
        assert len(after) == len(before), job.name
        for (wanted, one), (text, other) in zip(before, after, strict=True):
            # Tags beside entities and code make other words of them than the test does.
            assert text == wanted or (tagged and re.search("<.*[&`]|[&`].*<", text)), job.name
            assert one == other or None in one, f"{job.name}: {text}"
