from __future__ import annotations

import subprocess
import sys

import pytest

from s2scli.errors import UsageError
from s2scli.languages.detection import UNKNOWN, detect, detectable

SENTENCES = {
    "de": "Die Besprechung beginnt am Montag um neun Uhr.",
    "en": "The meeting begins on Monday at nine o'clock.",
    "fr": "La réunion commence lundi à neuf heures.",
    "es": "La reunión empieza el lunes a las nueve de la mañana.",
    "it": "La riunione comincia lunedì mattina alle nove.",
    "nl": "De vergadering begint maandag om negen uur.",
    "pl": "Spotkanie zaczyna się w poniedziałek o dziewiątej.",
    "ru": "Встреча начинается в понедельник в девять часов.",
    "tr": "Toplantı pazartesi sabahı saat dokuzda başlıyor.",
    "el": "Η συνάντηση αρχίζει τη Δευτέρα στις εννέα.",
    "he": "הפגישה מתחילה ביום שני בשעה תשע.",
    "ja": "会議は月曜日の九時に始まります。",
    "ko": "회의는 월요일 아홉 시에 시작합니다.",
    "hi": "बैठक सोमवार को सुबह नौ बजे शुरू होती है।",
    "vi": "Cuộc họp bắt đầu lúc chín giờ sáng thứ Hai.",
}


@pytest.mark.parametrize("language", SENTENCES)
def test_a_sentence(language: str) -> None:
    found = detect(SENTENCES[language])
    assert found.language == language
    assert found.is_sure
    assert 0.5 <= found.confidence <= 1
    assert found.candidates[0] == (language, found.confidence)
    assert [c.confidence for c in found.candidates] == sorted(
        (c.confidence for c in found.candidates), reverse=True
    )


@pytest.mark.parametrize("text", ["", " \n", "123", "5 %", "…", "😀", "\x00", "\ud800", "OK", "ab"])
def test_a_text_that_says_too_little(text: str) -> None:
    found = detect(text)
    assert found.language == UNKNOWN
    assert not found.is_sure
    assert found.confidence < 0.5


def test_a_few_languages_are_told_apart_by_less() -> None:
    assert not detect("Bonjour").is_sure
    found = detect("Bonjour", ["German", "eng_Latn", "fr_XX"])
    assert found.language == "fr"
    assert {candidate.language for candidate in found.candidates} == {"de", "en", "fr"}
    assert sum(candidate.confidence for candidate in found.candidates) == pytest.approx(1)


def test_of_two_languages_one_must_be_clearly_ahead() -> None:
    assert not detect("OK", ["de", "en"]).is_sure
    assert detect("Guten Morgen", ["de", "en"]).language == "de"


def test_a_text_in_none_of_them() -> None:
    found = detect("会議は月曜日の九時に始まります。", ["de", "en"])
    assert found.language == UNKNOWN
    assert found.confidence < 0.01


def test_how_sure_it_must_be() -> None:
    assert detect("Guten Morgen!").language == UNKNOWN
    assert detect("Guten Morgen!", sure=0.1).language == "de"
    assert detect(SENTENCES["de"], sure=1.0).language == UNKNOWN


def test_codes_are_the_house_s() -> None:
    assert detectable("nb")
    assert detectable("deu_Latn")
    assert not detectable("tlh")
    assert detect("Møtet begynner mandag klokka ni.", ["nob_Latn", "sv"]).language == "no"


def test_languages_that_cannot_be_told() -> None:
    with pytest.raises(UsageError, match="None of the languages can be told: tlh"):
        detect("nuqneH", ["tlh"])
    with pytest.raises(UsageError, match="no language 'Nowhere'"):
        detect("Hello there!", ["Nowhere"])


def test_long_texts_take_no_longer() -> None:
    assert detect(SENTENCES["de"] * 100_000).language == "de"


def test_nothing_is_loaded_before_it_is_needed() -> None:
    code = "import sys, s2scli.languages.detection; print('py3langid' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"
