"""Hypotheses with bytes of no whole character: mended, or the next of the beam."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import pytest

from s2scli.data import Attended, Decoding, Hypothesis, Piece, Segment
from s2scli.inference.model import Model
from s2scli.inference.tokenizers.bytes import HOLE, spelt_out, whole_letters, without_bytes
from s2scli.tasks.wholeness import without_holes


@dataclass
class Beam:
    """A decoder that always finds the same hypotheses."""

    texts: tuple[Hypothesis, ...]
    asked: list[Decoding] = field(default_factory=list)
    workers = 1

    def submit(self, sources: Sequence[list[str]], decoding: Decoding) -> Beam:
        assert sources == [["x"]]
        self.asked.append(decoding)
        return self

    def result(self) -> list[tuple[Hypothesis, ...]]:
        return [self.texts]


def hypothesis(text: str) -> Hypothesis:
    """One that has a hole for each underscore."""
    parts = text.split("_")
    places = [len("".join(parts[:count])) for count in range(1, len(parts))]
    return Hypothesis("".join(parts), -1.0, 3, holes=tuple(places))


def taken(source: str, first: str, *beam: str) -> tuple[Hypothesis, Beam]:
    """The hypothesis that is taken, and whom others were asked of."""
    decoder = Beam(tuple(map(hypothesis, beam)))
    piece = Piece(Segment(0, source), 0, ["x"], source)
    _, found = without_holes(piece, (hypothesis(first),), decoder, Decoding(beam_size=2))
    return found[0], decoder


def test_a_letter_of_the_source_is_put_back() -> None:
    found, decoder = taken("Søren is here.", "S_ren ist hier.")
    assert (found.text, found.holes, decoder.asked) == ("Søren ist hier.", (), [])


def test_the_next_hypothesis_is_taken() -> None:
    found, decoder = taken("the street", "die Stra_e", "der Stra_e", "die Straße")
    assert (found.text, found.holes) == ("die Straße", ())
    assert [(one.beam_size, one.n_best) for one in decoder.asked] == [(4, 4)]


def test_no_hypothesis_is_whole() -> None:
    found, _ = taken("the street", "die Stra_e", "der Stra_e")
    assert (found.text, found.holes) == ("die Strae", (8,))


def test_a_word_that_nothing_fits_leaves_the_others_alone() -> None:
    found, _ = taken("Søren, a street, Malmö", "S_ren, Stra_e, Malm_", "S_ren, Stra_e")
    assert (found.text, found.holes) == ("Søren, Strae, Malmö", (11,))
    found, _ = taken("Søren's street", "Stra_e von S_ren", "Stra_e")
    assert (found.text, found.holes) == ("Strae von Søren", (4,))


def test_words_keep_their_places() -> None:
    words = (Attended(0, 3, [1.0]), Attended(4, 7, [1.0]), Attended(8, 11, [1.0]))
    one = Hypothesis("ren ist Mal", -1.0, 3, attention=words, holes=(0, 11))
    piece = Piece(Segment(0, "øren is Malö"), 0, ["x"], "øren is Malö")
    _, found = without_holes(piece, (one,), Beam(()), Decoding())
    spans = [(word.start, word.end) for word in found[0].attention or ()]
    assert [found[0].text[start:end] for start, end in spans] == ["øren", "ist", "Malö"]


@pytest.mark.parametrize(
    ("tokens", "expected"),
    [
        (["▁S", "<0xC3>", "<0xB8>", "ren"], "Søren"),
        (["▁S", "<0xC3>", "ren"], f"S{HOLE}ren"),
        (["▁S", "<0xE5>", "<0x8C>", "ren", "<0xB8>"], f"S{HOLE}ren{HOLE}"),
    ],
)
def test_holes_of_byte_pieces(model: Model, tokens: list[str], expected: str) -> None:
    assert model.tokenizer.decode([tokens], HOLE) == [expected]
    assert model.tokenizer.decode([tokens]) == [expected.replace(HOLE, "")]


def test_holes_of_letters() -> None:
    assert whole_letters(["SÃ", "¸r", "en"]) == ["SÃ¸ren"]
    assert whole_letters(["SÃ", "r", "eÃ", "n"], HOLE) == ["S", HOLE, "re", HOLE, "n"]
    assert without_bytes(["S", "<0xC3>", "<0xE5>", "r"], HOLE) == ["S", HOLE, "r"]


def test_what_is_spelt_out() -> None:
    assert spelt_out(["▁K", "<0xC3>", "<0xB8>", "r", "<0xE5>", "<0xC3>", "<0xA6>", "n"]) == "øæ"
