"""TMX: what others write, what comes back, and what could be an attack."""

from __future__ import annotations

import subprocess
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from s2scli.errors import BadInputError
from s2scli.memory.entries import Entry, TranslationUnit
from s2scli.memory.memory import Origin
from s2scli.memory.tmx import MOST_CHARACTERS, MOST_MARKUP, TmxReader, TmxWriter

EN_DE = Origin("en", "de", "tiny", "a" * 64)


def tmx(*units: str, source: str = "en", head: str = '<?xml version="1.0"?>') -> str:
    """A file of units."""
    body = "".join(f"<tu>{unit}</tu>" for unit in units)
    return f'{head}<tmx version="1.4"><header srclang="{source}"/><body>{body}</body></tmx>'


def tuv(language: str, text: str) -> str:
    """A variant, its text as XML."""
    return f'<tuv xml:lang="{language}"><seg>{text}</seg></tuv>'


def read(
    data: str | bytes, source: str = "", target: str = "", step: int = 1 << 16
) -> tuple[list[TranslationUnit], Counter[str]]:
    """The units of a file, read some bytes at a time, and what it gave nothing for."""
    left_out: Counter[str] = Counter()
    data = data.encode() if isinstance(data, str) else data
    blocks = (data[start : start + step] for start in range(0, len(data), step))
    return list(TmxReader("a.tmx", source, target, left_out).units(blocks)), left_out


def units(text: str, source: str = "", target: str = "") -> list[TranslationUnit]:
    """The units of a file."""
    return read(text, source, target)[0]


def complaint(data: str | bytes) -> str:
    """Why a file is refused."""
    with pytest.raises(BadInputError) as error:
        read(data)
    assert "\n" not in str(error.value)
    return str(error.value)


@pytest.mark.parametrize("step", [1, 7, 1 << 16])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_encodings_and_blocks_of_any_size(encoding: str, step: int) -> None:
    head = f'<?xml version="1.0" encoding="{encoding.removesuffix("-sig")}"?>'
    text = tmx(tuv("EN-us", "An <hi>old</hi> door") + tuv("de-DE", "Eine Tür 🚪"), head=head)
    assert read(text.encode(encoding), step=step)[0] == [
        TranslationUnit("en", "de", "An old door", "Eine Tür 🚪")
    ]


def test_codes_are_no_text() -> None:
    inline = (
        'A<bpt i="1">&lt;b&gt;<sub>footnote</sub></bpt>B<hi>C<it pos="begin">x</it></hi>'
        '<ept i="1">x</ept><ph>x</ph><ut>x</ut>D<hi>E<hi>F</hi></hi> &amp;'
        " &#71;<sub>x</sub><!-- x -->"
    )
    found = units(tmx(f'<note>x</note><prop type="x">x</prop>{tuv("en", inline)}{tuv("de", "H")}'))
    assert found == [TranslationUnit("en", "de", "ABCDEF & G", "H")]


def test_placeholders_in_codes_are_text() -> None:
    inline = (
        '<ph x="1">{0}</ph> of <it pos="begin">%s</it>, <ph>&lt;br/&gt;</ph><ph/>'
        "<bpt>{name}</bpt>x<ept></ept>, <ph>{<sub>0</sub></ph>!"
    )
    found = units(tmx(tuv("en", inline) + tuv("de", f"<ph>{'{a}' * 100}</ph><ph>%s</ph>")))
    assert found == [TranslationUnit("en", "de", "{0} of %s, {name}x, !", "%s")]


def test_what_is_between_the_same_codes_is_linked() -> None:
    source = (
        '<bpt i="1" x="7"/>See<ept i="1"/> the '
        '<bpt i="2"/>old <bpt i="3"/>car<ept i="3"/><ept i="2"/>'
    )
    target = (
        'Das <bpt i="1"/>alte <bpt i="2"/>Auto<ept i="2"/><ept i="1"/> '
        '<bpt i="3" x="7"/>sehen<ept i="3"/>'
    )
    (found,) = units(tmx(tuv("en", source) + tuv("de", target)))
    assert found[2:4] == ("See the old car", "Das alte Auto sehen")
    assert found.links == ((0, 3, 14, 19), (8, 15, 9, 13))


