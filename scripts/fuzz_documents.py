"""Try the document formats on damaged files: every file of the corpus, mutated again and again.

A mutated file is opened by its format, its slots are filled with other texts, and what is written
is opened again. Only two things may come of it: success, or a ``BadInputError``; within a time
limit, and with all bytes the same if no text changes. Whatever else happens is shown once for each
place of the code, with the number of the case, which gives the same bytes again::

    python scripts/fuzz_documents.py --seconds 600 --seed 7 --keep /tmp/cases
    python scripts/fuzz_documents.py --seed 7 --case 4711
"""

from __future__ import annotations

import argparse
import faulthandler
import io
import random
import re
import resource
import signal
import sys
import time
import traceback
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from s2scli.documents import FORMATS, WRITTEN_AS, format_of, open_format
from s2scli.documents.base import FormatOptions, Slot, Target, parents
from s2scli.documents.filling import Document
from s2scli.documents.reading import read_document
from s2scli.errors import BadInputError
from s2scli.text.projection import project

CORPUS = Path(__file__).parents[1] / "tests" / "corpus"
MEMORY = 4 << 30  # bytes of address space for all of the process
HANGS = 10  # so many time limits without an answer to the signal end the process
LARGEST = 1 << 18  # bytes that a file grows to
PLACES = 3  # frames that name a failure
BILINGUAL = ("po", "ts", "xcstrings", "xliff")
TOKENS = [
    *(b"\0", b"\xff", b"\xed\xa0\x80", b"\xef\xbb\xbf", b"\r", b"\r\n", b"\n\n", b"\x0b", b"\x1b"),
    *("\u2028".encode(), "\u00a0".encode(), "\u202e".encode(), "\x85".encode(), "🙂".encode()),
    *(b"<", b">", b"&", b"]]>", b"<!--", b"-->", b"<![CDATA[", b"<?", b"?>", b"</p>", b"<b>"),
    *(b"&#0;", b"&#x110000;", b"&lt;", b"&amp", b"&nbsp;", b'"', b"'", b"\\", b"\\u12", b"\\\n"),
    *(b"[", b"]", b"{", b"}", b"(", b")", b"*", b"_", b"`", b"```\n", b"~", b"|", b"#", b"!["),
    *(b"](", b"---\n", b"- ", b"> ", b"    ", b"\t", b": ", b"&a ", b"*a ", b"!!str ", b"? ", b"%"),
    *(b"-->", b"00:00:01,000", b"9" * 5000, b"1e999", b"msgid ", b"msgstr ", b'""\n', b","),
    *(b"<x id='1'/>", b"<a/>", b'<a href="', b"</", b"<script>", b"</script>", b"<pre>", b"<br>"),
]  # fmt: skip
TEXTS: list[Callable[[str], str]] = [
    lambda text: text.swapcase(),
    lambda text: " ".join(reversed(text.split())),
    lambda text: f"<b & \"c\" 'd'> \\ ]]> --> {text} é 漢 🙂 \t {{x}} `*_[]|#:",
    lambda text: text[: len(text) // 2],
    lambda text: "",
    lambda text: f"# - 1. > : \x0b \x1f \u2028 \x85 %d 00:01:00,000 --> 00:02:00,000 {text[-9:]}",
]
Random = random.Random


class TooSlow(BaseException):
    """A file took more time than it may."""


class BrokenRule(Exception):
    """A file did not do what all files must do."""


class Failure(NamedTuple):
    """What must not be: what kind, where, and in which case."""

    kind: str
    what: str
    case: int
    text: str


def flipped(data: bytes, chance: Random, _other: bytes) -> bytes:
    """Some bytes are others."""
    found = bytearray(data)
    for _ in range(chance.choice((1, 2, 8, 64))):
        found[chance.randrange(len(found))] ^= 1 << chance.randrange(8)
    return bytes(found)


def truncated(data: bytes, chance: Random, _other: bytes) -> bytes:
    """The begin or the end is missing."""
    place = chance.randrange(len(data))
    return data[:place] if chance.random() < 0.8 else data[place:]


def spliced(data: bytes, chance: Random, other: bytes) -> bytes:
    """The begin of one file and the end of another."""
    return data[: chance.randrange(len(data))] + other[chance.randrange(len(other) or 1) :]


def cut(data: bytes, chance: Random, _other: bytes) -> bytes:
    """A stretch is missing."""
    start = chance.randrange(len(data))
    return data[:start] + data[start + chance.choice((1, 2, 10, 100, 1000)) :]


def repeated(data: bytes, chance: Random, _other: bytes) -> bytes:
    """A stretch stands there many times."""
    start = chance.randrange(len(data))
    chunk = data[start : start + chance.choice((1, 2, 4, 10, 30, 100))]
    most = max(1, (LARGEST - len(data)) // len(chunk))
    return data[:start] + chunk * min(chance.choice((2, 50, 1000, 1 << 16)), most) + data[start:]


def inserted(data: bytes, chance: Random, _other: bytes) -> bytes:
    """Characters that mean something stand where they should not."""
    for _ in range(chance.choice((1, 1, 3, 20))):
        place = chance.randrange(len(data) + 1)
        data = data[:place] + chance.choice(TOKENS) + data[place:]
    return data


def nested(data: bytes, chance: Random, _other: bytes) -> bytes:
    """Characters that open something stand there many times."""
    place = chance.randrange(len(data) + 1)
    chunk = b"".join(chance.choices(TOKENS, k=chance.choice((1, 1, 2, 3))))
    times = min(chance.choice((10, 300, 5000, 1 << 16)), LARGEST // len(chunk))
    return data[:place] + chunk * times + data[place:]


def unclosed(data: bytes, chance: Random, _other: bytes) -> bytes:
    """Some of what closes something is missing."""
    found = list(re.finditer(rb"</[^>]*>|[\])}\"'`*]|-->|/>", data))
    for match in sorted(chance.sample(found, min(len(found), chance.choice((1, 3, 50)))),
                        key=re.Match.start, reverse=True):  # fmt: skip
        data = data[: match.start()] + data[match.end() :]
    return data


def shuffled(data: bytes, chance: Random, _other: bytes) -> bytes:
    """Lines, or tags, in another order."""
    pieces = re.split(rb"(?=<)" if b"</" in data else rb"(?<=\n)", data)
    start = chance.randrange(len(pieces))
    some = pieces[start : start + chance.choice((2, 5, 50))]
    chance.shuffle(some)
    return b"".join([*pieces[:start], *some, *pieces[start + len(some) :]])


def recoded(data: bytes, chance: Random, _other: bytes) -> bytes:
    """In another encoding, with and without its mark."""
    encoding = chance.choice(("utf-16", "utf-16-le", "utf-16-be", "utf-8-sig", "cp1252", "utf-7"))
    return data.decode("utf-8", "replace").encode(encoding, "replace")


CHANGES = [
    *(flipped, truncated, spliced, cut, repeated, inserted, nested, unclosed, shuffled, recoded)
]
Members = list[tuple[zipfile.ZipInfo, bytes]]


def mutated(data: bytes, chance: Random, other: bytes) -> bytes:
    """A file after some changes."""
    if data.startswith(b"PK") and chance.random() < 0.9:
        return repacked(data, chance, other)
    for _ in range(chance.choice((1, 1, 1, 2, 3))):
        if data:
            data = chance.choice(CHANGES)(data, chance, other)
    return data


def repacked(data: bytes, chance: Random, other: bytes) -> bytes:
    """An archive after changes in what it holds."""
    members, others = unpacked(data), unpacked(other)
    for _ in range(chance.choice((1, 1, 2))):
        number = chance.randrange(len(members))
        info, content = members[number]
        second = chance.randrange(len(members))
        action = chance.random()
        if action < 0.75:
            texts = [place for place, (each, _) in enumerate(members) if is_text(each.filename)]
            number = chance.choice(texts or [number])
            info, content = members[number]
            if content:
                pool = others or members
                content = mutated(content, chance, chance.choice(pool)[1])
            members[number] = (info, content)
        elif action < 0.8:
            del members[number]
        elif action < 0.9:  # the contents of two change places
            members[number] = (info, members[second][1])
            members[second] = (members[second][0], content)
        elif others:
            members[number] = (info, chance.choice(others)[1])
        if not members:
            break
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as file:
        for info, content in members:
            file.writestr(info, content, info.compress_type)
    return buffer.getvalue()


def is_text(name: str) -> bool:
    """Whether a member of an archive is XML or a page."""
    return name.endswith((".xml", ".xhtml", ".html", ".opf", ".ncx", ".rels"))


def unpacked(data: bytes) -> Members:
    """The members of an archive; none if it is none."""
    if not data.startswith(b"PK"):
        return []
    with zipfile.ZipFile(io.BytesIO(data)) as file:
        return [(info, file.read(info)) for info in file.infolist()]


def filled(document: Document, change: Callable[[str], str]) -> bytes:
    """A document with other texts, its marks where the run itself would put them."""
    return b"".join(document.written([target(slot, change(slot.text)) for slot in document.slots]))


def target(slot: Slot, text: str) -> Target:
    """Another text for a slot."""
    spans = [(mark.start, mark.end) for mark in slot.marks]
    return Target(text, project(slot.text, text, spans, parents(slot.marks), ()))


def same(document: Document) -> bytes:
    """A document with the texts that it has."""
    targets = []
    for slot in document.slots:
        spans = tuple((mark.start, mark.end) for mark in slot.marks)
        targets.append(Target(slot.text if slot.says is None else slot.says, spans))
    return b"".join(document.written(targets))


def attempt(kind: str, name: str, data: bytes, change: Callable[[str], str]) -> str:
    """Open a file and fill it; what came of it.

    Raises:
        BrokenRule: what stands there is not what it should be.
        Exception: whatever no file may raise.
    """
    opener = open_format(
        kind, FormatOptions(overwrite=True, sheet_names=True, target_language="de")
    )
    try:
        document = read_document(opener, name, data)
    except BadInputError as error:
        check("\n" not in error.message, "a message of several lines")
        return "refused"
    bool(document.has_text)
    if kind not in (*BILINGUAL, *WRITTEN_AS) and not opener.is_named:
        check(same(document) == data, "without a change it is another file")
    try:
        written = filled(document, change)
    except BadInputError as error:  # its encoding does not have a character
        check("which has no" in error.message, f"it cannot be written: {error}")
        return "refused"
    if kind not in WRITTEN_AS and written:
        read_document(opener, name, written)
    return "filled" if document.slots else "empty"


def check(holds: bool, rule: str) -> None:
    """Hold a file to a rule.

    Raises:
        BrokenRule: it breaks it.
    """
    if not holds:
        raise BrokenRule(rule)


@contextmanager
def limited(seconds: float) -> Iterator[None]:
    """Seconds of computing, after which ``TooSlow`` is raised; a deaf process ends."""

    def stop(*_: object) -> None:
        raise TooSlow

    signal.signal(signal.SIGVTALRM, stop)
    signal.setitimer(signal.ITIMER_VIRTUAL, seconds)
    faulthandler.dump_traceback_later(seconds * HANGS + 60, exit=True)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        faulthandler.cancel_dump_traceback_later()


class Fuzzer:
    """All cases of a seed.

    Args:
        files: the files to be changed.
        seed: which cases.
        limit: seconds that a file may take.
    """

    def __init__(self, files: Sequence[Path], seed: int, limit: float) -> None:
        self._files = files
        self._seed = seed
        self._limit = limit
        self._data = {path: path.read_bytes() for path in files}

    def case(self, number: int) -> tuple[Path, bytes, Callable[[str], str]]:
        """The file of a case, its bytes, and what becomes of its texts."""
        chance = random.Random(f"{self._seed}:{number}")
        path = self._files[number % len(self._files)]
        likes = [other for other in self._files if other.suffix == path.suffix]
        other = self._data[chance.choice(likes)]
        data = mutated(self._data[path], chance, other) if self._data[path] else other
        return path, data, chance.choice(TEXTS)

    def run(self, number: int) -> tuple[str, Failure | None]:
        """Do a case; what came of it."""
        path, data, change = self.case(number)
        kind = format_of(path) or ""
        try:
            with limited(self._limit):
                return attempt(kind, path.name, data, change), None
        except (Exception, TooSlow) as error:
            frames = traceback.extract_tb(error.__traceback__)[1:]
            known = [frame for frame in frames if "s2scli" in frame.filename] or frames
            places = [f"{Path(frame.filename).name}:{frame.lineno}" for frame in known[-PLACES:]]
            message = str(error).split("\n")[0][:120]
            what = f"{type(error).__name__} {message} at {' '.join(places)}"
            if isinstance(error, TooSlow):
                what = f"{type(error).__name__} in {known[-1].name if known else ''}"
            return "failed", Failure(kind, what, number, traceback.format_exc())


def corpus(folder: Path, kinds: Sequence[str]) -> list[Path]:
    """The files to be changed, of formats that are there."""
    found = []
    for path in sorted(folder.rglob("*")):
        kind = format_of(path) if path.is_file() else None
        if kind and (not kinds or kind in kinds) and is_there(kind):
            found.append(path)
    return found


def is_there(kind: str) -> bool:
    """Whether a format's libraries are installed."""
    try:
        open_format(kind, FormatOptions())
    except ImportError:
        return False
    return True


def main() -> int:
    """Fuzz; the exit code is 1 if a rule was broken."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else "")
    parser.add_argument("--corpus", type=Path, default=CORPUS, help="a folder of documents")
    parser.add_argument("--format", action="append", default=[], choices=FORMATS, dest="kinds")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--cases", type=int, default=0, help="so many; 0: by --seconds")
    parser.add_argument("--seconds", type=float, default=20, help="so long without --cases")
    parser.add_argument("--limit", type=float, default=10, help="seconds that a file may take")
    parser.add_argument("--case", type=int, help="only this one, shown with its failure")
    parser.add_argument("--keep", type=Path, help="a folder for the files that failed")
    options = parser.parse_args()
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    files = corpus(options.corpus, options.kinds)
    if not files:
        parser.error(f"{options.corpus} has no file of that format")
    fuzzer = Fuzzer(files, options.seed, options.limit)
    if options.case is not None:
        path, data, _ = fuzzer.case(options.case)
        result, failure = fuzzer.run(options.case)
        print(path, len(data), result, failure.text if failure else "", sep="\n")
        return bool(failure)
    results: Counter[str] = Counter()
    failures: dict[tuple[str, str], list[Failure]] = {}
    end = time.monotonic() + options.seconds
    number = 0
    while number < options.cases if options.cases else time.monotonic() < end:
        result, failure = fuzzer.run(number)
        results[result] += 1
        if failure:
            same_place = failures.setdefault((failure.kind, failure.what), [])
            same_place.append(failure)
            if len(same_place) == 1:
                print(f"{failure.kind}: {failure.what} (case {number})", flush=True)
                keep(options.keep, fuzzer, failure)
        number += 1
    for (kind, what), found in sorted(failures.items()):
        print(f"{len(found):6} × {kind}: {what}, first case {found[0].case}", file=sys.stderr)
    print(f"{number} cases of seed {options.seed}: {dict(results)}")
    return bool(failures)


def keep(folder: Path | None, fuzzer: Fuzzer, failure: Failure) -> None:
    """Write a file that failed."""
    if folder:
        folder.mkdir(parents=True, exist_ok=True)
        path, data, _ = fuzzer.case(failure.case)
        (folder / f"{failure.case}-{path.name}").write_bytes(data)


if __name__ == "__main__":
    sys.exit(main())
