"""What holds for all texts."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from s2scli.guard.checks import CHECKS, find
from s2scli.guard.facts import Facts, Finding
from tests.guard.declaration import TEXTS

PIECES = st.sampled_from(
    (
        *("5 May 2014", "May", "am 3. Juni", "1,234.56", "50 ft", "15 Meter", "CO2", "9/11", "0"),
        *(
            "{name}",
            "%s",
            "<b>",
            "$5",
            "https://example.org/a?b=1",
            "me@example.org",
            "(",
            "]",
            '"',
        ),
        *(
            "„",
            "the",
            "und",
            "no no no",
            "…",
            ".",
            "。",
            "委员会",
            "เรามีเวลา",
            "\u200d",
            "\ufffd",
            "½",
        ),
    )
)
WRITTEN = st.lists(PIECES | st.text(max_size=12), max_size=20).map(" ".join)
LANGUAGES = st.sampled_from((*TEXTS, "", "zh-Hant", "srp_Cyrl", "xx", "und", "en_GB", "nb"))


@given(WRITTEN, WRITTEN, LANGUAGES, LANGUAGES)
def test_no_text_is_too_odd(source: str, target: str, ours: str, theirs: str) -> None:
    found = find(Facts(source, target, ours, theirs))
    assert all(isinstance(finding, Finding) and finding.detail for finding in found)


@given(WRITTEN)
def test_a_text_is_a_good_translation_of_itself_into_its_language(text: str) -> None:
    found = {finding.check for finding in find(Facts(text, text, "en", "en"))}
    assert found <= {"language"}


@given(WRITTEN, st.booleans())
def test_a_check_alone_finds_what_it_finds_among_all(text: str, is_truncated: bool) -> None:
    facts = Facts(text, text.swapcase()[1:], "de", "en", truncated=is_truncated)
    alone = [finding for name in CHECKS for finding in find(facts, names=[name])]
    assert alone == find(facts)
