from __future__ import annotations

import pytest

from s2scli.errors import UsageError
from s2scli.text.templates import Template


@pytest.mark.parametrize(
    ("text", "slots", "filled"),
    [
        ("summarize: {text}", ("text",), "summarize: T"),
        ("{text} {text}", ("text", "text"), "T T"),
        ("{{{text}}} }}{{", ("text",), "{T} }{"),
        ("no slot", (), "no slot"),
        ("", (), ""),
    ],
)
def test_templates(text: str, slots: tuple[str, ...], filled: str) -> None:
    template = Template.parse(text)
    assert template.slots == slots
    assert template.fill({"text": "T"}) == filled
    assert template.partly({"text": "T"}).fill({}) == filled


def test_a_value_is_text_and_no_template() -> None:
    assert Template.parse("<{text}>").fill({"text": "{text} {{"}) == "<{text} {{>"


@pytest.mark.parametrize("text", ["{", "}", "{}", "a {b", "a} b", "{{text}"])
def test_lonely_braces(text: str) -> None:
    with pytest.raises(UsageError, match="brace without a name"):
        Template.parse(text)


def test_filling_a_part_leaves_the_rest() -> None:
    template = Template.parse("{a}-{b}-{a}").partly({"a": "x"})
    assert template.slots == ("b",)
    assert template.fill({"b": "y"}) == "x-y-x"
