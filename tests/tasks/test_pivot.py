"""Translation through a third language: two models, one after the other."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

import s2scli
from s2scli.api import TextModel
from s2scli.data import Result, Segment
from s2scli.errors import UsageError
from s2scli.models.convert.run import convert
from s2scli.models.pivots import two_wishes
from s2scli.models.store import Wish
from s2scli.tasks.pivot import relayed
from tests.conftest import GOLDEN
from tests.pivots import install_pair

TEXTS = ["Where is the station?", "", "  Delete {name} and 3 files?  ", "…", "Good morning!"]


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[TextModel, TextModel]]:
    """The same translation by one call, and the model for two calls."""
    home = tmp_path_factory.mktemp("home")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("S2S_HOME", str(home))
        install_pair(home, "fr", "en")
        with (
            s2scli.load(source="fr", target="de", via="en", threads=1) as both,
            s2scli.load("en-de", threads=1) as one,
        ):
            yield both, one


def test_what_comes_out_is_the_translation_of_the_translation(
    pair: tuple[TextModel, TextModel],
) -> None:
    both, one = pair
    found = both.translate(TEXTS, beam_size=2)
    between = one.translate(TEXTS, beam_size=2)
    after = one.translate([result.text for result in between], beam_size=2)
    assert [result.text for result in found] == [result.text for result in after]
    assert [result.segment.text for result in found] == TEXTS
    for result, first, second in zip(found, between, after, strict=True):
        if not first.hypotheses:
            assert result.text == first.text
            assert result.notes == {}
            continue
        assert result.hypotheses[0].score == pytest.approx(second.hypotheses[0].score)
        note = result.notes["via"]
        assert (note["language"], note["text"]) == ("en", first.text)
        assert note["score"] == pytest.approx(first.hypotheses[0].score, abs=1e-5)


def test_links_lead_from_the_text_to_the_last_translation(
    pair: tuple[TextModel, TextModel],
) -> None:
    both, _ = pair
    text = "Open https://example.org today!"
    found = both.translate(text, alignment=True).hypotheses[0]
    address = found.text.index("https://example.org")
    start = text.index("https")
    assert found.links is not None
    # An address is one word or several, but never linked to what is not of it.
    of_address = [link for link in found.links if start <= link[0] < start + 19]
    assert of_address
    assert all(address <= link[2] < link[3] <= address + 19 for link in of_address)


def test_protection_and_prefixes_are_of_the_whole(pair: tuple[TextModel, TextModel]) -> None:
    both, one = pair
    found = both.translate("Delete {name} and %d files?", protect=True)
    assert found.text.count("{name}") == found.text.count("%d") == 1
    assert found.notes["protection"]
    begun = both.translate(["Good morning!", "Good night!"], prefixes=["Also", ""])
    assert begun[0].text.startswith("Also")
    assert begun[0].notes["via"]["text"] == one.translate("Good morning!").text
    assert not begun[1].text.startswith("Also")
    words = both.translate("Good night!", suppress_words=["Nacht"])
    assert "Nacht" in words.notes["via"]["text"]
    assert "Nacht" not in words.text


def test_results_come_as_texts_do(pair: tuple[TextModel, TextModel]) -> None:
    both, _ = pair
    given: list[int] = []

    def texts() -> Iterator[str]:
        for number in range(3):
            given.append(number)
            yield f"This is number {number}."

    found = both.translate(texts())
    assert "0" in next(found).text
    assert len(list(found)) == 2
    assert given == [0, 1, 2]


def test_what_a_chain_cannot_do_is_refused(pair: tuple[TextModel, TextModel]) -> None:
    both, _ = pair
    with pytest.raises(UsageError, match="one after the other, can translate only"):
        both.summarize("A text.")
    with pytest.raises(UsageError, match="no probabilities"):
        both.score("One.", "Eins.")
    with pytest.raises(UsageError, match="does not read 'nl'"):
        both.translate("Een.", source="nl")
    with pytest.raises(UsageError, match="does not write 'nl'"):
        both.translate("Un.", target="nl")
    assert "via:en-fr-en" in both.signature("translate")


def test_a_multilingual_model_translates_twice(tmp_path: Path) -> None:
    m2m100 = tmp_path / "m2m100"
    convert(GOLDEN / "m2m100", m2m100, quantization="float32")
    with s2scli.load(m2m100, source="en", target="de", via="fr", threads=1) as both:
        assert both.model.before
        assert both.model.before.model.engine is both.model.engine
        found = both.translate("Hello!")
        first = both.model.before.model
        assert (first.source_language, first.target_language) == ("en", "fr")
        assert both.model.languages == ("en", "de")
        assert found.notes["via"]["language"] == "fr"
        other = both.translate("Hello!", source="nl", target="fi")
    assert other.segment.text == "Hello!"


@pytest.mark.parametrize(
    ("wish", "via", "message"),
    [
        (Wish(None, "translate", "fr", "de"), "French", "that of the input"),
        (Wish("a,b", "translate", None, "deu_Latn"), "de", "that of the output"),
        (Wish(None, "translate", "fr"), "en", "needs --from and --to"),
        (Wish("a,b,c"), "en", "does not name two models"),
        (Wish("a,"), "en", "does not name two models"),
        (Wish(None, "translate", "fr", "de"), "Nowhere", "no language 'Nowhere'"),
    ],
)
def test_wishes_that_make_no_sense(wish: Wish, via: str, message: str) -> None:
    with pytest.raises(UsageError, match=message):
        two_wishes(wish, via)


def test_two_wishes(tmp_path: Path) -> None:
    assert two_wishes(Wish("a, b", "translate", "fr"), "en") == (
        Wish("a", "translate", "fr", "en"),
        Wish("b", "translate", "en", None),
    )
    one = tmp_path / "a,b"
    one.mkdir()
    assert two_wishes(Wish(str(one)), "en")[1].name == str(one)


def test_results_out_of_order_find_their_texts() -> None:
    def first(blocks: Iterator[list[Segment]]) -> Iterator[list[Result]]:
        for block in blocks:
            yield [Result(segment) for segment in reversed(block)]

    segments = [Segment(number, str(number), prefix=f"p{number}") for number in range(5)]
    found = [r for rs in relayed(iter([segments]), first, first, "en") for r in rs]  # type: ignore[arg-type]
    assert sorted(result.segment.index for result in found) == [0, 1, 2, 3, 4]
    assert all(result.segment is segments[result.segment.index] for result in found)
