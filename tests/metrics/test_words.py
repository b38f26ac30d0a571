"""ROUGE's words in all scripts, and what is said where there are none."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from s2scli.metrics.base import MetricOptions, load_metric
from s2scli.metrics.words import KINDS, is_unread, taken, words
from tests.cli.test_models import complaint
from tests.conftest import Run

# Script → a text and its words.
SCRIPTS = {
    "Latin": ("Über den Fluß, 3 café_s", ["über", "den", "fluß", "3", "café", "s"]),
    "decomposed": ("cafe\u0301s", ["cafe\u0301s"]),
    "Cyrillic": ("Привет, мир!", ["привет", "мир"]),
    "Arabic": ("مَرْحَبًا بالعالم", ["مَرْحَبًا", "بالعالم"]),
    "Persian": ("می\u200cخواهم", ["می\u200cخواهم"]),
    "Hindi": ("हिन्दी में", ["हिन्दी", "में"]),
    "Korean": ("안녕 세계", ["안녕", "세계"]),
    "Tibetan": ("བོད་ཡིག", ["བོད", "ཡིག"]),
    "Chinese": ("你好,AI世界2。", ["你", "好", "ai", "世", "界", "2"]),
    "Han beyond": ("𠀀𪜀", ["𠀀", "𪜀"]),
    "Japanese": ("カメラでとる々", ["カ", "メ", "ラ", "で", "と", "る", "々"]),
    "half width": ("ｶﾞ", ["ｶ", "ﾞ"]),
    "Thai": ("สวัสดี ๆ", ["ส", "วั", "ส", "ดี", "ๆ"]),
    "Lao": ("ສະບາຍດີ", ["ສ", "ະ", "ບ", "າ", "ຍ", "ດີ"]),
    "Khmer": ("សួស្តី។", ["សួ", "ស្", "តី"]),
    "Burmese": ("မြန်မာ", ["မြ", "န်", "မာ"]),
}


@pytest.mark.parametrize("script", SCRIPTS)
def test_words_of_scripts(script: str) -> None:
    text, expected = SCRIPTS[script]
    assert words(text.lower(), "unicode") == expected
    assert not is_unread(text, "unicode")
    assert is_unread(text, "ascii") is (script not in ("Latin", "decomposed"))
    assert taken("auto", [text]) == "unicode"


def test_what_auto_takes() -> None:
    assert taken("auto", ["Plain English. " * 20 + "Müller"]) == "ascii"
    assert taken("auto", []) == "ascii"
    assert [taken(kind, ["日本"]) for kind in KINDS] == ["ascii", "unicode", "unicode"]


def test_english_words_are_those_of_rouge_score() -> None:
    text = "It's 3.5% of U.S. e-mails_"
    assert words(text.lower(), "ascii") == words(text.lower(), "unicode")
    assert not is_unread("", "ascii")
    assert is_unread("***", "unicode")


@pytest.mark.parametrize("text", ["แมวนั่งบนเสื่อ", "猫坐在垫子上", "القطة على السجادة"])
def test_equal_texts_have_the_full_score(text: str) -> None:
    for name in ("rouge1", "rouge2", "rougeL", "rougeLsum"):
        metric = load_metric(name, MetricOptions(rouge_words="unicode"))
        assert metric.score(metric.statistics([text], [[text]])) == 1.0


def test_what_is_not_read_is_said(s2s: Run, tmp_path: Path) -> None:
    (tmp_path / "h").write_text("猫坐在垫子上\nA cat.\n")
    (tmp_path / "r").write_text("猫在垫子上\nA cat.\n")
    arguments = ("score", tmp_path / "h", tmp_path / "r", "--metric", "rougeL", "--json")
    done = s2s(*arguments)
    assert b"no word, or less than half: 2 (--rouge-words ascii). Try --rouge-words" in done.stderr
    done = s2s(*arguments, "--rouge-words", "auto")
    assert done.stderr == b"s2s: note: --rouge-words auto took unicode\n"
    (score,) = json.loads(done.stdout)["systems"][0]["scores"]
    assert "|words:unicode|" in score["signature"]
    assert score["score"] > 0.9
    note = s2s("score", *arguments[1:3]).stderr
    assert b"without spaces between words, and bleu, ter, length-ratio split at" in note
    for options in (("--metric", "chrf"), ("--metric", "bleu", "--tokenize", "zh")):
        assert s2s("score", *arguments[1:3], *options).stderr == b""


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--fail-under", "rougeL=50"), "The gate rougeL=50 is outside the range of rougeL"),
        (("--fail-under", "rougeL=1.01"), "goes from 0 to 1"),
        (("--fail-under", "meteor=30"), "goes from 0 to 1"),
        (("--fail-under", "bleu=101"), "goes from 0 to 100"),
        (("--fail-under", "chrf=-1"), "goes from 0 to 100"),
        (("--fail-under", "exact-match=200"), "goes from 0 to 100"),
        (("--fail-under", "ter=-5"), "without an upper limit"),
        (("--metric", "rouge1", "--no-worse-than", "{h}", "--by", "2"), "--by 2 is outside"),
    ],
)
def test_gates_beyond_a_range(
    s2s: Run, tmp_path: Path, arguments: tuple[str, ...], message: str
) -> None:
    (tmp_path / "h").write_text("A cat.\n")
    (tmp_path / "r").write_text("A dog.\n")
    given = [each.format(h=tmp_path / "h") for each in arguments]
    assert message in complaint(s2s("score", tmp_path / "h", tmp_path / "r", *given), 2)


@pytest.mark.parametrize("gate", ["rougeL=1", "ter=500", "length-ratio=3"])
def test_gates_within_a_range(s2s: Run, tmp_path: Path, gate: str) -> None:
    (tmp_path / "h").write_text("A cat.\n")
    (tmp_path / "r").write_text("A dog.\n")
    done = s2s("score", tmp_path / "h", tmp_path / "r", "--fail-under", gate)
    assert done.returncode == (0 if gate.startswith("ter") else 4)
