"""Which files of which folders are documents, and where their translations go."""

from __future__ import annotations

import os
import re
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path

from s2scli.disk.ignore import Ignored
from s2scli.disk.places import is_local, same
from s2scli.documents import WRITTEN_AS, format_of, found_format
from s2scli.errors import BadInputError, MissingInputError, UsageError

__all__ = ["BACKUP", "Destination", "DocumentJob", "Selection", "home", "is_of_kind", "jobs"]

JOURNAL_PREFIX = ".s2s-"
BACKUP = ".bak"  # after the name of what was translated in place, with a number from the second on
LOCK = ".~lock."  # of an office document that is open
# Hidden names without text of people's own.
OF_PROGRAMS = frozenset(
    (".git", ".hg", ".svn", ".gitignore", ".gitattributes", ".DS_Store", ".venv")
)
NOT_IN_NAMES = "/\0"
_BACKUP = re.compile(r"\.bak\d*$")


@dataclass(frozen=True, slots=True)
class Selection:
    """The files to take from folders.

    Attributes:
        include: patterns of names or of paths below the folder; empty for all known formats.
        exclude: patterns of what is left out.
        hidden: whether names that begin with a dot count.
        format: the format of all files, whatever their names; None to go by these.
        ignore_file: name of the files that say what of their folders is left out, such as
            ``.gitignore``; None for none.
    """

    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    hidden: bool = False
    format: str | None = None
    ignore_file: str | None = None


@dataclass(frozen=True, slots=True)
class Destination:
    """Where translations go.

    Attributes:
        output: the folder that mirrors the inputs; None to write beside the sources.
        suffix: what goes before the extension: ``.de`` makes ``a.txt`` into ``a.de.txt``.
        in_place: whether translations take the place of their sources.
        extension: what goes after the names, if what is written is of another kind.
        file: the very file that a single document's translation goes to.
    """

    output: Path | None = None
    suffix: str = ""
    in_place: bool = False
    extension: str = ""
    file: Path | None = None

    @classmethod
    def of(cls, output: Path | None, suffix: str, *, in_place: bool) -> Destination:
        """Where the translations of folders go.

        Raises:
            UsageError: nowhere, or to two places; or the suffix is no part of a name.
        """
        if set(suffix) & set(NOT_IN_NAMES):
            raise UsageError("A suffix is a part of a name, without /", "Folders: -o DIRECTORY.")
        places = sum((output is not None or bool(suffix), in_place))
        if places != 1:
            raise UsageError(
                "Documents need an output for their translations" + ", and only one" * (places > 1),
                "Give -o DIRECTORY, --suffix .de or --in-place.",
            )
        return cls(output, suffix, in_place)

    def target(self, root: Path, below: Path, kind: str) -> Path:
        """Where the translation of a document goes.

        Args:
            root: the file or folder that was named.
            below: the document's path below it.
            kind: the document's format.
        """
        if self.file:
            return self.file
        name = below.with_name(f"{below.stem}{self.suffix}{below.suffix}")
        if self.extension and below.suffix != self.extension:
            name = name.with_name(f"{name.name}{self.extension}")
        elif kind in WRITTEN_AS:
            name = name.with_suffix(WRITTEN_AS[kind])
        return (self.output or home(root)) / name


@dataclass(frozen=True, slots=True)
class DocumentJob:
    """A document to translate.

    Attributes:
        name: what it is called: its path below the folder that was named, or its name; where
            translations stand beside their sources, all of its path. A text even if the path is
            not UTF-8.
        source: where it is.
        target: where its translation goes.
        format: a key of ``s2scli.documents.FORMATS``; empty for a folder that cannot be read.
    """

    name: str
    source: Path
    target: Path
    format: str

    @property
    def size(self) -> int:
        """The source's size in bytes; 0 if it cannot be read (reported at opening)."""
        try:
            return self.source.stat().st_size
        except OSError:
            return 0


def jobs(
    inputs: Sequence[Path],
    selection: Selection,
    destination: Destination,
    left_out: Callable[[Path], object] = bool,
) -> Iterator[DocumentJob]:
    """The documents among files and folders, in the order of their names within each.

    Args:
        inputs: files and folders.
        selection: which files of the folders.
        destination: where their translations go.
        left_out: told of the files of folders whose format is not known, of what is no file, and of
            hidden names.

    Raises:
        MissingInputError: an input does not exist.
        UsageError: two documents would be written to one place, or one over its source.
        BadInputError: a file that was named has a format that is not known, or one that cannot
            be written in place.
    """
    found: list[tuple[Path, DocumentJob]] = []
    taken: dict[Path, Path] = {}
    for root in inputs:
        for source, below, kind in _files(root, selection, destination.output, left_out):
            if kind is None:
                raise BadInputError(
                    f"{source} has an unknown document format",
                    "Choose one with --input-format.",
                )
            if destination.in_place and kind in WRITTEN_AS:
                raise BadInputError(
                    f"{source} cannot be translated in place: {kind} is only read",
                    "Leave it out with --exclude, or give -o DIRECTORY.",
                )
            target = source if destination.in_place else destination.target(root, below, kind)
            if not destination.in_place:
                _check(source, target)
            if target in taken:
                raise UsageError(f"{taken[target]} and {source} would both be written to {target}")
            taken[target] = source
            # Beside the sources there may be several of one path below what was named.
            name = str(below if destination.output else source.absolute())
            name = os.fsencode(name).decode(errors="backslashreplace")
            found.append((root, DocumentJob(name, source, target, kind)))
    for root, job in found:
        # What stands beside its source may be the translation that another run has written.
        if job.source == root or taken.get(job.source, job.source) == job.source:
            yield job


