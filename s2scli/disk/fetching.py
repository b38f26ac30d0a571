"""Fetching one file from an address that the user gives: by HTTP, and nothing else."""

from __future__ import annotations

import http.client
import shutil
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path

from s2scli.errors import InputOutputError, UnavailableError

__all__ = ["Progress", "fetch"]

SECONDS = 60  # to wait for the other side
CHUNK = 1 << 20
# What there is, and of how much, in bytes.
Progress = Callable[[float, float], None]
# No others: an address must not lead to a file of this machine, or to another protocol.
HANDLERS = (
    urllib.request.ProxyHandler,
    urllib.request.HTTPHandler,
    urllib.request.HTTPSHandler,
    urllib.request.HTTPRedirectHandler,
    urllib.request.HTTPDefaultErrorHandler,
    urllib.request.HTTPErrorProcessor,
)


def fetch(address: str, path: Path, progress: Progress) -> None:
    """Fetch a file.

    Args:
        address: with http or https.
        path: where it goes; nothing is there yet.
        progress: is told how many bytes there are, and of how many.

    Raises:
        UnavailableError: the address cannot be reached, or the connection broke.
        InputOutputError: the disk is full.
    """
    opener = urllib.request.OpenerDirector()
    for handler in HANDLERS:
        opener.add_handler(handler())
    request = urllib.request.Request(address, headers={"User-Agent": "s2s"})
    try:
        with opener.open(request, timeout=SECONDS) as answer:
            total = int(answer.headers.get("Content-Length") or 0)
            _check_space(path, total)
            _receive(answer, path, total, progress)
    except urllib.error.HTTPError as error:
        raise UnavailableError(f"{address}: {error.code} {error.reason}") from error
    except (urllib.error.URLError, http.client.HTTPException, TimeoutError, ValueError) as error:
        reason = getattr(error, "reason", None) or error
        raise UnavailableError(f"Cannot fetch {address}: {reason}") from error
    except ConnectionError as error:
        raise UnavailableError(f"{address}: the connection broke: {error}", "Try again.") from error
    except OSError as error:
        raise InputOutputError(f"Cannot write {path}: {error.strerror}") from error


def _receive(answer: http.client.HTTPResponse, path: Path, total: int, progress: Progress) -> None:
    done = 0
    with path.open("xb") as file:
        while block := answer.read(CHUNK):
            file.write(block)
            done += len(block)
            progress(done, max(done, total))
    if done < total:
        raise ConnectionError(f"{done:,} of {total:,} bytes came")


def _check_space(path: Path, total: int) -> None:
    free = shutil.disk_usage(path.parent).free
    if total > free:
        raise InputOutputError(
            f"The file needs {total / 1e9:.1f} GB at {path.parent}, where "
            f"{free / 1e9:.1f} GB are free"
        )
