from __future__ import annotations

import bz2
import gzip
import lzma
from itertools import chain, pairwise, repeat

import pytest
from hypothesis import given
from hypothesis import strategies as st

from s2scli.errors import BadInputError
from s2scli.text.reading import STANDARD_INPUT, checked, json_object, opened, read_text, text_of

TEXT = "Größe\r\n日本\n😀"


def bytes_of(data: bytes, cuts: list[int]) -> bytes:
    """What a reader gives that gets the data in parts."""
    edges = sorted({0, len(data), *(cut % (len(data) + 1) for cut in cuts)})
    chunks = iter([*(data[a:b] for a, b in pairwise(edges)), b""])
    return b"".join(iter(opened("x", lambda: next(chunks)), b""))


@given(st.lists(st.integers(0, 1000), max_size=8), st.integers(0, 2), st.booleans())
def test_marks_and_packs_however_they_arrive(cuts: list[int], marks: int, packed: bool) -> None:
    data = b"\xef\xbb\xbf" * marks + TEXT.encode()
    if packed:  # two packs in one file, as when files are put one behind the other, and padding
        data = gzip.compress(data[:7]) + gzip.compress(data[7:]) + b"\0\0"
    assert bytes_of(data, cuts) == TEXT.encode()


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ("a".encode("utf-16"), "x is UTF-16, not UTF-8. Convert it with: iconv -f UTF-16 -t UTF-8"),
        ("\ufeffa".encode("utf-16-be"), "x is UTF-16"),
        ("a".encode("utf-32"), "x is UTF-32"),
        ("\ufeffa".encode("utf-32-be"), "x is UTF-32"),
        (gzip.compress("a".encode("utf-16"), mtime=0), "x is UTF-16"),
        ("one\ntwo\n".encode("utf-16-le"), "line 1, byte 2 is NUL.*-f UTF-16LE"),
        ("one\ntwo\n".encode("utf-16-be"), "line 1, byte 1 is NUL.*-f UTF-16BE"),
        (b"one\ntw\0", "line 2, byte 3 is NUL: x is a binary file"),
        (b"one\ncaf\xe9", r"line 2, byte 4 is not UTF-8 \(0xe9\).*-f WINDOWS-1252"),
        (b"\x81\xe9", "-f ISO-8859-1 -t UTF-8 x"),
        ("one\ntwo\n".encode("utf-32-le"), "line 1, byte 2 is NUL.*-f UTF-32LE"),
        ("one\ntwo\n".encode("utf-32-be"), "line 1, byte 1 is NUL.*-f UTF-32BE"),
        (b"a.txt" + bytes(95) + b"0000644\0", r"byte 6 is NUL: x is a binary file or UTF-16$"),
        (b"MZ\x90\0\x03", r"byte 3 is not UTF-8 \(0x90\)$"),
        (b"\x8b\x02\x80Hello\x03", r"byte 1 is not UTF-8 \(0x8b\)$"),
        (b"\x04\x22\x4d\x18\x64\x40", "x is compressed by lz4.*lz4 -dc x"),
        (b"\x1f\x9d\x90", "x is compressed by compress"),
        (lzma.compress(b"a", format=lzma.FORMAT_ALONE), "x is compressed by lzma"),
        (b"7z\xbc\xaf\x27\x1c\0", "x is a 7z archive"),
        (b"Rar!\x1a\x07\x01", "x is a RAR archive"),
        (b"\x89PNG\r\n\x1a\n", "x is a PNG image"),
        (bz2.compress(b"a"), "compressed by bzip2.*bzip2 -dc x"),
        (lzma.compress(b"a"), "compressed by xz"),
        (b"\x28\xb5\x2f\xfd\0", "compressed by zstd"),
        (b"PK\x03\x04\x14", "ZIP.*-o NEW-FILE"),
        (b"%PDF-1.7\n", "x is a PDF"),
        (gzip.compress(TEXT.encode(), mtime=0)[:-3], "its end is missing"),
        (gzip.compress(TEXT.encode(), mtime=0)[:-3] + b"abcd", "damaged"),
        (gzip.compress(b"a", mtime=0) + b"rubbish", "damaged"),
    ],
)
def test_what_is_not_text_is_named(data: bytes, message: str) -> None:
    with pytest.raises(BadInputError, match=message.replace("x.", r"x\.", 1)) as caught:
        read_text("x", data)
    assert "\n" not in str(caught.value)


def test_names_in_commands_are_quoted() -> None:
    data = "a".encode("utf-16")
    with pytest.raises(BadInputError, match=r"-t UTF-8 'my file'$"):
        read_text("my file", data)
    with pytest.raises(BadInputError, match=r"-t UTF-8$"):
        read_text(STANDARD_INPUT, data)


def test_replacing() -> None:
    places: list[tuple[str, str]] = []

    def tell(place: str, what: str) -> None:
        places.append((place, what))

    assert read_text("x", b"a\nb\xff\0", "replace", tell) == "a\nb\ufffd\ufffd"
    assert checked("a\ud83d\0", "line 7", "replace", tell) == "a\ufffd\ufffd"
    assert checked("\0", "line 8", "replace", tell) == "\ufffd"
    assert places == [
        ("x: line 2, byte 2", "not UTF-8"),
        ("line 7", "half of a character"),
        ("line 8", "NUL"),
    ]


@pytest.mark.parametrize("text", ["", TEXT, "\x01\u2028\ufffd\ufeff\U0010ffff"])
def test_text(text: str) -> None:
    assert checked(text, "here") == text


@pytest.mark.parametrize(("half", "what"), [("\ud83d", "D83D"), ("\ude00", "DE00"), ("\0", "0000")])
def test_halves_of_characters(half: str, what: str) -> None:
    with pytest.raises(BadInputError, match=rf"line 7: character 3 is .*\(U\+{what}\)"):
        checked(f"ab{half}", "line 7")


def test_json_objects() -> None:
    assert json_object('{"a": 1}\r', "line 1") == {"a": 1}
    assert json_object(" \r", "line 1") is None
    for text in ("{", "[" * 100_000, "nonsense"):
        with pytest.raises(BadInputError, match="line 1 is not valid JSON"):
            json_object(text, "line 1")
    for text in ("[]", "1", "null"):
        with pytest.raises(BadInputError, match="line 1 is not a JSON object"):
            json_object(text, "line 1")


def test_what_has_no_end_is_refused_at_its_first_nul() -> None:
    parts = chain([b"One\n", b"\0" * 9], repeat(b"\0"))
    with pytest.raises(BadInputError, match="f: line 2, byte 1 is NUL"):
        text_of("f", parts.__next__)
