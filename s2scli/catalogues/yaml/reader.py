"""A reader of YAML 1.2 (https://yaml.org/spec/1.2.2/), where PyYAML reads 1.1.

In brackets a plain scalar may begin with ``:`` and have ``?`` in it, names of anchors may have any
character, tabs may stand wherever blanks part tokens, and keys may be long.
"""

from __future__ import annotations

from typing import Any

import yaml
from yaml.scanner import ScannerError
from yaml.tokens import FlowMappingEndToken, FlowSequenceEndToken, ScalarToken

__all__ = ["MOST_NESTED", "TooDeepError", "Yaml12Loader"]

# Collections within each other. The scanner looks at all that are open again for each token.
MOST_NESTED = 1000

BREAKS = "\0\r\n\x85\u2028\u2029"
WHITE = " \t"
FLOW = ",[]{}"
INDICATORS = "-?:,[]{}#&*!|>'\"%@`"


class TooDeepError(yaml.YAMLError):
    """More than `MOST_NESTED` collections are open."""


class Yaml12Loader(yaml.SafeLoader):
    """PyYAML's reader with the rules of YAML 1.2."""

    def fetch_flow_collection_start(self, kind: Any) -> None:
        """A bracket that opens.

        Raises:
            TooDeepError: too many are open already.
        """
        if self.flow_level >= MOST_NESTED:
            raise TooDeepError
        super().fetch_flow_collection_start(kind)

    def check_key(self) -> bool:
        """Whether a ``?`` begins a key."""
        return self._is_over(1)

    def check_value(self) -> bool:
        """Whether a ``:`` begins a value: something ends after it, or in brackets a key before."""
        return self._is_over(1) or (bool(self.flow_level) and self._follows_json())

    def check_plain(self) -> bool:
        """Whether a plain scalar begins here."""
        first = self.peek()
        if first in BREAKS + WHITE:
            return False
        return first not in INDICATORS or (first in "-?:" and not self._is_over(1))

    def stale_possible_simple_keys(self) -> None:
        """Forget keys that a line ends in; their length is not limited."""
        for level, key in list(self.possible_simple_keys.items()):
            if key.line != self.line:
                if key.required:
                    problem = "could not find expected ':'"
                    raise ScannerError("while scanning a key", key.mark, problem, self.get_mark())
                del self.possible_simple_keys[level]

    def scan_to_next_token(self) -> None:
        """Skip white space and comments; tabs too, but where they would indent."""
        if self.index == 0 and self.peek() == "\ufeff":
            self.forward()
        while True:
            start = self.pointer
            while self.peek() in WHITE:
                self.forward()
            if self.peek() == "#":
                while self.peek() not in BREAKS:
                    self.forward()
            if not self.scan_line_break():  # type: ignore[no-untyped-call]
                break
            if not self.flow_level:
                self.allow_simple_key = True
        indents = self.column == self.pointer - start and "\t" in self.buffer[start : self.pointer]
        if indents and not self.flow_level and self.peek() != "\0":
            problem = "found a tab where only spaces may indent"
            raise ScannerError("while scanning for the next token", None, problem, self.get_mark())

    def scan_anchor(self, kind: Any) -> Any:
        """The name of an anchor, or of what refers to one."""
        start = self.get_mark()
        self.forward()
        length = 0
        while self.peek(length) not in BREAKS + WHITE + FLOW:
            length += 1
        if not length:
            raise ScannerError("while scanning an anchor", start, "it has no name", self.get_mark())
        name = self.prefix(length)
        self.forward(length)
        return kind(name, start, self.get_mark())

    def scan_plain(self) -> Any:
        """A plain scalar, which may go over several lines."""
        chunks: list[str] = []
        spaces: list[str] = []
        start = end = self.get_mark()
        indent = self.indent + 1
        while self.peek() != "#":
            length = 0
            while not self._ends_plain(length):
                length += 1
            if not length:
                break
            self.allow_simple_key = False
            chunks += [*spaces, self.prefix(length)]
            self.forward(length)
            end = self.get_mark()
            spaces = self._plain_spaces(indent, start)
            if not spaces or (not self.flow_level and self.column < indent):
                break
        return ScalarToken("".join(chunks), True, start, end)

    def _plain_spaces(self, indent: int, start: Any) -> list[str]:
        length = 0
        while self.peek(length) in WHITE:
            length += 1
        if self.peek(length) in BREAKS:
            self.forward(length)
            spaces = self.scan_plain_spaces(indent, start)
            while self.peek() == "\t":
                self.forward()
            return spaces or []
        white = self.prefix(length)
        self.forward(length)
        return [white] if white else []

    def _ends_plain(self, offset: int) -> bool:
        char = self.peek(offset)
        if char in BREAKS + WHITE or (self.flow_level and char in FLOW):
            return True
        return char == ":" and self._is_over(offset + 1)

    def _is_over(self, offset: int) -> bool:
        """Whether no plain scalar continues at an offset."""
        return self.peek(offset) in BREAKS + WHITE + (FLOW if self.flow_level else "")

    def _follows_json(self) -> bool:
        """Whether what stands right before is in quotes or brackets."""
        last = self.tokens[-1] if self.tokens else None
        if last is None or last.end_mark.index != self.index:
            return False
        if isinstance(last, ScalarToken):
            return not last.plain
        return isinstance(last, (FlowSequenceEndToken, FlowMappingEndToken))
