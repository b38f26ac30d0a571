"""MDX: JavaScript and JSX stay, the text between is text."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from s2scli.documents import open_format
from s2scli.documents.base import FormatOptions, Slot, Source, Target, parents
from s2scli.documents.filling import filled
from s2scli.markup.markdown.jsx import flow_shadow, inline_shadow, left_texts
from s2scli.text.projection import project
from tests.sizes import SIXTHS

FORMAT = open_format("mdx", FormatOptions())


def slots(text: str) -> list[Slot]:
    return list(FORMAT.slots(Source("f", text)))


def texts(text: str) -> list[str]:
    return [slot.text for slot in slots(text)]


def changed(text: str, change: Callable[[str], str]) -> str:
    found, targets = slots(text), []
    source = Source("f", text)
    found = list(FORMAT.slots(source))
    for slot in found:
        new = change(slot.text)
        spans = [(mark.start, mark.end) for mark in slot.marks]
        targets.append(Target(new, project(slot.text, new, spans, parents(slot.marks), ())))
    return "".join(filled(FORMAT, source, found, targets))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "<A>\n    One:\n    ```sh\n    make\n    ```\n    - two\n\n      three\n</A>\n",
            ["One:", "two", "three"],
        ),
        ("import A from 'a'\n\nOne\n", ["One"]),
        ("import {\n  A,\n} from 'a'\nexport const b = {\n\n c: 'no'\n}\n\nOne\n", ["One"]),
        ("export default function X() {\n\n  return <p>No</p>\n}\n\nOne\n", ["One"]),
        ("One\nimport this and that\n", ["One import this and that"]),
        ("import of goods\n", ["import of goods"]),
        ("<A\n  b='No'\n  c={() => 1 > 0}\n>\nOne\n</A>\n", ["One"]),
        ("<A>\n\n      Far to the right\n\n</A>\n", ["Far to the right"]),
        ("<div>\n  <p>\n  One\n  </p>\n</div>\n", ["One"]),
        ("<A b='No' /> {c} <D/>\nOne\n", ["One"]),
        ("{/* No */}\nOne\n\n{\n  'no'\n}\n", ["One"]),
        ("<style>{`\n .a { b: c }\n`}</style>\n\n<pre>\nno {x}\n</pre>\nOne\n", ["One"]),
        ("```js\n{\n```\nOne\n\n~~~\n<A\n~~~\n", ["One"]),
        ('<Tab title="Linux" id="No">\n\nOne\n\n</Tab>\n', ["Linux", "One"]),
        ("<A\n  label='Two'\n  alt={b}\n  c={<D title='No'/>}\n/>\n", ["Two"]),
        ('```js\n<A title="No">\n```\n', []),
        (
            'One <B title="Two" id="No">three</B> <C label=\'Four\' d={"no"}/>\n',
            ["One three", "Two", "Four"],
        ),
        ('| a <B label="Two"/> |\n| - |\n| <C alt="Three"/> |\n', ["a", "Two", "Three"]),
        ('One <B\n  title="Two\n  three" /> four\n', ["One four", "Two three"]),
        ("<></>\n<>\nOne\n</>\n", ["One"]),
        ("One {a.b('}')} two\n", ["One {a.b('}')} two"]),
        ("One {/* no */} two <b>three</b>\n", ["One two three"]),
        ("One <A b={{c: 'no'}}>two</A> <D.E f={g} {...h}/> three\n", ["One two three"]),
        ("# One {#two}\n", ["One"]),
        ("1 < 2 and a > b\n", ["1 < 2 and a > b"]),
        ("One {two\n", ["One {two"]),
        ("Don't {a && <p>Don't</p>} stop\n", ["Don't {a && <p>Don't</p>} stop"]),
        ("<!-- x\n", ["<!-- x"]),
        ("", []),
    ],
)
def test_what_is_text(text: str, expected: list[str]) -> None:
    assert texts(text) == expected
    assert changed(text, str) == text
    new = changed(text, lambda text: f"{text} more")
    assert texts(new) == [f"{one} more" for one in expected]
    old = text.replace("\n", "\r\n")
    assert texts(old) == expected
    assert changed(old, str) == old


@pytest.mark.parametrize(
    ("text", "target", "expected"),
    [
        ("One\n", "a {b} <c> {", "a \\{b} \\<c> \\{\n"),
        ("One {b}\n", "{b} zwei", "{b} zwei\n"),
        ("One <A b={1}>two</A>\n", "One two", "One <A b={1}>two</A>\n"),
    ],
)
def test_how_texts_are_written(text: str, target: str, expected: str) -> None:
    assert changed(text, lambda _: target) == expected


def test_components_are_on_their_words() -> None:
    text = "Press <Link to={`/a`}>the *old* button</Link> now.\n"
    (slot,) = slots(text)
    assert [slot.text[mark.start : mark.end] for mark in slot.marks] == ["the old button", "old"]
    spans = tuple((mark.start, mark.end) for mark in slot.marks)
    new = "".join(filled(FORMAT, Source("f", text), [slot], [Target(slot.text.upper(), spans)]))
    assert new == "PRESS <Link to={`/a`}>THE *OLD* BUTTON</Link> NOW.\n"


PARTS = st.lists(
    st.text(st.sampled_from("ab{}<>/`'\"=\n .*"), max_size=8)
    | st.sampled_from(["import a from 'b'\n", "<A b={c}>", "</A>", "{d}", "{/* e */}", "\n\n"]),
    max_size=9,
)  # fmt: skip


@given(PARTS)
def test_shadows_are_as_long(parts: list[str]) -> None:
    text = "".join(parts)
    for shadow in (flow_shadow(text), inline_shadow(text)):
        assert len(shadow) == len(text)
    lines = flow_shadow(text).split("\n")
    assert list(map(len, lines)) == list(map(len, text.split("\n")))
    assert changed(text, str) == text
    changed(text, lambda text: f"x {text[: len(text) // 2]} {{ <b x")


@pytest.mark.parametrize(
    "part", ["{", "}", "<A ", "<A b={", "{a} ", "<A b={c}>x</A> ", "`{", "{/* "]
)
@pytest.mark.parametrize("end", ["", "\n", "\n\n"])
@pytest.mark.parametrize("n", SIXTHS)
def test_large_ones(part: str, end: str, n: int) -> None:
    text = "x" + (part + end) * 500 * n + "\n"
    assert changed(text, str) == text


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("export const meta = {\n  title: 'Hello world',\n}\n", ["Hello world"]),
        ("import A from 'my long path'\n", []),
        ('The <Badge text="New feature" title="Not said" /> here\n', ["New feature"]),
        ("<A render={() => <b>Inner text</b>} />\n", ["Inner text"]),
        ("{list.map(item => <li key={item}>Item text {item}</li>)}\n", ["Item text"]),
        ('<p className="one two" style={{font: "a b"}}>A text</p>\n', []),
        ("{/* A long comment */} and {1 + 2}\n", []),
        ("```jsx\n<A text='Not said'/>\n```\n", []),
        ("It's {a ? \"Yes, it is\" : 'Oh no'}.\n", ["Yes, it is", "Oh no"]),
    ],
)
def test_texts_in_code_are_said(text: str, said: list[str]) -> None:
    assert list(left_texts(text)) == said
    format_ = open_format("mdx", FormatOptions())
    list(format_.slots(Source("f", text)))
    assert bool(format_.remarks) == bool(said)


@pytest.mark.parametrize("part", ["{", '<A b="', "<a>b c", "{'", "`", "export const a = {\n", "/*"])
@pytest.mark.parametrize("n", SIXTHS)
def test_saying_takes_linear_time(part: str, n: int) -> None:
    list(left_texts(part * 1_000 * n))