def test_all_variants_of_a_unit() -> None:
    variants = "".join(
        tuv(*variant)
        for variant in (
            ("en-GB", "colour"), ("en-US", "color"), ("de", "Farbe"), ("de-AT", "Farbton"),
            ("zh-TW", "顏色"), ("zh-CN", "颜色"), ("pt_BR", "cor"), ("fr", " "), ("xx-none", "?"),
        )
    )  # fmt: skip
    text = tmx(variants + '<tuv lang="es"><seg>color</seg></tuv>', source="en-US")
    found, left_out = read(text)
    assert [(unit.target_language, unit.target) for unit in found] == [
        ("de", "Farbe"), ("zh-Hant", "顏色"), ("zh", "颜色"), ("pt", "cor"), ("es", "color")
    ]  # fmt: skip
    assert {(unit.source_language, unit.source) for unit in found} == {("en", "color")}
    assert left_out == {
        "texts that are empty": 1,
        "texts without a known language": 1,
        "further variants of a language": 2,
    }
    assert units(text, target="de") == [TranslationUnit("en", "de", "color", "Farbe")]
    assert units(text, "de", "en") == [TranslationUnit("de", "en", "Farbe", "color")]


def test_a_language_without_entries_is_said() -> None:
    found, left_out = read(tmx(tuv("en", "Hello") + tuv("de", "Hallo")), target="fr")
    assert not found
    assert left_out == {"units without a text in the target language (fr)": 1}
    found, left_out = read(tmx(tuv("en", "Hello") + tuv("de", "Hallo"), source="pl"), target="fr")
    both = "units without a text in the source language (pl) and in the target language (fr)"
    assert (found, left_out) == ([], {both: 1})


def test_source_languages() -> None:
    pair = tuv("en", "Hello") + tuv("de", "Hallo")
    own = f'<tmx><header srclang="fr"/><body><tu srclang="de">{pair}</tu></body></tmx>'
    assert units(own) == [TranslationUnit("de", "en", "Hallo", "Hello")]
    assert "--from" in complaint(tmx(pair, source="*all*"))
    assert units(tmx(pair, source="*all*"), "en") == [TranslationUnit("en", "de", "Hello", "Hallo")]
    assert read(tmx(pair, source="fr")) == (
        [],
        {"units without a text in the source language (fr)": 1},
    )
    assert read(tmx(pair, source="")) == ([], {"units without a known source language": 1})


def test_a_doctype_as_other_tools_write_it() -> None:
    pair = tuv("en", "Hello") + tuv("de", "Hallo")
    for doctype in ("tmx", 'tmx SYSTEM "tmx14.dtd"', 'tmx PUBLIC "-//LISA OSCAR:1998//DTD" "t"'):
        assert len(units(tmx(pair, head=f"<!DOCTYPE {doctype}>"))) == 1


LAUGHS = "".join(f'<!ENTITY l{n + 1} "{f"&l{n};" * 10}">' for n in range(10))


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (tmx(head=f'<!DOCTYPE tmx [<!ENTITY l0 "ha">{LAUGHS}]>'), "declarations in the DOCTYPE"),
        (tmx(head='<!DOCTYPE tmx [<!ENTITY x SYSTEM "file:///etc/passwd">]>'), "declarations in"),
        (tmx(head='<!DOCTYPE tmx [<!ENTITY % x SYSTEM "http://127.0.0.1/">%x;]>'), "declaratio"),
        (tmx(head="<!DOCTYPE tmx [<!ATTLIST tu a CDATA 'aaaa'>]>"), "declarations in the DOCTYPE"),
        (tmx(tuv("en", "&x;"), head='<!DOCTYPE tmx SYSTEM "tmx14.dtd">'), "&x;"),
        (tmx(tuv("en", "&x;")), "undefined entity"),
        ("<tmx>" + "<hi>" * 100, "too deep"),
        (tmx(tuv("en", "<hi>" * 100 + "</hi>" * 100)), "too deep"),
        ("<tmx>" + "".join(f"<a{n}/>" for n in range(2000)), "too many names"),
        ("<tmx>" + "".join(f'<a b{n}=""/>' for n in range(2000)), "too many names"),
        ("<tmx><!--" + "x" * 3 * MOST_MARKUP, "does not end"),
        ('<tmx a="' + "x" * 3 * MOST_MARKUP, "does not end"),
        (tmx(tuv("en", "x" * (MOST_CHARACTERS + 1))), "characters"),
        (tmx(*[tuv("en", "x" * MOST_CHARACTERS)[:-18]] * 2), "mismatched tag"),
        (tmx(tuv("en", "x") * 2000), "variants"),
        (tmx(*[tuv(f"a{chr(97 + n % 26)}-{n}", "x") for n in range(2000)]), "languages"),
        (tmx(tuv("en", "Hello"))[:-20], "not well-formed XML"),
        ("", "no element found"),
        ("no XML", "line 1 is not well-formed XML: syntax error"),
        (b"\x00\x01\xff", "not well-formed XML"),
        (tmx(head='<?xml version="1.0" encoding="nonsense"?>'), "encoding"),
        (tmx(head='<?xml version="1.0" encoding="gb2312"?>'), "encoding"),
        (tmx(tuv("en", "\xff")).encode("latin-1"), "not well-formed"),
        ("<html/>", "<html> instead of <tmx>"),
        ("<tmx>\n\n</tmy>", "line 3"),
    ],
)  # fmt: skip
def test_hostile_and_broken_files(data: str | bytes, expected: str) -> None:
    assert expected in complaint(data)


