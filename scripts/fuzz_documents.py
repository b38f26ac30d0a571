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
import random
import resource
import signal
import sys
import time
import traceback
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from mutations import mutated

from s2scli.documents import FORMATS, WRITTEN_AS, format_of, open_format
from s2scli.documents.base import FormatOptions, Slot, Target, parents
from s2scli.documents.filling import Document
from s2scli.documents.reading import read_document
from s2scli.errors import BadInputError
from s2scli.text.projection import project

CORPUS = Path(__file__).parents[1] / "tests" / "corpus"
MEMORY = 4 << 30  # bytes of address space for all of the process
HANGS = 10  # so many time limits without an answer to the signal end the process
PLACES = 3  # frames that name a failure
BILINGUAL = ("po", "ts", "xcstrings", "xliff")
TEXTS: list[Callable[[str], str]] = [
    lambda text: text.swapcase(),
    lambda text: " ".join(reversed(text.split())),
    lambda text: f"<b & \"c\" 'd'> \\ ]]> --> {text} é 漢 🙂 \t {{x}} `*_[]|#:",
    lambda text: text[: len(text) // 2],
    lambda text: "",
    lambda text: f"# - 1. > : \x0b \x1f \u2028 \x85 %d 00:01:00,000 --> 00:02:00,000 {text[-9:]}",
]


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
