"""The errors of s2s: each class has an exit code, each error says what happened and what to do.

The exit codes follow the BSD convention (``sysexits.h``) where it has one. They are part of the
public interface: scripts may rely on them.
"""

from __future__ import annotations

import errno

__all__ = [
    "BadInputError",
    "CannotCreateError",
    "ConfigurationError",
    "GateError",
    "InputOutputError",
    "InvalidModelError",
    "LockedError",
    "MissingInputError",
    "S2SError",
    "UnavailableError",
    "UsageError",
    "WrongTypeError",
    "memory_error",
    "write_error",
]


class S2SError(Exception):
    """A failure of s2s or its engine (exit code 1).

    Subclasses say what else went wrong. The message is one line for the user.

    Args:
        message: what happened and where, without a final full stop.
        advice: what to do next, as a sentence of its own; may be empty.
    """

    exit_code = 1

    def __init__(self, message: str, advice: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.advice = advice

    def __str__(self) -> str:
        return f"{self.message}. {self.advice}" if self.advice else self.message


class UsageError(S2SError):
    """Options or arguments are wrong or contradict each other (exit code 2)."""

    exit_code = 2


class WrongTypeError(UsageError, TypeError):
    """A caller from Python gave a value of another type than the one that is asked for (2)."""


class GateError(S2SError):
    """A gate failed: ``s2s score --fail-under``, ``s2s translate --below fail`` (exit code 4)."""

    exit_code = 4


class BadInputError(S2SError):
    """Input data cannot be read: it is not UTF-8, or a file or model is damaged (exit code 65)."""

    exit_code = 65


class InvalidModelError(BadInputError):
    """A model or checkpoint directory that is broken, foreign or of an unknown kind (65)."""


class MissingInputError(S2SError):
    """An input does not exist or cannot be opened (exit code 66)."""

    exit_code = 66


class UnavailableError(S2SError):
    """Something needed is missing: a model, server, network, GPU or extra (exit code 69)."""

    exit_code = 69


class CannotCreateError(S2SError):
    """An output cannot be created (exit code 73)."""

    exit_code = 73


class InputOutputError(S2SError):
    """Reading or writing failed, as on a full disk (exit code 74)."""

    exit_code = 74


# A full disk, a quota, a limit of sizes (ulimit -f), a broken device.
_FAILED = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO)


def write_error(
    problem: str, error: OSError, advice: str = ""
) -> CannotCreateError | InputOutputError:
    """The user's error when something cannot be written.

    It is one of writing if the disk is full, and one of creating if the place is to blame.

    Args:
        problem: what cannot be done, and where.
        error: the reason.
        advice: what to do next.
    """
    kind = InputOutputError if error.errno in _FAILED else CannotCreateError
    return kind(f"{problem}: {error.strerror or error}", advice)


# What libraries write then, in small letters.
_MEMORY = ("allocate", "bad_alloc", "out of memory", "failed to map segment", "start new thread")


def memory_error(error: BaseException) -> UnavailableError | None:
    """The user's error if an exception means that memory is exhausted; otherwise None.

    Libraries report it in many ways: at the limit of its address space, imports and threads of a
    process fail too.
    """
    said = str(error).lower()
    if not isinstance(error, MemoryError) and not any(words in said for words in _MEMORY):
        return None
    reason = " ".join(str(error).split()) or "an allocation failed"
    return UnavailableError(
        f"There is not enough memory ({reason})",
        "Raise its limit (ulimit -v), or use fewer --threads, a smaller --batch-tokens or --beam.",
    )


class LockedError(S2SError):
    """Another run is using the output folder or the memory; try again later (exit code 75)."""

    exit_code = 75


class ConfigurationError(S2SError):
    """The settings file is wrong, or a license was not accepted (exit code 78)."""

    exit_code = 78