def entry(source: str, target: str, origin: Origin = EN_DE) -> Entry:
    """An entry of a memory."""
    return Entry(origin, source, target, 1e9, 1.1e9, 3)


def written(entries: Iterable[Entry]) -> tuple[str, int]:
    """A file of entries, and how many characters it lacks."""
    writer = TmxWriter("")
    return "".join(writer.written(entries)), writer.dropped


TEXT = st.text(
    st.characters(exclude_categories=["Cs"], exclude_characters="\ufffe\uffff", min_codepoint=32)
    | st.sampled_from("\t\n\r&<>\"'] ")
).filter(str.strip)


@settings(deadline=None)
@given(texts=st.lists(st.tuples(TEXT, TEXT)))
def test_what_is_written_is_read_back(texts: list[tuple[str, str]]) -> None:
    text, dropped = written(entry(*pair) for pair in texts)
    assert dropped == 0
    assert read(text, step=100) == ([TranslationUnit("en", "de", *pair) for pair in texts], {})


def test_a_file_is_as_others_read_it() -> None:
    origin = EN_DE._replace(source_language="zh-Hant", name='a "model" <\n\x1b>')
    text, dropped = written([entry("a\x00\x1b\ufffe𝄞\r\n", "b"), entry("c", "d", origin)])
    assert dropped == 4  # the name's too
    root = ElementTree.fromstring(text)
    header = root.find("header")
    assert header is not None
    assert (root.get("version"), header.get("srclang"), header.get("creationtool")) == (
        "1.4", "*all*", "s2s"
    )  # fmt: skip
    first, second = root.iter("tu")
    assert [seg.text for seg in first.iter("seg")] == ["a𝄞\r\n", "b"]
    assert first.attrib == {
        "srclang": "en",
        "creationdate": "20010909T014640Z",
        "creationid": "tiny",
        "lastusagedate": "20041109T113320Z",
        "usagecount": "3",
    }
    assert (second.get("srclang"), second.get("creationid")) == ("zh-Hant", 'a "model" <\n>')


MANY = 100_000
IMPORT = """
import resource, sys
from collections import Counter
from pathlib import Path
from s2scli.memory.memory import memory_file
from s2scli.memory.entries import EntrySelection, add, entries
from s2scli.memory.tmx import TmxReader, TmxWriter

def blocks(path):
    with open(path, "rb") as file:
        while block := file.read(1 << 18):
            yield block

def peak():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss

def bring(path):
    with memory_file(Path(sys.argv[1]), create=True) as memory:
        taken = add(memory, "many", TmxReader("x", "", "", Counter()).units(blocks(path)))
        with open(sys.argv[4], "w") as file:
            for text in TmxWriter("").written(entries(memory, EntrySelection())):
                file.write(text)
        return taken

bring(sys.argv[2])
before = peak()
taken = bring(sys.argv[3])
print(*taken[:2], peak() - before)
"""


@pytest.mark.slow
def test_many_units_take_little_memory(tmp_path: Path) -> None:
    def lines() -> Iterator[str]:
        for number in range(MANY):
            pair = tuv("en", f"The door number {number} is old. " * 5) + tuv("de", "Tür " * 20)
            yield f"<tu>{pair}</tu>\n"

    few, many = tmp_path / "few.tmx", tmp_path / "many.tmx"
    few.write_text(tmx(tuv("en", "Hello") + tuv("de", "Hallo")))
    many.write_text('<tmx><header srclang="en"/><body>' + "".join(lines()) + "</body></tmx>")
    arguments = [tmp_path / "memory", few, many, tmp_path / "out.tmx"]
    done = subprocess.run(
        [sys.executable, "-c", IMPORT, *map(str, arguments)], capture_output=True, check=True
    )
    taken, added, kilobytes = map(int, done.stdout.split())
    assert (taken, added) == (MANY, MANY)
    assert many.stat().st_size > 30_000_000
    assert kilobytes < 16_000
    assert (tmp_path / "out.tmx").read_text("utf-8").count("<tu ") == MANY + 1
