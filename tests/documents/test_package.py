"""Archives: members with text are replaced, all else stays; what may do harm is refused."""

from __future__ import annotations

import io
import random
import struct
import zipfile
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from s2scli.documents.base import Format, FormatOptions, Target
from s2scli.documents.package import RATIO_FLOOR, Archive, Package
from s2scli.documents.plain import PlainText
from s2scli.errors import BadInputError

STORED, DEFLATED = zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED


def zipped(
    members: dict[str, bytes], method: int = DEFLATED, *, stream: bool = False, comment: bytes = b""
) -> bytes:
    """An archive; ``stream``: with the numbers behind the packed bytes."""

    class Stream(io.RawIOBase):
        def writable(self) -> bool:
            return True

        def write(self, data: bytes) -> int:  # type: ignore[override]
            return buffer.write(data)

    buffer = io.BytesIO()
    with zipfile.ZipFile(Stream() if stream else buffer, "w", method) as file:
        for name, data in members.items():
            info = zipfile.ZipInfo(name, (2001, 2, 3, 4, 5, 6))
            info.compress_type = method
            info.external_attr = 0o644 << 16
            info.comment = b"comment of " + name.encode()
            info.extra = struct.pack("<2H3s", 0x7777, 3, b"abc")
            file.writestr(info, data)
        file.comment = comment
    return buffer.getvalue()


def opened(data: bytes, *names: str) -> Package:
    archive = Archive("f.zip", data)
    form: Format = PlainText(FormatOptions())
    return Package(archive, [(name, form) for name in names])


def changed(package: Package) -> bytes:
    return b"".join(package.written([Target(slot.text.upper()) for slot in package.slots]))


def facts(data: bytes) -> list[tuple[object, ...]]:
    """What a member is but for its content."""
    with zipfile.ZipFile(io.BytesIO(data)) as file:
        assert file.testzip() is None
        return [
            (
                *(info.filename, info.date_time, info.compress_type, info.comment, info.extra),
                *(info.create_system, info.create_version, info.extract_version),
                *(info.external_attr, info.internal_attr),
            )
            for info in file.infolist()
        ]


PICTURE = random.Random(1).randbytes(5000)
MEMBERS = {"mimetype": b"x/y", "a/text.txt": b"one\n\ntwo\n" * 99, "p.png": PICTURE, "z.txt": b"z"}


@pytest.mark.parametrize("method", [STORED, DEFLATED])
@pytest.mark.parametrize("stream", [False, True])
def test_members_are_replaced_and_all_else_stays(method: int, stream: bool) -> None:
    data = zipped(MEMBERS, method, stream=stream, comment=b"the comment")
    package = opened(data, "a/text.txt", "z.txt")
    assert [part.source.name for part in package.parts] == ["f.zip: a/text.txt", "f.zip: z.txt"]
    same = [Target(slot.text) for slot in package.slots]
    assert b"".join(package.written(same)) == data
    new = changed(package)
    assert facts(new) == facts(data)
    with zipfile.ZipFile(io.BytesIO(new)) as file:
        assert file.comment == b"the comment"
        assert file.read("a/text.txt") == b"ONE\n\nTWO\n" * 99
        assert {name: file.read(name) for name in ("mimetype", "p.png")} == {
            name: MEMBERS[name] for name in ("mimetype", "p.png")
        }
    one = [Target("Z")]
    assert b"".join(opened(new, "z.txt").written(one)) == new


def test_long_numbers_and_what_is_in_front_are_understood() -> None:
    buffer = io.BytesIO(b"#!/bin/sh\n")
    buffer.seek(0, io.SEEK_END)
    with (
        zipfile.ZipFile(buffer, "a", DEFLATED) as file,
        file.open("a.txt", "w", force_zip64=True) as member,
    ):
        member.write(b"some text " * 9)
    data = buffer.getvalue()
    new = changed(opened(data, "a.txt"))
    assert new.startswith(b"#!/bin/sh\nPK")
    with zipfile.ZipFile(io.BytesIO(new)) as file:
        assert file.read("a.txt") == b"SOME TEXT " * 9


@given(
    contents=st.lists(st.sampled_from([b"", b"a b\n", PICTURE, b"x y " * 500]), max_size=6),
    chosen=st.integers(0, 63),
    stream=st.booleans(),
)
def test_any_members_may_change(contents: list[bytes], chosen: int, stream: bool) -> None:
    members = {f"{number}.bin": content for number, content in enumerate(contents)}
    archive = Archive("f", zipped(members, stream=stream))
    news = {name: name.encode() * 40 for name in members if chosen >> int(name[0]) & 1}
    repacked = {name: archive.repacked(name, [new[:9], new[9:]]) for name, new in news.items()}
    again = Archive("f", b"".join(archive.written({k: v for k, v in repacked.items() if v})))
    assert not any(archive.repacked(name, [content]) for name, content in members.items())
    assert again.names == archive.names == list(members)
    assert {name: again.read(name) for name in again.names} == {**members, **news}


def patched(data: bytes, old: bytes, new: bytes, count: int = -1) -> bytes:
    assert old in data
    return data.replace(old, new, count)


def link() -> bytes:
    info = zipfile.ZipInfo("link")
    info.external_attr = 0o120777 << 16
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as file:
        file.writestr(info, "/etc/passwd")
    return buffer.getvalue()


