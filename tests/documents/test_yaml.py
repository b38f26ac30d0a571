"""YAML: which scalars are texts, and that another text is read back in every style and context."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
import yaml
from hypothesis import assume, example, given
from hypothesis import strategies as st

from s2scli.catalogues.yaml import format as yaml_format
from s2scli.catalogues.yaml.scalars import FOLDING, Scalar
from s2scli.documents import open_format
from s2scli.documents.base import FormatOptions, Source, Target
from s2scli.documents.filling import Document, filled
from s2scli.documents.reading import read_document
from s2scli.errors import BadInputError
from tests.sizes import TENTHS
from tests.text.test_sentences import HOSTILE

LOADERS = [
    pytest.param(yaml.SafeLoader, id="python"),
    pytest.param(
        yaml.CSafeLoader if yaml.__with_libyaml__ else None,
        id="c",
        marks=pytest.mark.skipif(not yaml.__with_libyaml__, reason="PyYAML without libyaml"),
    ),
]


@pytest.fixture(params=LOADERS)
def _loader(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(yaml_format, "LOADER", request.param)


def read(text: str, name: str = "f.yml", **options: Any) -> list[str]:
    format_ = open_format("yaml", FormatOptions(**options))
    return [slot.text for slot in format_.slots(Source(name, text))]


def changed(text: str, change: str = "{}", name: str = "f.yml", **options: Any) -> str:
    """The document with every text changed."""
    format_ = open_format("yaml", FormatOptions(**options))
    source = Source(name, text)
    slots = list(format_.slots(source))
    targets = [Target(change.format(slot.text)) for slot in slots]
    return "".join(filled(format_, source, slots, targets))


@pytest.mark.usefixtures("_loader")
@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("k: v\nl:\n- a\n- x: b\n", ["v", "a", "b"]),
        (
            "a: 'it''s'\nb: \"t\\u00e9\\n\"\nc: >\n  one\n  two\n\n  three\n",
            ["it's", "té", "one two\n\nthree"],
        ),
        ("a: |2-\n    x\n   y\nb: |+\n  x\n\n\nc: 1\n", ["x\n y", "x"]),
        ("[a, {b: c, ? d : e}, f: g]", ["a", "c", "e", "g"]),
        ("a: 1\nb: yes\nc: ~\nd: 2024-03-01\ne: 0o17\nf: 1e5\ng: :day\nh: y\ni: 0x1F\n", []),
        (
            "a: !!str 12a\nb: ! word\nc: !ref word\nd: !!binary aGk=\ne: !!int word\n",
            ["12a", "word"],
        ),
        ("a: !Join\n  - x\n  - [y]\nb: !!omap [k: v]\nc: !!seq [w]\n", ["v", "w"]),
        ("a: &x one\nb: *x\n*x : two\n<<: {c: three}\n", ["one", "two", "three"]),
        ("? [key, {a: b}]\n: value\n? |\n  key\n: more\n", ["value", "more"]),
        ("%YAML 1.2\n---\na: x\n...\n---\n# no\n--- w\n--- |\n z\n", ["x", "w", "z"]),
        ("a: x\na: z\n", ["x", "z"]),
        ("a: x # c\r\nb: |\r\n  y\r\n  z\r\n", ["x", "y\nz"]),
        ("a: &x # c\n  !!str # d\n  word\n", ["word"]),
        ("😀: [😀 a, 'b 😀']\n😀😀: |\n  😀\n  c", ["😀 a", "b 😀", "😀\nc"]),
        ('{"a":"b","c":["d",1]}', ["b", "d"]),
        ("", []),
        ("# only\n", []),
    ],
)
def test_what_is_text(text: str, expected: list[str]) -> None:
    assert read(text) == expected
    assert changed(text) == text
    # With other texts the form is the same, and so are all other values.
    new = changed(text, "{} more")
    assert read(new) == [f"{part} more" for part in expected]
    assert len(list(yaml.scan(new))) == len(list(yaml.scan(text)))


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        (("en.a",), ["x"]),
        (("*.l",), ["w", "z"]),
        (("*.l.1",), ["z"]),
        (("en.m.t", "de.a"), ["u", "v"]),
        (("none",), []),
    ],
)
def test_fields(fields: tuple[str, ...], expected: list[str]) -> None:
    text = "en:\n  a: x\n  l: [w, z]\n  m:\n  - t: u\n    o: no\n  - ? [k]\n    : n\nde: {a: v}\n"
    assert read(text, fields=fields) == expected
    form = open_format("yaml", FormatOptions(fields=fields))
    assert read_document(form, "f", text.encode()).has_text


@pytest.mark.parametrize(
    ("text", "target", "expected"),
    [
        ("a: x", "y: z", 'a: "y: z"'),
        ("a: x", 'a "b": c', "a: 'a \"b\": c'"),
        ("a: x # c", "no", 'a: "no" # c'),
        ("[x]", "a, b", '["a, b"]'),
        ("- x", "a, b", "- a, b"),
        ("a: 'x'", "it's", "a: 'it''s'"),
        ("a: 'x'", "two\nlines", 'a: "two\\nlines"'),
        ('a: "\\u00e9x"', "é😀\x07", 'a: "\\xe9\\U0001f600\\x07"'),
        ('a: "x"', "é😀\x07", 'a: "é😀\\x07"'),
        (
            "a: >-  # c\n  x x\n  x\nb: 1",
            "one two three",
            "a: >-  # c\n  one\n  two\n  three\nb: 1",
        ),
        ("a: >\n  x\nb: 1", "one two\n\nthree", "a: >\n  one two\n\n  three\nb: 1"),
        ("a: |\r\n  x\r\n\r\nb: 1", "y\nz", "a: |\r\n  y\r\n  z\r\n\r\nb: 1"),
        ("a: |\n  x\n", " y", 'a: " y\\n"\n'),
        ("a: |2\n   x\n", "y\nz", "a: |2\n   y\n  z\n"),
        ("a: x x\n   x\n", "one two three", "a: one\n   two\n   three\n"),
        ('a: "x x\n   x"\n', "one two three", 'a: "one\n   two\n   three"\n'),
        ("a: &q !!str x\n", "- y", 'a: &q !!str "- y"\n'),
    ],
)
def test_how_texts_are_written(text: str, target: str, expected: str) -> None:
    new = changed(text, target)
    assert new == expected
    assert read(new) == [target.strip()]


CONTEXTS = [
    "{}",
    "--- {}\n...\n",
    "a: {}",
    "a: {} # comment\nb: other\n",
    "- {}\n- other\n",
    "- - &a {}\n- *a\n",
    "? key\n: {}\n",
    "a:\n  b:\n  - c: !!str {}\n\nd: 1\n",
]
FLOWS = ["[{}]", "a: [1, {} ,\n  2]", "{{a: {}}}\n", "- {{? a : {} , b: [c: {}]}}"]
FLOW_SCALARS = ["text", "a b\n      c\n\n      d", "'text'", "'it''s a\n      text\n\n\n      x'"]
FLOW_SCALARS += ['"text"', '"a \\u0041\n      text"', "'  a  '", '"\\n\\ttext \\n"']
BLOCK_SCALARS = [
    f"{style}{header}\n{body}"
    for style in "|>"
    for header, body in [
        ("", "      x x\n      y\n"),
        ("-", "      text"),
        ("+", "\n      x\n       more\n      y\n\n\n"),
        ("2-", "          x\n          y\n"),
        ("", "      x\n\n      y  \n   \n"),
        ("", "      x\r      y\u00a0\r\r"),
        ("", "      x\x85      y\u2028      z\x85"),
    ]
]
CASES = [
    context.format(*[scalar] * 2)
    for contexts, scalars in [(CONTEXTS + FLOWS, FLOW_SCALARS)]
    for context in contexts
    for scalar in scalars
]
CASES += [
    context.replace(" # comment", "").format(scalar)
    for context in CONTEXTS
    for scalar in BLOCK_SCALARS
    if not ("2-" in scalar and not context.startswith(("{}", "---", "a: {}", "? ")))
]
TEXT = (
    HOSTILE
    | st.text(
        st.sampled_from("ab \t\n:#-?,[]{}'\"\\&*!|>%@`.=~<é😀\u2028\x85\ufeff\x07\r"), max_size=30
    )
    | st.sampled_from(["null", "yes", "1.5", "---", "... a", "a:\nb", "# a", "a\n# b", "- a\n- b"])
    | st.lists(st.sampled_from(["word", "#", "-", ":", "a:", "\n", "  ", "'"])).map(" ".join)
)


@pytest.mark.usefixtures("_loader")
def test_cases_are_documents() -> None:
    for case in CASES:
        assert read(case), case
        assert changed(case) == case


@given(st.sampled_from(CASES), TEXT)
@example("a: >\n  x\n", "a\n b\n\nc")
def test_what_is_written_is_read_back(case: str, text: str) -> None:
    format_ = open_format("yaml", FormatOptions())
    source = Source("f", case)
    slots = list(format_.slots(source))
    assume(text not in {slot.text for slot in slots})  # it could not be told from the others
    new = "".join(filled(format_, source, slots, [Target(text)] * len(slots)))
    for loader in filter(None, (yaml.SafeLoader, getattr(yaml, "CSafeLoader", None))):
        before = list(yaml.parse(case, Loader=loader))
        after = list(yaml.parse(new, Loader=loader))
        assert [type(event) for event in after] == [type(event) for event in before]
        places = iter(slots)
        for one, other in zip(before, after, strict=True):
            if isinstance(one, yaml.ScalarEvent) and isinstance(other, yaml.ScalarEvent):
                body = one.value.strip(" \t\n")
                if other.value != one.value:
                    slot = next(places)
                    folding = isinstance(slot, Scalar) and slot.style in FOLDING
                    assert slot.text == (body.replace("\n", "\n\n") if folding else body)
                    said = text.replace("\n\n", "\n") if folding else text
                    assert other.value == one.value.replace(body, said)
                assert one.tag or kind(other) == kind(one)


def kind(scalar: yaml.ScalarEvent) -> str:
    """What a reader of YAML 1.1 takes a scalar without a tag for."""
    resolver: Any = yaml.resolver.Resolver()
    return str(resolver.resolve(yaml.ScalarNode, scalar.value, scalar.implicit))


# PyYAML takes these for texts; not everybody does.
UNSURE = re.compile(r"[yYnN]|[-+]?[\d.]+[eE][-+]?\d+|0o[0-7]+|:\w+[?!]?")
VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | HOSTILE.filter(lambda text: not UNSURE.fullmatch(text)),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(HOSTILE, inner, max_size=3),
    max_leaves=8,
)


def _mapped(value: object) -> object:
    if isinstance(value, dict):
        return {key: _mapped(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_mapped(inner) for inner in value]
    if isinstance(value, str) and any(map(str.isalpha, value)):
        body = value.strip(" \t\n")
        return value.replace(body, body + ": # 'x'\ny")
    return value


@given(VALUES, st.booleans(), st.sampled_from([None, "'", '"', "|", ">"]), st.integers(10, 100))
def test_what_pyyaml_writes(value: Any, flow: bool, style: str | None, width: int) -> None:
    text = yaml.safe_dump(
        value, default_flow_style=flow, default_style=style, width=width, allow_unicode=True
    )
    assume(yaml.safe_load(text) == value)  # not so with all control characters
    assert changed(text) == text
    assert yaml.safe_load(changed(text, "{}: # 'x'\ny")) == _mapped(value)


RAILS = "# c\nen:\n  a: x\n"


@pytest.mark.parametrize(
    ("name", "text", "language", "key"),
    [
        ("config/locales/en.yml", RAILS, "de", "de"),
        ("devise.en.yml", RAILS, "pt-BR", "pt-BR"),
        ("en.yml", RAILS, "no", '"no"'),
        ("en.yml", RAILS.replace("en:", "'en':"), "no", "'no'"),
        ("zh-CN.yml", RAILS.replace("en:", "zh-CN:"), "de", "de"),
        ("en.yml", RAILS, "", "en"),
        ("messages.yml", RAILS, "de", "en"),
        ("open.yml", RAILS, "de", "en"),
        ("app.yml", RAILS.replace("en:", "app:"), "de", "app"),
        ("db.yml", RAILS.replace("en:", "db:"), "de", "db"),
        ("en.yml", RAILS + "x: 1\n", "de", "en"),
        ("en.yml", RAILS + "---\na: b\n", "de", "en"),
        ("en.yml", "# c\nen: x\n", "de", "en"),
        ("en.yml", "# c\n- en: x\n", "de", None),
    ],
)
def test_language(name: str, text: str, language: str, key: str | None) -> None:
    new = changed(text, "{} y", name, target_language=language)
    found = re.search(r"^(\S+):", new, re.MULTILINE)
    assert (found and found[1]) == key
    assert new.partition(":")[2] == changed(text, "{} y").partition(":")[2]
    assert changed(text, "{}", name, target_language=language) == text


@pytest.mark.parametrize(
    ("name", "text", "is_said"),
    [
        ("messages.yml", RAILS, True),
        ("en.yml", RAILS, False),
        ("messages.yml", RAILS.replace("en:", "fr:"), False),
        ("messages.yml", RAILS + "x: y\n", False),
    ],
)
def test_a_language_that_stays_is_said(name: str, text: str, is_said: bool) -> None:
    options = FormatOptions(source_language="en", target_language="de")
    document = read_document(open_format("yaml", options), name, text.encode())
    list(document.slots)
    assert any("stays, though it is their language" in said for said in document.remarks) == is_said


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("order: [ :year, :month ]\nhello: A house\n", ["A house"]),
        ("a: [ :a b, c?d, ::x, a:b ]", [":a b", "c?d", "::x", "a:b"]),
        ("a: &foo.bar x\nb: *foo.bar\nc: z", ["x", "z"]),
        ("a: &日本 x\nb: [*日本, z]\n", ["x", "z"]),
        ("-\tone\n- two\t\n-\t- three\n", ["one", "two", "three"]),
        ("a: one\n\t\nb: two\n", ["one", "two"]),
        ("k" * 2000 + ": one\n", ["one"]),
        ("[? a : one]", ["one"]),
        ("{:a: one, 'b':two, [c]:three}", ["one", "two", "three"]),
        ("[\n\tone,\n\ttwo]", ["one", "two"]),
    ],
)
def test_what_is_valid_in_yaml_1_2(text: str, expected: list[str]) -> None:
    assert read(text) == expected
    assert changed(text) == text
    assert read(changed(text, "{} more")) == [f"{each} more" for each in expected]


def test_texts_in_front_of_what_another_reader_stops_at_come_once() -> None:
    text = "\n".join(f"k{n}: house {n}" for n in range(500)) + "\nz: [ :a ]\ny: one\n"
    assert read(text) == [*(f"house {n}" for n in range(500)), "one"]


@pytest.mark.usefixtures("_loader")
@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a: b: c\n", r"f\.yml, line 1 is not YAML"),
        ("a: x\nb: 'y\n", r"f\.yml, line 3 is not YAML"),
        ("a: x\n\tb: y\n", r"f\.yml, line 2 is not YAML"),
        ("a: x\nb: \x07\n", r"f\.yml, line 2 is not YAML: it has a character"),
        ("[" * 1_200, r"f\.yml is nested more than"),
        ("a: " + "{a: " * 5_000, r"f\.yml is nested more than"),
        ("- " * 5_000, r"f\.yml is nested more than"),
        ("a: *b\nc: [", r"f\.yml, line [23] is not YAML"),
    ],
)
def test_what_is_none(text: str, message: str) -> None:
    with pytest.raises(BadInputError, match=message):
        read(text)


def test_paragraphs_are_texts_of_their_own() -> None:
    text = (
        "a: >-\n  One sentence that is wrapped, for it is\n  long.\n\n  Another, which is no less\n"
        "  long than the first.\nb: |\n  <b>Bold.</b>\n\n  Plain.\n"
    )
    document = Document.of(open_format("yaml", FormatOptions()), Source("f", text))
    assert [slot.text for slot in document.slots] == [
        "One sentence that is wrapped, for it is long.",
        "Another, which is no less long than the first.",
        "Bold.",
        "Plain.",
    ]
    targets = [
        Target(word, ((0, 5),) * len(slot.marks))
        for word, slot in zip(("Eins.", "Zwei.", "Drei.", "Vier."), document.slots, strict=True)
    ]
    new = b"".join(document.written(targets)).decode()
    assert new == "a: >-\n  Eins.\n\n  Zwei.\nb: |\n  <b>Drei.</b>\n\n  Vier.\n"


def test_aliases_are_not_followed() -> None:
    lines = ["a0: &a0 word"] + [
        f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 40)
    ]
    text = "\n".join(lines)
    assert read(text) == ["word"]
    assert changed(text, "{}s") == text.replace("word", "words")


@pytest.mark.parametrize(
    "make",
    [
        lambda n: "a: " + "word " * 40_000 * n,
        lambda n: 'a: "' + "word\\n" * 40_000 * n + '"',
        lambda n: "a: |\n" + "  word word\n" * 20_000 * n,
        lambda n: "a: >\n" + "  word word\n\n" * 20_000 * n,
        lambda n: "a: '" + "x '' " * 40_000 * n + "'",
        lambda n: "a: &a" + " # c\n" * 40_000 * n + "  word",
        lambda n: "[" + "a, " * 3_000 * n + "]",
        lambda n: "a: x\n" + "\n" * 200_000 * n,
    ],
    ids=lambda make: make(1)[:8],
)
@pytest.mark.parametrize("n", TENTHS)
def test_large_ones(make: Callable[[int], str], n: int) -> None:
    text = make(n)
    if yaml.__with_libyaml__ or len(text) < 1_000_000:
        new = changed(text, "{} more")
        assert len(new) > len(text)


def test_texts_with_tags_of_their_own_are_said() -> None:
    format_ = open_format("yaml", FormatOptions())
    text = 'a: !Sub "Hello there, ${b}"\nc: !secret wifi_password\nd: One\ne: !!str Two words\n'
    assert [slot.text for slot in format_.slots(Source("f", text))] == ["One", "Two words"]
    assert format_.remarks == ["Texts with tags of their own stay: 'Hello there, ${b}' (!Sub)."]
