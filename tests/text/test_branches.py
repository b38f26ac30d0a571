"""Conditions and loops of templates: which tags belong together, and what is in their branches."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from s2scli.text.branches import branching, is_within_word


@pytest.mark.parametrize(
    ("text", "branches"),
    [
        ("a {% if x %}b{% elif y %}c{% else %}d{% endif %} e", ["b", "c", "d"]),
        ("{%- if x -%} b {%- endif -%}", [" b "]),
        ("{%p if x %}b{%p endif %}", ["b"]),
        ("{% case x %}{% when 1 %}b{% when 2 %}c{% endcase %}", ["", "b", "c"]),
        ("{% for x in y %}b{% empty %}c{% endfor %}", ["b", "c"]),
        ("{% blocktrans %}b{% plural %}c{% endblocktrans %}", ["b", "c"]),
        ("{% if x %}b{% end %}", ["b"]),
        ("{% if x\n   and y %}b{% endif %}", ["b"]),
        ("{% if x %}b{% if y %}c{% else %}d{% endif %}{% else %}e{% endif %}",
         ["b{% if y %}c{% else %}d{% endif %}", "e"]),
        ("{{#if x}}b{{else if y}}c{{else}}d{{/if}}", ["b", "c", "d"]),
        ("{{~#if x~}}b{{^}}c{{~/if~}}", ["b", "c"]),
        ("{{#x}}b{{/x}}{{^x}}c{{/x}}", ["b", "c"]),
        ("{{#> part}}b{{/part}}", ["b"]),
        ("{{if .A}}b{{else if .B}}c{{else}}d{{end}}", ["b", "c", "d"]),
        ("{{- range .Items -}}b{{- end -}}", ["b"]),
        ("{{< button >}}b{{< /button >}}", ["b"]),
        ("{{% note %}}b{{% /note %}}", ["b"]),
        ("<% if x %>b<% elsif y %>c<% else %>d<% end %>", ["b", "c", "d"]),
        ("<% xs.each do |x| %>b<% end %>", ["b"]),
        ("<%= link_to x do %>b<% end %>", ["b"]),
        ("<% if (x) { %>b<% } else { %>c<% } %>", ["b", "c"]),
        ("<% xs.forEach(x => { %>b<% }) %>", ["b"]),
        ("<?php if ($a): ?>b<?php else: ?>c<?php endif; ?>", ["b", "c"]),
        ("<?php foreach ($a as $b) { ?>b<?php } ?>", ["b"]),
        ("<#if x == 1>b<#elseif y>c<#else>d</#if>", ["b", "c", "d"]),
        ("<@box size=1>b</@box>", ["b"]),
        ("{#if x}b{:else if y}c{:else}d{/if}", ["b", "c", "d"]),
        ("{if $x > 1}b{else}c{/if}", ["b", "c"]),
        ("{foreach $x as $y}b{foreachelse}c{/foreach}", ["b", "c"]),
        ("@if ($x) b @elseif ($y) c @else d @endif", [" b ", " c ", " d "]),
        ("@foreach ($x as $y) b @endforeach", [" b "]),
        ("@forelse ($x as $y) b @empty c @endforelse {{-- d --}}", [" b ", " c "]),
        ("@if (a > f(b)) {b} @else if (c) {c} @else {d}", ["b", "c", "d"]),
        ("@for (a of b; track a.id) { {{ b }} {c} } @empty {d}", [" {{ b }} {c} ", "d"]),
    ],
)  # fmt: skip
def test_branches(text: str, branches: list[str]) -> None:
    found = branching(text)
    assert [text[slice(*span)] for one in found.found for span in one.branches] == branches
    assert not found.loose


@pytest.mark.parametrize(
    ("text", "loose"),
    [
        ("a {% else %} b {% endif %} c", ["{% else %}", "{% endif %}"]),
        ("a {% if x %} b", ["{% if x %}"]),
        ("a @if ($x) b", ["@if ($x)"]),
        ("a } @else { b", ["} @else {"]),
        ("a @endif b", ["@endif"]),
        ("a {{#if x}} b {{else}} c", ["{{#if x}}", "{{else}}"]),
        ("a {{- end }} b {{/if}}", ["{{- end }}", "{{/if}}"]),
        ("a <% end %> b <% } else { %> c", ["<% end %>", "<% } else { %>"]),
        # {% endif %} closes what is in the other's branch, which has no end then.
        ("{% if x %}a{% for y in z %}b{% endif %}c{% endfor %}", ["{% endfor %}"]),
    ],
)
def test_tags_without_partners(text: str, loose: list[str]) -> None:
    assert [text[slice(*span)] for span in branching(text).loose] == loose


@pytest.mark.parametrize(
    "text",
    [
        "{% include 'a.html' %} b {% url 'x' %}",
        "from {{start}} to {{end}}",  # values of i18next
        "{{ if }} {{ with }} {{name}}",
        "{{< figure src=x >}} b",
        "<%= name %> and <%# if x %> <?= $x ?> <?xml version='1'?>",
        "{n, plural, one {# cat} other {# cats}}",
        "<#assign x=1> b",
        "{else} {name} {/}",
        "write to a@if.org, @user (the owner), @empty or @case",
        "{a} and { b }",
        "A heading {#if-then .wide} and {:toc} {/ignore}",
        "",
    ],
)
def test_what_has_no_branches(text: str) -> None:
    found = branching(text)
    assert not found.found
    assert not found.loose


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("file{% if x %}s{% endif %} here", True),
        ("{% if x %}un{% endif %}happy", True),
        ("file {% if x %}s{% endif %}", False),
        ("a{% if x %}, b{% endif %}.", False),
        ("a{% if x %} b{% else %}c{% endif %}", True),
    ],
)
def test_branches_within_words(text: str, expected: bool) -> None:
    (found,) = branching(text).found
    assert is_within_word(text, found[:2], found.branches) is expected


TAGS = ["{% if a %}", "{% for a in b %}", "{% else %}", "{% endif %}", "{% endfor %}", "{{#if a}}",
        "{{else}}", "{{/if}}", "{{if a}}", "{{end}}", "<% if a %>", "<% } else { %>", "<% end %>",
        "{#if a}", "{/if}", "<#if a>", "</#if>", " red ", "house"]  # fmt: skip


@given(st.lists(st.sampled_from(TAGS)).map("".join))
def test_places_are_in_order(text: str) -> None:
    found = branching(text)
    places = sorted([*((one.start, one.end) for one in found.found), *found.loose])
    reached = 0
    for start, end in places:
        assert reached <= start < end <= len(text)
        reached = end
    for one in found.found:
        spans = [one.start, *(place for span in one.branches for place in span), one.end]
        assert spans == sorted(spans)
    assert {*found.loose} <= {*found.tags}
    for start, end in found.tags:
        assert text[start] in "{<"
        assert text[end - 1] in "}>"


@pytest.mark.parametrize(
    "text",
    [
        "{% if a %} x " * 20_000,
        "{% if a %}" * 10_000 + "{% endfor %}" * 10_000,
        "{% if a %}" * 10_000 + "{% endif %}" * 10_000,
        "{% if a %} x {% endif %} {% else %}" * 10_000,
        "@if (" + "(" * 20_000,
        "@if (a) {" * 10_000 + "} " * 10_000,
        "<% " * 20_000,
    ],
)
def test_hostile_texts_take_linear_time(text: str) -> None:
    """Where it is quadratic, the test does not come to an end."""
    branching(text)