def encrypted() -> bytes:
    data = bytearray(zipped({"a.txt": b"text"}))
    data[6] |= 1
    data[data.index(b"PK\1\2") + 8] |= 1
    return bytes(data)


def twice() -> bytes:
    return patched(zipped({"a.txt": b"text", "b.txt": b"text"}), b"b.txt", b"a.txt")


def on_each_other() -> bytes:
    """Both members begin where the first does."""
    data = bytearray(zipped({"a.txt": b"text", "b.txt": b"text"}))
    struct.pack_into("<L", data, data.rindex(b"PK\1\2") + 42, 0)
    return bytes(data)


def bomb_with_a_lie() -> bytes:
    """Says that it is of 9 bytes, and is of 100 MB."""
    data = bytearray(zipped({"a.txt": b"\0" * 100_000_000}))
    struct.pack_into("<L", data, data.rindex(b"PK\1\2") + 24, 9)
    return bytes(data)


GOOD = zipped({"a.txt": b"some text " * 99, "b.txt": b"x"})


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (lambda: b"no archive", "f.zip is not a zip archive"),
        (lambda: b"", "f.zip is not a zip archive"),
        (lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "without a password"),
        (lambda: GOOD[:-30], "f.zip is not a zip archive"),
        (lambda: GOOD[200:], "damaged"),
        (lambda: patched(GOOD, b"PK\3\4", b"PK\3\5"), "a.txt is damaged"),
        (lambda: zipped({"b.txt": b""}), "f.zip has no a.txt"),
        (lambda: zipped({"../a.txt": b""}), "of the name"),
        (lambda: zipped({"x/../../a.txt": b""}), "of the name"),
        (lambda: zipped({"..\\a.txt": b""}), "of the name"),
        (lambda: zipped({"/a.txt": b""}), "of the name"),
        (lambda: zipped({"C:a.txt": b""}), "of the name"),
        (lambda: patched(zipped({"a.txtX": b""}), b"X", b"\0"), "of the name"),
        (link, "link is a link"),
        (encrypted, "a.txt is encrypted"),
        (twice, "more than one a.txt"),
        (on_each_other, "overlap"),
        (lambda: zipped({"a.txt": bytes(RATIO_FLOOR + 1)}), "zip bomb"),
        (lambda: zipped({"a.txt": b"", "x": bytes(RATIO_FLOOR + 1)}), "zip bomb"),
        (bomb_with_a_lie, "a.txt is damaged"),
        (lambda: zipped({f"{n}": b"" for n in range(10_001)}), "more than 10,000 members"),
        (lambda: zipped({"a.txt": b"text"}, zipfile.ZIP_BZIP2), "an unknown method"),
        (lambda: zipped({"a.txt": PICTURE}), "a.txt is a binary file"),
        (lambda: zipped({"a.txt": b"\xff\xff"}), "f.zip: a.txt, line 1 is not UTF-8"),
    ],
)
def test_what_is_refused(data: Callable[[], bytes], message: str) -> None:
    with pytest.raises(BadInputError, match=message):
        opened(data(), "a.txt")


@given(data=st.data())
def test_a_damaged_archive_is_refused_or_read(data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(GOOD) - 1))
    broken = GOOD[:place] + data.draw(st.binary(min_size=1, max_size=1)) + GOOD[place + 1 :]
    if data.draw(st.booleans()):
        broken = broken[: data.draw(st.integers(0, len(GOOD)))]
    try:
        package = opened(broken, "a.txt")
    except BadInputError:
        return
    assert package.slots[0].text == ("some text " * 99).strip()
    changed(package)


@pytest.mark.parametrize(
    ("name", "signed"),
    [
        ("_xmlsignatures/sig1.xml", True),
        ("META-INF/documentsignatures.xml", True),
        ("META-INF/signatures.xml", True),
        ("META-INF/macrosignatures.xml", False),
        ("word/signatures.xml", False),
    ],
)
def test_signatures_are_said(name: str, signed: bool) -> None:
    package = opened(zipped({"a.txt": b"one", name: b"x"}), "a.txt")
    assert ["signed" in remark for remark in package.remarks] == [True] * signed


@pytest.mark.parametrize(
    ("picture", "count"),
    [
        (b"<svg><text x='1'>Small house</text></svg>", 1),
        (b"<svg:svg><svg:text><svg:tspan>a</svg:tspan> b</svg:text><svg:title>c</svg:title>", 2),
        (b"<svg><desc/><text/><text>12 <!-- a --></text><title>&#228;</title></svg>", 1),
        (b"<svg><textPath>none of its own</textPath><text><![CDATA[a]]></text></svg>", 1),
        (b"<svg><path d='M0 0'/><style>text { fill: red }</style></svg>", 0),
        (b"\xff\xfe\xfd\0 no text", 0),
    ],
)
def test_words_in_pictures_are_counted(picture: bytes, count: int) -> None:
    """They stay, for programs draw them where they fit; but that is said."""
    package = opened(zipped({"a.txt": b"a", "media/1.svg": picture, "2.SVG": picture}), "a.txt")
    said = f"Texts in pictures (SVG) stay: {2 * count}, in media/1.svg, 2.SVG."
    assert package.remarks == [said] * bool(count)
    assert opened(zipped({"1.svg": picture}), *["1.svg"] * bool(count)).remarks == []
