"""Sentences by the rules of a language: the library sentencex, behind a guard.

sentencex knows some 300 languages and is fast, but has been seen to lose characters of long
texts, to split at abbreviations and to fail on some white space. So it is given short windows of
text with plain spaces, only the lengths of what it returns are used, and where these do not add
up, the rules of ``s2scli.text.sentences`` take over. Nothing is lost, whatever it does.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import lru_cache
from itertools import accumulate

from s2scli.data import Span
from s2scli.errors import memory_error
from s2scli.text.sentences import Splitter, is_inner_stop, sentences

__all__ = ["sentence_splitter"]

WINDOW = 1 << 14  # characters
MIN_LETTERS = 2
ASCII_ENDS = frozenset(".?!")
_SPACES = {code: " " for code in range(0x3001) if chr(code).isspace()}
_SURROGATES = dict.fromkeys(range(55296, 57344), "x")
_SHADOW = {**_SPACES, **_SURROGATES}
Segment = Callable[[str, str], list[str]]


def sentence_splitter(language: str = "") -> Splitter:
    """What finds the sentences of a language.

    Args:
        language: ISO 639 code; unknown and empty ones are treated as English.

    Returns:
        A function of text, start and end that yields spans of ``text[start:end]`` without gap or
        overlap; all white space counts alike, line breaks too. A sentence has at most 16,384
        characters.
    """
    segment = _library()
    if segment is None:
        return sentences

    def split(text: str, start: int, end: int) -> Iterator[Span]:
        begin = start
        while begin < end:
            stop = min(begin + WINDOW, end)
            found = list(_window(segment, language or "en", text, (begin, stop)))
            if stop < end and len(found) > 1:
                found.pop()  # it may continue after the window
            elif stop < end:
                found = [(begin, _last_space(text, begin, stop))]
            yield from found
            begin = found[-1][1]

    return split


@lru_cache(maxsize=1)
def _library() -> Segment | None:
    try:
        from sentencex import segment
    except ImportError as error:  # there is no build for this machine
        if short := memory_error(error):
            raise short from error
        return None
    found: Segment = segment
    return found


def _window(segment: Segment, language: str, text: str, window: Span) -> Iterator[Span]:
    start, end = window
    lengths = _lengths(segment, language, text[start:end].translate(_SHADOW))
    if lengths is None:
        yield from sentences(text, start, end)
        return
    begin = start
    for stop in accumulate(lengths, initial=start):
        if stop > begin and (stop == end or _ends(text, begin, stop)):
            yield begin, stop
            begin = stop


def _lengths(segment: Segment, language: str, shadow: str) -> list[int] | None:
    """The lengths of the library's sentences; None if they are not the text."""
    try:
        parts = segment(language, shadow)
    except BaseException as error:
        # A panic of the library's Rust code is not an Exception.
        if isinstance(error, Exception) or type(error).__name__ == "PanicException":
            return None
        raise
    return [len(part) for part in parts] if "".join(parts) == shadow else None


def _ends(text: str, begin: int, stop: int) -> bool:
    """Whether the library was right to end a sentence here."""
    part = text[begin:stop]
    bare = part.rstrip()
    if len(bare) == len(part) and bare[-1] in ASCII_ENDS:
        return False  # "Hi!Is", "example.com"
    if sum(map(str.isalnum, bare[:64])) < MIN_LETTERS:
        return False  # "1.", "M."
    return not (
        bare[-1] == "." and is_inner_stop(text, begin, begin + len(bare), text[stop : stop + 1])
    )


def _last_space(text: str, begin: int, stop: int) -> int:
    """After the last space of a window, or its end."""
    for position in range(stop, begin, -1):
        if text[position - 1].isspace():
            return position
    return stop
