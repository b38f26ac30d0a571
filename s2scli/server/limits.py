"""Who may ask, how much, and how often."""

from __future__ import annotations

import hmac
import threading
from collections import OrderedDict
from collections.abc import Iterable, Sequence
from time import monotonic
from typing import NamedTuple

from s2scli.errors import S2SError

__all__ = ["ForbiddenError", "RateError", "Rates", "RequestLimits", "TooLargeError"]

# Of JSON, where a character beyond U+FFFF can be two escapes.
BYTES_PER_CHARACTER = 12
MOST_CLIENTS = 10_000  # whose rates are remembered


class ForbiddenError(S2SError):
    """The key is missing or unknown."""


class TooLargeError(S2SError):
    """A request holds more than it may."""


class RateError(S2SError):
    """A client asks too often.

    Attributes:
        seconds: when to come again.
    """

    def __init__(self, seconds: int) -> None:
        super().__init__("Too many requests", f"Try again in {seconds} s.")
        self.seconds = seconds


class RequestLimits(NamedTuple):
    """What a request may hold.

    Attributes:
        keys: the keys of clients; empty if anyone may ask.
        most_characters: of all texts of a request.
        most_bytes: of the body of a request without files.
        most_file_bytes: of an uploaded file.
    """

    keys: tuple[str, ...] = ()
    most_characters: int = 100_000
    most_bytes: int = 4 << 20
    most_file_bytes: int = 64 << 20

    @classmethod
    def of(cls, keys: tuple[str, ...], characters: int, file_bytes: int) -> RequestLimits:
        """Limits whose bodies have room for so many characters, however they are escaped."""
        room = max(cls().most_bytes, BYTES_PER_CHARACTER * characters)
        return cls(keys, characters, room, file_bytes)

    def check_key(self, given: str | None) -> None:
        """Compare a key with all that are known, in the same time for each.

        Raises:
            ForbiddenError: it is none of them.
        """
        if not self.keys:
            return
        data = (given or "").encode("utf-8", "surrogatepass")
        # All of them, so that time does not tell which is like it.
        matches = [hmac.compare_digest(data, key.encode()) for key in self.keys]
        if not any(matches):
            raise ForbiddenError(
                "The API key is unknown" if given else "An API key is needed",
                "" if given else "Send it as 'Authorization: Bearer KEY'.",
            )

    def check_texts(self, texts: Iterable[str]) -> None:
        """Refuse more text than a request may hold.

        Raises:
            TooLargeError: it is more.
        """
        count = sum(map(len, texts))
        if count > self.most_characters:
            raise TooLargeError(
                f"The request has {count:,} characters, more than {self.most_characters:,}",
                "Send less at once.",
            )


class Rates:
    """So many requests of a client in a minute (a bucket of tokens for each).

    Args:
        per_minute: how many; None for any number.
    """

    def __init__(self, per_minute: int | None) -> None:
        self._most = per_minute
        self._lock = threading.Lock()
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def check(self, client: str) -> None:
        """Count a request.

        Raises:
            RateError: it is one too many.
        """
        if self._most is None:
            return
        with self._lock:
            now = monotonic()
            left, then = self._buckets.pop(client, (float(self._most), now))
            left = min(self._most, left + (now - then) * self._most / 60)
            self._buckets[client] = (left - 1 if left >= 1 else left, now)
            while len(self._buckets) > MOST_CLIENTS:
                self._buckets.popitem(last=False)
        if left < 1:
            raise RateError(int((1 - left) * 60 / self._most) + 1)


def read_keys(lines: Sequence[str]) -> tuple[str, ...]:
    """Keys, a line each; blank lines and those that begin with ``#`` are none."""
    found = (line.strip() for line in lines)
    return tuple(line for line in found if line and not line.startswith("#"))
