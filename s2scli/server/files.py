"""Uploaded documents: in a folder of the server's own, until they are fetched or an hour is over.

Nothing of an upload's name becomes a path: of it only the extension counts, if it is that of a
known format.
"""

from __future__ import annotations

import os
import secrets
import shutil
import stat
import tempfile
import threading
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path, PurePosixPath, PureWindowsPath
from time import monotonic
from typing import Any

from filelock import FileLock, Timeout
from starlette.datastructures import UploadFile
from starlette.requests import ClientDisconnect, Request

from s2scli.api import TextModel
from s2scli.data import Result
from s2scli.documents import found_format
from s2scli.errors import BadInputError, S2SError
from s2scli.languages.codes import english_name, same_language
from s2scli.languages.detection import UNKNOWN
from s2scli.models.store import Installed
from s2scli.server.limits import TooLargeError
from s2scli.server.reading import limited_to
from s2scli.server.sources import NAME_IT, source_of
from s2scli.server.work import Gone
from s2scli.tasks.documentlanguages import plain_text

__all__ = [
    "DONE",
    "FAILED",
    "QUEUED",
    "TRANSLATING",
    "Files",
    "Upload",
    "extensions",
    "read_upload",
    "remove_left_over",
]

QUEUED, TRANSLATING, DONE, FAILED = "queued", "translating", "done", "error"
LIFETIME = 3600.0  # seconds
FORM_BYTES = 1 << 20  # of a form besides its file
IN_PROGRESS = "s2s.uploads."
IN_USE = "in-use.lock"
JUST_MADE = 60.0  # seconds


@dataclass(slots=True)
class Upload:
    """A document; it is the monitor of its own translation.

    Attributes:
        number: by which its client asks for it.
        key: which nobody else knows.
        folder: a folder of its own.
        extension: of its name, with the dot.
        created: when it came, on the clock of ``monotonic``.
        state: ``queued``, ``translating``, ``done`` or ``error``.
        reason: why it failed.
        characters: of its texts.
        texts: how many it has, as far as it has been read.
        done: how many of them are translated.
    """

    number: str
    key: str
    folder: Path
    extension: str
    created: float
    state: str = QUEUED
    reason: str = ""
    characters: int = 0
    texts: int = 0
    done: int = 0

    @property
    def progress(self) -> float:
        """How much of it is done, from 0 to 1."""
        return 1.0 if self.state == DONE else min(self.done / max(1, self.texts), 1.0)

    def opened(self, size: int, segments: int, recalled: int) -> None:
        """It has been read."""
        self.texts += segments
        self.done += recalled

    def decoded(self, pieces: int, source_tokens: int, target_tokens: int) -> None:
        """A batch has been decoded; texts count when they are whole."""

    def finished(self, results: Sequence[Result]) -> None:
        """Some of its texts are translated."""
        self.done += len(results)

    @property
    def source(self) -> Path:
        """Where it is."""
        return self.folder / f"document{self.extension}"

    @property
    def target(self) -> Path:
        """Where its translation is."""
        return self.folder / "out" / f"document{self.extension}"

    def language(self, target: str, models: Sequence[Installed]) -> str | None:
        """The language that it is in, by its text.

        Args:
            target: the language of the translation.
            models: those that there are.

        Returns:
            None if nothing can be told of it; its translation says what is wrong with it.

        Raises:
            BadInputError: it is not clear, has no model, or is that of the translation.
        """
        try:
            text = plain_text(found_format(self.source) or "", self.source.name, self.source)
        except Exception:  # whatever the reader of a format raises
            return None
        found = source_of(text, target, models).language
        if found == UNKNOWN:
            return None
        if same_language(found, target):
            raise BadInputError(f"The document is already in {english_name(found)}", NAME_IT)
        return found

    def translate(
        self, session: TextModel, source: str | None, target: str | None, **options: Any
    ) -> None:
        """Translate it; what goes wrong with it is its state.

        Args:
            session: the model.
            source: its language; None if the model has only one.
            target: the language of the translation.
            **options: of ``s2scli.translate_folder``.
        """
        from s2scli.folders import translate_folder

        self.state = TRANSLATING
        try:
            speaking = session.speaking(source, target)
            (outcome,) = translate_folder(
                speaking, self.source, self.target.parent, monitor=self, **options
            )
        except S2SError as error:
            self.state, self.reason = FAILED, str(error)
            return
        self.characters = self.source.stat().st_size
        failed = outcome.status == "failed"
        self.state, self.reason = (FAILED, outcome.reason) if failed else (DONE, "")


