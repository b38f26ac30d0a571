"""What a process hands over with its command: a message, and descriptors."""

from __future__ import annotations

import os
import resource
import sys

from s2scli.handover.surroundings import surroundings
from s2scli.handover.wire import packed, unpacked

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = [
    *("LIMITS", "LIST", "RUN", "STATUS", "STOP", "CommandRequest", "asked_by_this_process"),
    *("open_descriptors", "question", "streams"),
]

# What is asked for.
RUN, STATUS, STOP = b"run", b"status", b"stop"
LIST = "/dev/fd"  # the open descriptors
# Limits of a process; what its server may not have either stays as the server has it.
LIMITS = ("AS", "CORE", "CPU", "DATA", "FSIZE", "MEMLOCK", "NOFILE", "RSS", "STACK")
Fields = dict[str, bytes]


class CommandRequest:
    """A request as the server gets it.

    Attributes:
        kind: ``RUN``, ``STATUS`` or ``STOP``.
        fields: what else it says, by name.
        surroundings: see ``s2scli.handover.surroundings``.
    """

    def __init__(self, items: Sequence[bytes]) -> None:
        """Read a message.

        Raises:
            ValueError: it is no request.
        """
        if len(items) != 3 or items[0] not in (RUN, STATUS, STOP):
            raise ValueError("this is no request")
        self.kind = items[0]
        self.surroundings = {name: os.fsdecode(value) for name, value in _pairs(items[1])}
        self.fields = dict(_pairs(items[2]))

    def texts(self, name: str) -> list[str]:
        """A field that is a list, such as the arguments; its texts are as ``os.fsdecode`` has them.

        Raises:
            ValueError: it is none.
        """
        return [os.fsdecode(item) for item in unpacked(self.fields[name])]

    def numbers(self, name: str) -> list[int]:
        """A field of whole numbers.

        Raises:
            ValueError: it is none.
        """
        return [int(number) for number in self.fields[name].split()]


def question(kind: bytes, fields: Fields | None = None) -> list[bytes]:
    """The items of a request."""
    around = {name: os.fsencode(value) for name, value in surroundings().items()}
    return [kind, _packed_fields(around), _packed_fields(fields or {})]


def asked_by_this_process(
    arguments: Sequence[str], descriptors: Sequence[int], *, is_auto: bool
) -> list[bytes]:
    """The request to run a command as this process would.

    Args:
        arguments: the command line, the name of the program first.
        descriptors: those that are sent with it, the directory left out.
        is_auto: whether the command may do without the server.
    """
    mask = os.umask(0)
    os.umask(mask)
    numbers: dict[str, Sequence[int]] = {
        "auto": [is_auto],
        "umask": [mask],
        "nice": [os.getpriority(os.PRIO_PROCESS, 0)],
        "descriptors": descriptors,
        "processors": sorted(os.sched_getaffinity(0)),
        "limits": [resource.getrlimit(getattr(resource, f"RLIMIT_{name}"))[0] for name in LIMITS],
    }
    fields = {
        name: " ".join(str(int(number)) for number in some).encode()
        for name, some in numbers.items()
    }
    fields["arguments"] = packed(map(os.fsencode, arguments))
    fields["environment"] = packed(item for pair in os.environb.items() for item in pair)
    fields["streams"] = packed(text.encode() for text in streams())
    return question(RUN, fields)


def streams() -> list[str]:
    """How the standard streams turn bytes into text: encoding and errors of each."""
    found: list[str] = []
    for each in (sys.stdin, sys.stdout, sys.stderr):
        found += [each.encoding, each.errors or "strict"] if each else ["", ""]
    return found


def open_descriptors() -> list[int]:
    """The open files that a program started by this process would have."""
    found = []
    for name in os.listdir(LIST):
        try:
            inherited = os.get_inheritable(int(name))
        except OSError:  # of the listing itself
            continue
        if inherited:
            found.append(int(name))
    return sorted(found)


def _packed_fields(fields: Fields) -> bytes:
    return packed(item for name, value in fields.items() for item in (name.encode(), value))


def _pairs(data: bytes) -> list[tuple[str, bytes]]:
    items = unpacked(data)
    return [(os.fsdecode(a), b) for a, b in zip(items[::2], items[1::2], strict=True)]