def is_of_kind(output: Path, source: Path) -> bool:
    """Whether a translation of a document may have this file name."""
    kind = format_of(source)
    extension = WRITTEN_AS.get(str(kind))
    return output.suffix.lower() == extension if extension else format_of(output) == kind


def home(root: Path) -> Path:
    """The folder that an input is, or is in."""
    return root if root.is_dir() else root.parent


def _check(source: Path, target: Path) -> None:
    if same(source, target):
        raise UsageError(
            f"{source} would be overwritten by its translation",
            "Give -o DIRECTORY or --suffix, or --in-place if you want that.",
        )
    if is_local(target) and not any(_kind(target)) and target.exists():
        raise UsageError(f"{target} is a pipe or a device; documents need a file")


def _files(
    root: Path, selection: Selection, output: Path | None, left_out: Callable[[Path], object]
) -> Iterator[tuple[Path, Path, str | None]]:
    """Each file, its path below what was named, and its format.

    A folder below that cannot be read is taken for a document that cannot.
    """
    if not root.exists():
        raise MissingInputError(f"There is no file {root}")
    if not root.is_dir():
        yield root, Path(root.name), selection.format or format_of(root)
        return
    walk = _Walk(selection, output.resolve() if output else None)
    ignored = Ignored(selection.ignore_file).inside(root) if selection.ignore_file else None
    for path in walk.files(root, ignored):
        below = Path(str(path.relative_to(root)))
        if path in walk.closed:
            if path == root:
                raise MissingInputError(f"Cannot read the folder {root}: {walk.closed[path]}")
            if not _matches(below, selection.exclude):
                yield path, below, ""
        elif _wanted(below, selection):
            is_odd = path in walk.odd
            kind = None if is_odd else selection.format or found_format(path)
            if not is_odd and (kind or selection.include):
                yield path, below, kind
            else:
                left_out(path)


class _Walk:
    """All files below a folder; each folder once, so that links in circles end.

    Links to folders come last, so that what is in the tree itself is found under its own name.

    Attributes:
        closed: the folders that cannot be read, and why.
        odd: what is neither a file nor a folder: links to nothing, pipes, devices; links to
            folders that are gone through under another name; and hidden names.
    """

    def __init__(self, selection: Selection, output: Path | None) -> None:
        self.closed: dict[Path, str] = {}
        self.odd: set[Path] = set()
        self._selection = selection
        self._output = output
        self._seen: set[tuple[int, int]] = set()
        self._links: deque[tuple[Path, Ignored | None]] = deque()

    def files(self, folder: Path, ignored: Ignored | None) -> Iterator[Path]:
        """The files, the folders that cannot be read and what is odd, in the order of their names.

        Args:
            folder: where.
            ignored: what its ignore files leave out.
        """
        yield from self._files(folder, ignored)
        while self._links:
            link, ignored = self._links.popleft()
            if _identity(link) in self._seen:
                self.odd.add(link)
                yield link
            else:
                yield from self._files(link, ignored)

    def _files(self, folder: Path, ignored: Ignored | None) -> Iterator[Path]:
        try:
            names = [] if self._is_seen(folder) else _names(folder)
        except OSError as error:
            self.closed[folder] = error.strerror or str(error)
            yield folder
            return
        for name in names:
            if _BACKUP.search(name) or name.startswith((JOURNAL_PREFIX, LOCK)):
                continue
            path = folder / name
            if name.startswith(".") and not self._selection.hidden:
                if name not in OF_PROGRAMS:
                    self.odd.add(path)
                    yield path
                continue
            is_folder, is_file = _kind(path)
            if ignored and ignored.leaves_out(name, is_folder=is_folder):
                continue
            if is_folder and path.resolve() != self._output:
                inside = ignored and ignored.inside(path, name)
                if is_local(path) and path.is_symlink():
                    self._links.append((path, inside))
                else:
                    yield from self._files(path, inside)
            elif is_file:
                yield path
            elif not is_folder:
                self.odd.add(path)
                yield path

    def _is_seen(self, folder: Path) -> bool:
        if not is_local(folder):
            return False  # there are no links to be followed
        identity = _identity(folder)
        is_seen = identity in self._seen
        self._seen.add(identity)
        return is_seen


def _identity(folder: Path) -> tuple[int, int]:
    status = folder.stat()
    return status.st_dev, status.st_ino


def _names(folder: Path) -> list[str]:
    return sorted(os.listdir(folder) if is_local(folder) else (p.name for p in folder.iterdir()))


def _kind(path: Path) -> tuple[bool, bool]:
    """Whether something is a folder or a file; what cannot be looked at is taken for a file."""
    try:
        return path.is_dir(), path.is_file()
    except OSError:
        return False, True


def _wanted(below: Path, selection: Selection) -> bool:
    if _matches(below, selection.exclude):
        return False
    return not selection.include or _matches(below, selection.include)


def _matches(below: Path, patterns: Iterable[str]) -> bool:
    """Whether a path, or a folder that it is in, matches one of several patterns."""
    paths = [below, *list(below.parents)[:-1]]
    return any(
        fnmatch(str(path), pattern) or fnmatch(path.name, pattern)
        for path in paths
        for pattern in patterns
    )
