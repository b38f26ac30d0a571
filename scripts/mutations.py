"""Damaged versions of files: other bytes, stretches, markup, members of archives."""

from __future__ import annotations

import io
import re
import zipfile
from random import Random

__all__ = ["mutated"]

LARGEST = 1 << 18  # bytes that a file grows to
TOKENS = [
    *(b"\0", b"\xff", b"\xed\xa0\x80", b"\xef\xbb\xbf", b"\r", b"\r\n", b"\n\n", b"\x0b", b"\x1b"),
    *("\u2028".encode(), "\u00a0".encode(), "\u202e".encode(), "\x85".encode(), "🙂".encode()),
    *(b"<", b">", b"&", b"]]>", b"<!--", b"-->", b"<![CDATA[", b"<?", b"?>", b"</p>", b"<b>"),
    *(b"&#0;", b"&#x110000;", b"&lt;", b"&amp", b"&nbsp;", b'"', b"'", b"\\", b"\\u12", b"\\\n"),
    *(b"[", b"]", b"{", b"}", b"(", b")", b"*", b"_", b"`", b"```\n", b"~", b"|", b"#", b"!["),
    *(b"](", b"---\n", b"- ", b"> ", b"    ", b"\t", b": ", b"&a ", b"*a ", b"!!str ", b"? ", b"%"),
    *(b"-->", b"00:00:01,000", b"9" * 5000, b"1e999", b"msgid ", b"msgstr ", b'""\n', b","),
    *(b"<x id='1'/>", b"<a/>", b'<a href="', b"</", b"<script>", b"</script>", b"<pre>", b"<br>"),
]  # fmt: skip


def flipped(data: bytes, chance: Random, _other: bytes) -> bytes:
    """Some bytes are others."""
    found = bytearray(data)
    for _ in range(chance.choice((1, 2, 8, 64))):
        found[chance.randrange(len(found))] ^= 1 << chance.randrange(8)
    return bytes(found)


def truncated(data: bytes, chance: Random, _other: bytes) -> bytes:
    """The begin or the end is missing."""
    place = chance.randrange(len(data))
    return data[:place] if chance.random() < 0.8 else data[place:]


def spliced(data: bytes, chance: Random, other: bytes) -> bytes:
    """The begin of one file and the end of another."""
    return data[: chance.randrange(len(data))] + other[chance.randrange(len(other) or 1) :]


def cut(data: bytes, chance: Random, _other: bytes) -> bytes:
    """A stretch is missing."""
    start = chance.randrange(len(data))
    return data[:start] + data[start + chance.choice((1, 2, 10, 100, 1000)) :]


def repeated(data: bytes, chance: Random, _other: bytes) -> bytes:
    """A stretch stands there many times."""
    start = chance.randrange(len(data))
    chunk = data[start : start + chance.choice((1, 2, 4, 10, 30, 100))]
    most = max(1, (LARGEST - len(data)) // len(chunk))
    return data[:start] + chunk * min(chance.choice((2, 50, 1000, 1 << 16)), most) + data[start:]


def inserted(data: bytes, chance: Random, _other: bytes) -> bytes:
    """Characters that mean something stand where they should not."""
    for _ in range(chance.choice((1, 1, 3, 20))):
        place = chance.randrange(len(data) + 1)
        data = data[:place] + chance.choice(TOKENS) + data[place:]
    return data


def nested(data: bytes, chance: Random, _other: bytes) -> bytes:
    """Characters that open something stand there many times."""
    place = chance.randrange(len(data) + 1)
    chunk = b"".join(chance.choices(TOKENS, k=chance.choice((1, 1, 2, 3))))
    times = min(chance.choice((10, 300, 5000, 1 << 16)), LARGEST // len(chunk))
    return data[:place] + chunk * times + data[place:]


def unclosed(data: bytes, chance: Random, _other: bytes) -> bytes:
    """Some of what closes something is missing."""
    found = list(re.finditer(rb"</[^>]*>|[\])}\"'`*]|-->|/>", data))
    for match in sorted(chance.sample(found, min(len(found), chance.choice((1, 3, 50)))),
                        key=re.Match.start, reverse=True):  # fmt: skip
        data = data[: match.start()] + data[match.end() :]
    return data


def shuffled(data: bytes, chance: Random, _other: bytes) -> bytes:
    """Lines, or tags, in another order."""
    pieces = re.split(rb"(?=<)" if b"</" in data else rb"(?<=\n)", data)
    start = chance.randrange(len(pieces))
    some = pieces[start : start + chance.choice((2, 5, 50))]
    chance.shuffle(some)
    return b"".join([*pieces[:start], *some, *pieces[start + len(some) :]])


def recoded(data: bytes, chance: Random, _other: bytes) -> bytes:
    """In another encoding, with and without its mark."""
    encoding = chance.choice(("utf-16", "utf-16-le", "utf-16-be", "utf-8-sig", "cp1252", "utf-7"))
    return data.decode("utf-8", "replace").encode(encoding, "replace")


CHANGES = [
    *(flipped, truncated, spliced, cut, repeated, inserted, nested, unclosed, shuffled, recoded)
]
Members = list[tuple[zipfile.ZipInfo, bytes]]


def mutated(data: bytes, chance: Random, other: bytes) -> bytes:
    """A file after some changes."""
    if data.startswith(b"PK") and chance.random() < 0.9:
        return repacked(data, chance, other)
    for _ in range(chance.choice((1, 1, 1, 2, 3))):
        if data:
            data = chance.choice(CHANGES)(data, chance, other)
    return data


def repacked(data: bytes, chance: Random, other: bytes) -> bytes:
    """An archive after changes in what it holds."""
    members, others = unpacked(data), unpacked(other)
    for _ in range(chance.choice((1, 1, 2))):
        number = chance.randrange(len(members))
        info, content = members[number]
        second = chance.randrange(len(members))
        action = chance.random()
        if action < 0.75:
            texts = [place for place, (each, _) in enumerate(members) if is_text(each.filename)]
            number = chance.choice(texts or [number])
            info, content = members[number]
            if content:
                pool = others or members
                content = mutated(content, chance, chance.choice(pool)[1])
            members[number] = (info, content)
        elif action < 0.8:
            del members[number]
        elif action < 0.9:  # the contents of two change places
            members[number] = (info, members[second][1])
            members[second] = (members[second][0], content)
        elif others:
            members[number] = (info, chance.choice(others)[1])
        if not members:
            break
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as file:
        for info, content in members:
            file.writestr(info, content, info.compress_type)
    return buffer.getvalue()


def is_text(name: str) -> bool:
    """Whether a member of an archive is XML or a page."""
    return name.endswith((".xml", ".xhtml", ".html", ".opf", ".ncx", ".rels"))


def unpacked(data: bytes) -> Members:
    """The members of an archive; none if it is none."""
    if not data.startswith(b"PK"):
        return []
    with zipfile.ZipFile(io.BytesIO(data)) as file:
        return [(info, file.read(info)) for info in file.infolist()]
