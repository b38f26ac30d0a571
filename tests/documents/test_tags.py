"""Tags of templates in texts come out as they are, whatever their signs mean, and on one line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.documents.runs import translated

TAGS = (
    "{{ a | b }}", "{{ a * b * c }}", "{% if x == '_a_' %}", '<%= a["b"] | c %>', '{{ "`x`" }}',
    "{{ a < b > c }}", "{{ 'x' + \"y\" }}", '{% x="~a~^b^#c#" %}', "{{ [a](b) }}", "${a|b}",
    "{{ a_b_ | c_ }}", r'{{ "a\n" }}', r'{{ "a\*" }}', '{{ "<b>x</b>" }}', '{{ "&amp;" }}',
    "{{ a ** b ** c }}", "{{ ``x`` }}", "{{ <<a,b>> }}", "{{ __a__ }}", "<%= a_b_ *x* %>",
    "{{{ a_b_ }}}", "{{ x[^1] }}", "{{ a^b^ }}", "{{ |a| }}", "{{ [1]_ }}", "{{ a == b }}",
)  # fmt: skip
NAMES = ("a.md", "a.rst", "a.adoc", "a.txt", "a.html", "a.json")
WRAPPED = """\
This is a text that was wrapped by hand at a width, for {{#if name | default: "my dear friend"}}all
of us{{/if}} in the house, ${ a ? b : c d e } or <%= link_to x, y, z %> and %{the name of it} there
for others {count, number, ::currency/EUR .00} too. It goes on with the [%key:common::state on it%]
and ends with {% trans with user as some one in this %} in the house.
"""
IN_WRAPPED = (
    '{{#if name | default: "my dear friend"}}',
    "${ a ? b : c d e }",
    "<%= link_to x, y, z %>",
    "%{the name of it}",
    "{count, number, ::currency/EUR .00}",
    "[%key:common::state on it%]",
    "{% trans with user as some one in this %}",
)
TIMES = "1\n00:00:01,000 --> 00:00:03,000\n"


@pytest.mark.parametrize("name", NAMES)
def test_tags_stay(name: str, tmp_path: Path) -> None:
    texts = [f"We see {tag} in the house." for tag in TAGS]
    texts += [f"We see *red {tag} big* in it." for tag in TAGS]
    if name == "a.json":
        document = json.dumps(texts)
    elif name == "a.html":
        document = "".join(f"<p>{text}</p>" for text in texts)
    else:
        document = "\n\n".join(texts)
    new = translated(name, document, tmp_path, str.title)
    for tag in TAGS:
        assert new.count(json.dumps(tag)[1:-1] if name == "a.json" else tag) >= 2, tag
    assert new.count("We See ") == len(texts)


@pytest.mark.parametrize("name", ["a.md", "a.rst", "a.adoc", "a.txt"])
@pytest.mark.parametrize("size", [0, 8, 16, 24])
def test_no_line_ends_in_a_tag(name: str, size: int, tmp_path: Path) -> None:
    text = f"{'x' * size} {WRAPPED}"
    new = translated(name, text, tmp_path, backwards=True)
    assert all(tag in new for tag in IN_WRAPPED)
    assert new.count("\n") > 3


def test_no_line_of_a_cue_ends_in_a_tag(tmp_path: Path) -> None:
    cue = f"{TIMES}They say {{{{ name | default: 'my dear old friend' }}}} to us all.\n"
    assert translated("a.srt", cue, tmp_path) == (
        f"{TIMES}THEY SAY\n{{{{ name | default: 'my dear old friend' }}}}\nTO US ALL.\n"
    )


def test_an_icon_at_the_end_of_a_link_has_its_space(tmp_path: Path) -> None:
    text = '<p>See <a href="x"><b>the guide <i class="i"></i></b></a> for more.</p>'
    assert translated("a.html", text, tmp_path) == (
        '<p>SEE <a href="x"><b>THE GUIDE <i class="i"></i></b></a> FOR MORE.</p>'
    )


@pytest.mark.slow
@pytest.mark.parametrize("signs", ["a:b", "`a", ":", "::", "pass:[", "{% if a %}", "<ruby>a"])
@pytest.mark.parametrize("name", ["a.rst", "a.adoc"])
def test_runs_of_signs_take_linear_time(name: str, signs: str, tmp_path: Path) -> None:
    """In quadratic time these would take minutes."""
    size = 30_000 if signs in ("a:b", ":", "::", "pass:[") else 2000
    text = f"A house {signs * size} here.\n\nA garden.\n"
    assert "GARDEN." in translated(name, text, tmp_path)


@pytest.mark.parametrize("name", ["a.json", "a.txt"])
@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[[File:a.png|thumb|x300px|A map]]", "[[File:a.png|thumb|x300px|A MAP]]"),
        ("[[File:a.png|thumb]]", "[[File:a.png|thumb]]"),
        ("[[a.png|left|upright=1.2|link=Main page]]", "[[a.png|left|upright=1.2|link=Main page]]"),
        ("[[File:a.png|left|By [[b|the sea]] now]]", "[[File:a.png|left|BY [[b|THE SEA]] NOW]]"),
        ("[[Old house|left it]]", "[[Old house|LEFT IT]]"),
    ],
)
def test_pictures_of_wikis(name: str, text: str, said: str, tmp_path: Path) -> None:
    frame = '{{"a": "{} {} {}"}}' if name == "a.json" else "{} {} {}\n"
    new = translated(name, frame.format("See", text, "here."), tmp_path)
    assert new.replace('"A"', '"a"') == frame.format("SEE", said, "HERE.")
