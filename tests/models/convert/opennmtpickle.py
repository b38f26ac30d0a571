"""Checkpoints of OpenNMT-py with other contents, pickled without OpenNMT-py, torchtext or PyTorch.

What a pickle calls by a name is, in here, a class of that name in a module that is made up.
"""

from __future__ import annotations

import io
import pickle
import sys
import types
import zipfile
from argparse import Namespace
from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

__all__ = ["rewritten", "stand_in"]

REAL = {("collections", "OrderedDict"): OrderedDict, ("argparse", "Namespace"): Namespace}


class _Stored:
    """A persistent id."""

    def __init__(self, pid: Any) -> None:
        self.pid = pid


class _Called:
    """What a function returned: its name and its arguments, to be pickled as the call again."""

    def __init__(self, *arguments: Any) -> None:
        self.arguments = arguments

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), self.arguments


_made: dict[str, type] = {}


def stand_in(full: str) -> type:
    """A class that is pickled by another name, which a module and a name make."""
    module, _, name = full.rpartition(".")
    if full not in _made:
        base = _Called if name.startswith("_rebuild") else object
        _made[full] = type(name, (base,), {"__module__": module, "__qualname__": name})
    return _made[full]


@contextmanager
def _modules() -> Iterator[None]:
    """The modules of all stand-ins, in the place of real ones."""
    before = dict(sys.modules)
    for full in _made:
        module = full.rpartition(".")[0]
        parts = module.split(".")
        for count in range(1, len(parts) + 1):
            sys.modules[".".join(parts[:count])] = types.ModuleType(".".join(parts[:count]))
    for full, kind in _made.items():
        module, _, name = full.rpartition(".")
        setattr(sys.modules[module], name, kind)
    try:
        yield
    finally:
        sys.modules.clear()
        sys.modules.update(before)


class _Unpickler(pickle.Unpickler):
    def find_class(self, module: str, name: str) -> Any:
        return REAL.get((module, name)) or stand_in(f"{module}.{name}")

    def persistent_load(self, pid: Any) -> Any:
        return _Stored(pid)


class _Pickler(pickle._Pickler):
    def persistent_id(self, obj: Any) -> Any:
        return obj.pid if isinstance(obj, _Stored) else None


def rewritten(path: Path, target: Path, change: Callable[[dict[str, Any]], Any]) -> Path:
    """A copy of a checkpoint whose content is changed in place, or is what ``change`` returns."""
    with zipfile.ZipFile(path) as source, zipfile.ZipFile(target, "w") as copy:
        for member in source.namelist():
            data = source.read(member)
            if member.endswith("/data.pkl"):
                content = _Unpickler(io.BytesIO(data)).load()
                content = change(content) or content
                buffer = io.BytesIO()
                with _modules():
                    _Pickler(buffer, protocol=2).dump(content)
                data = buffer.getvalue()
            copy.writestr(member, data)
    return target