class Files:
    """The documents of a server.

    Args:
        most: how many there may be at the same time.
    """

    def __init__(self, most: int = 1000) -> None:
        self._most = most
        self._folder: Path | None = None
        self._in_use: FileLock | None = None  # while this process lives
        self._lock = threading.Lock()
        self._uploads: dict[str, Upload] = {}

    def add(self, name: str, data: bytes) -> Upload:
        """Keep a document.

        Raises:
            BadInputError: its name has no extension of a known format.
            TooLargeError: there are too many.
        """
        upload = self._new(_extension(name))
        upload.source.write_bytes(data)
        return upload

    def get(self, number: str, key: str | None = None) -> Upload | None:
        """The document of a number, and of a key if that is needed; None if there is none."""
        self.sweep()
        with self._lock:
            upload = self._uploads.get(number)
        if upload is None:
            return None
        given = upload.key if key is None else key
        return upload if secrets.compare_digest(given.encode(), upload.key.encode()) else None

    def drop(self, upload: Upload) -> None:
        """Forget a document and remove it."""
        with self._lock:
            self._uploads.pop(upload.number, None)
        shutil.rmtree(upload.folder, ignore_errors=True)

    def sweep(self) -> None:
        """Drop what is too old."""
        oldest = monotonic() - LIFETIME
        with self._lock:
            old = [each for each in self._uploads.values() if each.created < oldest]
        for upload in old:
            self.drop(upload)

    def close(self) -> None:
        """Remove everything."""
        with self._lock:
            folder, self._folder = self._folder, None
            self._uploads.clear()
        if folder and self._in_use:
            shutil.rmtree(folder, ignore_errors=True)
            self._in_use.release()

    def scratch(self) -> Path:
        """The folder of all that is on disk for requests; readable by this user alone."""
        with self._lock:
            return self._own_folder()

    def _own_folder(self) -> Path:
        if self._folder is None:
            self._folder = Path(tempfile.mkdtemp(prefix=IN_PROGRESS))
            self._in_use = FileLock(self._folder / IN_USE)
            self._in_use.acquire()
        return self._folder

    def _new(self, extension: str) -> Upload:
        self.sweep()
        with self._lock:
            if len(self._uploads) >= self._most:
                raise TooLargeError("There are too many documents on this server", "Try later.")
            number = secrets.token_hex(16)
            folder = self._own_folder() / number
            folder.mkdir()
            upload = Upload(number, secrets.token_hex(32), folder, extension, monotonic())
            self._uploads[number] = upload
            return upload


def remove_left_over() -> None:
    """Remove what servers of this user that were killed have left on the disk."""
    for folder in Path(tempfile.gettempdir()).glob(f"{IN_PROGRESS}*"):
        with suppress(OSError, Timeout):  # of another user, or of a server that runs
            found = folder.lstat()
            is_own = stat.S_ISDIR(found.st_mode) and found.st_uid == os.getuid()
            # A server that starts may not have locked it yet.
            if is_own and time.time() - found.st_mtime > JUST_MADE:
                with FileLock(folder / IN_USE, timeout=0):
                    shutil.rmtree(folder, ignore_errors=True)


def extensions() -> list[str]:
    """The extensions of all known formats that can be written, with their dots, sorted."""
    from s2scli.documents import EXTENSIONS

    return sorted(EXTENSIONS)


def _extension(name: str) -> str:
    """The extension of an upload's name.

    Raises:
        BadInputError: it is none of a known format.
    """
    plain = PureWindowsPath(PurePosixPath(name).name).name
    extension = PurePosixPath(plain).suffix.lower()
    if extension not in extensions():
        raise BadInputError(f"The format of {plain!r} is unknown", _known(extensions()))
    return extension


def _known(names: Sequence[str]) -> str:
    return f"Known: {', '.join(name.removeprefix('.') for name in names)}."


async def read_upload(request: Request, most: int) -> tuple[str, bytes, dict[str, Any]]:
    """A form with one file.

    Args:
        request: the request.
        most: bytes of the file.

    Returns:
        The file's name, its bytes, and the other fields.

    Raises:
        BadInputError: it is no such form.
        TooLargeError: the file is too large.
        Gone: the client has hung up.
    """
    from starlette.exceptions import HTTPException

    limited = limited_to(request, most + FORM_BYTES, "The form")
    try:
        async with limited.form(max_files=1, max_fields=100, max_part_size=FORM_BYTES) as form:
            fields = dict(form.multi_items())
            file = fields.pop("file", None)
            if not isinstance(file, UploadFile):
                raise BadInputError("The form has no file", "Send it in the field 'file'.")
            data = await file.read()
    except HTTPException as error:
        raise BadInputError(f"The form cannot be read: {error.detail}") from error
    except ClientDisconnect as error:
        raise Gone from error
    if len(data) > most:
        raise TooLargeError(f"The file has more than {most:,} bytes")
    return str(fields.get("filename") or file.filename or ""), data, fields
