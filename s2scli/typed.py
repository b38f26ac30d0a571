"""Arguments from Python, checked by what the annotations of a function say of them.

People call the library without a type checker too. A value of a wrong type is then refused by the
name of its argument, before anything is done with it.
"""

from __future__ import annotations

import ast
import reprlib
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from functools import wraps
from itertools import chain
from numbers import Integral, Real
from os import PathLike
from typing import TYPE_CHECKING, NamedTuple, TypeVar, cast

from s2scli.errors import WrongTypeError

if TYPE_CHECKING:
    from types import FunctionType

__all__ = ["refusal", "typed"]

F = TypeVar("F", bound=Callable[..., object])
# What calls nobody back.
PLAIN = (str, bytes, bytearray, bool, int, float, list, tuple, dict, set, type(None))
LISTS = ("Sequence", "Collection", "list", "tuple", "Iterable")


class Expected(NamedTuple):
    """What an annotation says.

    Attributes:
        name: that of the type, without those of its items; ``|`` for one of several.
        items: the kinds of its items, or between which to choose.
    """

    name: str
    items: tuple[Expected, ...] = ()

    @classmethod
    def of(cls, node: ast.expr) -> Expected:
        """The kind that an annotation is written for."""
        if isinstance(node, ast.BinOp):
            sides = cls.of(node.left), cls.of(node.right)
            flat = (side.items if side.name == "|" else (side,) for side in sides)
            return cls("|", tuple(chain.from_iterable(flat)))
        if isinstance(node, ast.Subscript):
            inner = node.slice
            items = inner.elts if isinstance(inner, ast.Tuple) else [inner]
            return cls(cls.of(node.value).name, tuple(cls.of(item) for item in items))
        return cls(ast.unparse(node))

    def wrong(self, name: str, value: object) -> str:
        """What is wrong with a value of this name; empty if nothing is.

        Items are looked at if they are there: an iterator is not read.
        """
        if self.name == "|":
            found = [kind.wrong(name, value) for kind in self.items]
            if not all(found):
                return ""
            # If the list is right, an item of it is to blame.
            deeper = [text for text in found if not text.startswith(f"{name} ")]
            return deeper[0] if deeper else refusal(name, value, str(self))
        if not self._holds(value):
            return refusal(name, value, str(self))
        return next((wrong for wrong in self._wrong_items(name, value) if wrong), "")

    def _wrong_items(self, name: str, value: object) -> Iterator[str]:
        """What is wrong with each item of a list or mapping of this type."""
        if not self.items or not isinstance(value, Collection):
            return
        if isinstance(value, Mapping):
            for key, item in value.items():
                where = f"{name}[{reprlib.repr(key)}]"
                yield self.items[0].wrong(f"The key {where}", key)
                yield self.items[1].wrong(where, item)
        elif len(self.items) == 1:
            (kind,) = self.items
            for number, item in enumerate(value):
                if kind.items or not kind._holds(item):
                    yield kind.wrong(f"{name}[{number}]", item)
        elif len(self.items) != len(value):
            yield refusal(name, value, str(self))
        else:
            for number, (kind, item) in enumerate(zip(self.items, value, strict=True)):
                yield kind.wrong(f"{name}[{number}]", item)

    def _holds(self, value: object) -> bool:
        """Whether a value is of this type, its items aside."""
        if self.name in ("Any", "object"):
            return True
        if self.name in LISTS:
            base = Iterable if self.name == "Iterable" else Collection
            return isinstance(value, base) and not isinstance(value, str | bytes | Mapping)
        if self.name in NAMED:
            kind = NAMED[self.name][0]
            return isinstance(value, kind) and (not isinstance(value, bool) or self.name == "bool")
        if self.name.endswith("Monitor"):  # those are protocols
            return not isinstance(value, PLAIN)
        return any(kind.__name__ == self.name for kind in type(value).__mro__)

    def __str__(self) -> str:
        """How the kind is called in a sentence."""
        if self.name == "|":
            *first, last = map(str, self.items)
            return f"{', '.join(first)} or {last}"
        if self.name in NAMED:
            return NAMED[self.name][1]
        if self.name not in LISTS:
            return f"a {self.name}"
        first_item = self.items[0]
        if len(self.items) == 2:
            return f"a pair of {PLURALS[first_item.name]}"
        what = "an iterable" if self.name == "Iterable" else "a list"
        return f"{what} of {PLURALS.get(first_item.name, 'lists')}"


# The name of a type → the types that stand for it, and what it is called, one and several.
NAMED: dict[str, tuple[type | tuple[type, ...], str]] = {
    "str": (str, "a text"),
    "bool": (bool, "True or False"),
    "int": (Integral, "a whole number"),
    "float": (Real, "a number"),
    "Path": (PathLike, "a path"),
    "None": (type(None), "None"),
    "Mapping": (Mapping, "a mapping"),
}
PLURALS = {"str": "texts", "int": "whole numbers", "float": "numbers", "|": "these"}


def refusal(name: str, value: object, wanted: str) -> str:
    """The message about a value that is none of what is wanted, on one line."""
    return f"{name} is {reprlib.repr(value)}; it must be {wanted}"


def typed(function: F) -> F:
    """A function that checks its arguments first; those without an annotation are left alone.

    Raises:
        WrongTypeError: by the function, if a value is of another type than its annotation.
    """
    code = cast("FunctionType", function).__code__
    order = code.co_varnames[: code.co_argcount]
    kinds: dict[str, Expected] = {}

    @wraps(function)
    def checking(*given: object, **named: object) -> object:
        for name, value in chain(zip(order, given, strict=False), named.items()):
            written = function.__annotations__.get(name)
            if written is None or name == "self":
                continue
            if name not in kinds:
                kinds[name] = Expected.of(ast.parse(written, mode="eval").body)
            if wrong := kinds[name].wrong(name, value):
                raise WrongTypeError(wrong)
        return function(*given, **named)

    return cast("F", checking)
