from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from s2scli.documents import open_format
from s2scli.documents.base import FormatOptions, Source, Target
from s2scli.documents.reading import read_document
from s2scli.errors import BadInputError
from tests.documents.runs import translated
from tests.documents.test_formats import changed, read

SRT = """1
00:00:01,000 --> 00:00:02,500
<i>I have been here</i>

2
00:00:02,600 --> 00:00:04,000 X1:10 X2:20
{\\an8}for a long time
with my friends.

3
00:00:05,000 --> 00:00:06,000
- Who are you?
- nobody.

4
00:00:07,000 --> 00:00:08,000
♪ 42 ♪

5
00:00:09,000 --> 00:00:10,000

6
00:00:11,000 --> 00:00:12,000
The <b>end</b>.
"""
SPOKEN = """1
00:00:01,000 --> 00:00:02,000
{}

2
00:00:03,000 --> 00:00:04,000
on top.
"""
VTT = """WEBVTT - A title

NOTE
A note that --> is none of our business.

STYLE
::cue { color: red }

intro
00:01.000 --> 00:02.000 align:start position:0%
<v Anna>Hello there.

00:03.000 --> 00:04.000
A sentence that goes on

00:05.000 --> 00:06.000
in the next cue.
"""


def times(text: str) -> list[str]:
    return re.findall(r".*-->.*", text)


def test_what_is_text() -> None:
    assert read("srt", SRT) == [
        "I have been here for a long time with my friends.",
        "Who are you?",
        "nobody.",
        "The <b>end</b>.",
    ]
    assert read("vtt", VTT) == ["Hello there.", "A sentence that goes on in the next cue."]


@pytest.mark.parametrize(("kind", "text"), [("srt", SRT), ("vtt", VTT)])
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_all_but_the_words_stays(kind: str, text: str, newline: str) -> None:
    text = text.replace("\n", newline)
    assert changed(kind, text) == text
    new = changed(kind, text, "{} Many more words are said here than there were before.")
    assert times(new) == times(text)
    assert new.count("Many more words") + new.count("Many more") >= len(read(kind, text))
    assert ("\r" in new) == ("\r" in text)
    assert not re.search(r"(?<!\r)\n", new) or newline == "\n"
    for kept in ("{\\an8}", "</i>", "- ", "42") if kind == "srt" else ("<v Anna>", "STYLE", "NOTE"):
        assert new.count(kept) == text.count(kept)


def test_a_sentence_is_shared_out() -> None:
    new = changed("srt", SRT, "One two three four five six seven eight nine ten eleven twelve")
    first, second = new.split("\n\n")[:2]
    assert first.split("\n")[2].startswith("<i>One two three")
    assert first.endswith("</i>")
    assert second.split("\n", 2)[2].replace("\n", " ").endswith("eleven twelve")
    words = (first.split("\n", 2)[2] + " " + second.split("\n", 2)[2]).replace("\n", " ")
    assert len(re.sub(r"<.*?>|\{.*?\}", "", words).split()) == 12


def test_lines_are_no_wider_than_wanted() -> None:
    new = changed("srt", SRT, "word " * 30, subtitle_width=25)
    lines = [line for line in new.split("\n") if "word" in line]
    assert max(len(re.sub(r"<.*?>|\{.*?\}|- ", "", line)) for line in lines) <= 25


def test_no_subtitles() -> None:
    with pytest.raises(BadInputError, match="contains no subtitle timings"):
        read("srt", "Just text.\n")
    with pytest.raises(BadInputError, match="does not begin with WEBVTT"):
        read("vtt", SRT)
    assert read("srt", "") == []


LINES = st.lists(
    st.sampled_from(
        ["1", "00:00:01,000 --> 00:00:02,000", "a b", "- c", "- D", "<i>e", "f</i>", "", " ", "G."]
    ),
    max_size=14,
)


@given(LINES)
def test_hostile_files(lines: list[str]) -> None:
    text = "\n".join(["00:00:01,000 --> 00:00:02,000", *lines])
    assert changed("srt", text) == text
    new = changed("srt", text, "X {} y")
    assert times(new) == times(text)
    assert new.count("X") == len(read("srt", text))


def test_nul_is_no_character() -> None:
    text = "WEBVTT\n\n00:01.000 --> 00:02.000\nA hou\0se.\n\n00:03.000 --> 00:04.000\nB.\n"
    document = read_document(open_format("vtt", FormatOptions()), "f", text.encode())
    assert [slot.text for slot in document.slots] == ["A hou\ufffdse.", "B."]
    new = b"".join(document.written([Target("A hou\ufffdse."), Target("C.")]))
    assert new == text.replace("B.", "C.").encode()


FR = "<lang fr>bonjour tout</lang>"
FOREIGN = {
    "a word": (f"He said {FR} to me.", f"HE SAID {FR} TO ME."),
    "all of a cue": ("<v Bo><lang fr>Bonjour à tous.</lang>", None),
    "nested": (f"So <lang fr>a {FR} c</lang> x.", f"SO <lang fr>a {FR} c</lang> X."),
    "a part of its cue": (f"{FR} Good day.", f"{FR} GOOD DAY."),
    "the same language": ("<lang en-GB>Good day.</lang>", "<lang de>GOOD DAY.</lang>"),
    "the same in a text": ("So <lang en>good</lang> it is.", "SO <lang de>GOOD</lang> IT IS."),
    "a line of two": (f"- {FR}.\n- Good day.", f"- {FR}.\n- GOOD DAY."),
    "not closed": ("So <lang fr>good it is.", "SO <lang fr>GOOD IT IS."),
    "not a code": ("So <lang>good</lang> it is.", "SO <lang>GOOD</lang> IT IS."),
}


@pytest.mark.parametrize("case", FOREIGN)
def test_other_languages_stay(case: str, tmp_path: Path) -> None:
    cue, expected = FOREIGN[case]
    form = "WEBVTT\n\n00:01.000 --> 00:02.000\n{}\n\n00:03.000 --> 00:04.000\n{}\n"
    options = FormatOptions(source_language="en", target_language="de")
    new = translated("a.vtt", form.format(cue, "Bye."), tmp_path, options=options)
    assert new == form.format(expected or cue, "BYE.")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("So <i lang='fr'>bonjour tout</i> x", "SO <i lang='fr'>bonjour tout</i> X"),
        ('So <b class="a" xml:lang="en">good</b> x', 'SO <b class="a" xml:lang="de">GOOD</b> X'),
        ('So <b translate="no">Good Day</b> x', 'SO <b translate="no">Good Day</b> X'),
        ('<b translate="no">Good Day</b>', '<b translate="no">Good Day</b>'),
        ('So <br lang="fr"/> x', 'SO <br lang="fr"/> X'),
    ],
)
def test_other_languages_stay_in_strings(text: str, expected: str, tmp_path: Path) -> None:
    options = FormatOptions(source_language="en", target_language="de")
    form = '{{"a": {}, "b": "One"}}'
    new = translated("a.json", form.format(json.dumps(text)), tmp_path, options=options)
    assert new == form.format(json.dumps(expected)).replace("One", "ONE")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('So <i lang="fr">bonjour *x*</i> it is.\n', 'SO <i lang="fr">bonjour *x*</i> IT IS.\n'),
        ('So <i translate="no">Good</i> it.\n', 'SO <i translate="no">Good</i> IT.\n'),
        ("So [bonjour *x*]{lang=fr} it.\n", "SO [bonjour *x*]{lang=fr} IT.\n"),
        ("So [good *x*]{.a lang=en} it.\n", "SO [GOOD *X*]{.a lang=de} IT.\n"),
        ('<div lang="fr">\n\nBon\n\n</div>\n\nSo.\n', '<div lang="fr">\n\nBon\n\n</div>\n\nSO.\n'),
        ("::: {.a lang=fr}\nBon\n\n::: b\nx\n:::\n:::\n\nSo.\n",) * 2,
        ("::: {.a}\nBon\n:::\n\nSo.\n", "::: {.a}\nBON\n:::\n\nSO.\n"),
    ],
)  # fmt: skip
def test_other_languages_stay_in_markdown(text: str, expected: str, tmp_path: Path) -> None:
    options = FormatOptions(source_language="en", target_language="de")
    new = translated("a.md", text, tmp_path, options=options)
    assert new == (expected if expected != text else text.replace("So.", "SO."))


def test_voices_are_texts_of_their_own() -> None:
    cue = "<v Tom>Hi, it\nis me.</v>\n<v.loud Mary>Who is\n<i>it?</i></v>"
    text = f"WEBVTT\n\n00:01.000 --> 00:04.000\n{cue}\n"
    assert read("vtt", text) == ["Hi, it is me.", "Who is <i>it?</i>"]
    assert changed("vtt", text, "{}") == text


@pytest.mark.parametrize(
    ("cue", "texts"),
    [
        ("[door opens]\nMAN: Good morning!", ["[door opens]", "MAN: Good morning!"]),
        (
            "MAN: Who is\nthere?\nDR. LEE 2: Me,\nof course.",
            ["MAN: Who is there?", "DR. LEE 2: Me, of course."],
        ),
        (
            "TOM (V.O.): I was\nhere.\nANN (CONT'D): No.",
            ["TOM (V.O.): I was here.", "ANN (CONT'D): No."],
        ),
        ("(laughs)\nI was\nhere.", ["(laughs)", "I was here."]),
        ("<i>[music]</i>\n<i>I was here.</i>", ["[music]", "I was here."]),
        ("I was (so\nthey say) here", ["I was (so they say) here on top."]),
        ("At 10:30 we\nleft: he", ["At 10:30 we left: he on top."]),
        ("Note: it\nis here", ["Note: it is here on top."]),
        ("I said [loudly]\nthat it is", ["I said [loudly] that it is on top."]),
    ],
)
def test_what_is_heard_and_who_speaks_begin_texts(cue: str, texts: list[str]) -> None:
    text = SPOKEN.format(cue)
    found = [re.sub(r"<[^>]*>", "", one) for one in read("srt", text)]
    assert found == (texts if texts[-1].endswith("on top.") else [*texts, "on top."])
    assert changed("srt", text, "{}").split() == text.split()


SRT_CUE, VTT_CUE = "00:00:01,000 --> 00:00:02,000\na\n", "00:01.000 --> 00:02.000\na\n"


def test_rolling_captions() -> None:
    """A line with a blank is not empty in WebVTT, and what is said once more is no continuation."""
    cues = (" \nthis is", "this is\n ", "this is\nthe<00:02.500><c> house</c>")
    text = "WEBVTT\n\n" + "\n".join(f"00:01.000 --> 00:04.000\n{cue}\n" for cue in cues)
    document = read_document(open_format("vtt", FormatOptions()), "f", text.encode())
    found = [re.sub("<[^>]*>", "", slot.text) for slot in document.slots]
    assert (found, document.remarks) == (["this is", "this is", "this is the house"], [])
    assert changed("vtt", text, "{}") == text


def test_speakers_with_a_dash_in_two_cues() -> None:
    cues = ("- the first says", "- the second says", "and goes on", "so", "- or not")
    text = "\n".join(f"{SRT_CUE.replace('a', cue)}" for cue in cues)
    assert read("srt", text) == ["the first says", "the second says and goes on so", "or not"]


def test_a_sentence_ends_where_captions_change_the_speaker() -> None:
    text = f"1\n{SRT_CUE}\n2\n{SRT_CUE}\n3\n{SRT_CUE.replace('a', '>> a')}"
    assert read("srt", text) == ["a a", "a"]


@pytest.mark.parametrize(
    ("kind", "text", "lines"),
    [
        ("srt", f"1\n{SRT_CUE}\nb c\n\n2\n{SRT_CUE}", "line 5"),
        ("srt", f"1\n{SRT_CUE}\r\nb c\r\n2\r\n{SRT_CUE}\nd\n", "lines 5, 10"),
        ("srt", f"made by me\n\n1\n{SRT_CUE}", "line 1"),
        ("srt", f"1\n{SRT_CUE}\n \t\n12\n\n2\n{SRT_CUE}{SRT_CUE}3\n{SRT_CUE}\n", ""),
        ("srt", f"{SRT_CUE}\nname\n{SRT_CUE}", ""),
        ("vtt", f"WEBVTT x\nLanguage: en\n\nNOTE b\nc\n\nSTYLE\nd\n\nname\n{VTT_CUE}", ""),
        ("vtt", f"WEBVTT\n\n{VTT_CUE}\nb c\n\n{VTT_CUE}", "line 6"),
    ],
)
def test_lines_of_no_cue_are_said(kind: str, text: str, lines: str) -> None:
    """Programs show what follows an empty line within a cue, or do not; it stays."""
    document = read_document(open_format(kind, FormatOptions()), "f", text.encode())
    said = "Lines that belong to no cue, for one is empty or a time is missing, stay"
    assert document.remarks == [f"{said}: {lines}."] * bool(lines)


@pytest.mark.parametrize(
    ("cue", "texts"),
    [
        ("- Hi.\n- Hello.", ["Hi.", "Hello."]),
        ("Hi.\n- Hello.", ["Hi.", "Hello."]),
        ("- Hi.\nWe go.\n- Hello.", ["Hi. We go.", "Hello."]),
        ("- Hi. - Hello there.", ["Hi.", "Hello there."]),
        ("<i>- Hi.\n-- Hello.</i>", ["Hi.", "Hello."]),
        ("- Hi there.", ["Hi there."]),
        # As captions of television say it.
        (">> Hi.\n>>> and now", ["Hi.", "and now"]),
        ("I was here. >> Hello\nthere.", ["I was here.", "Hello there."]),
        ("&gt;&gt; Hi.\n<i>&gt;&gt; Hello.</i>", ["Hi.", "Hello."]),
        # Two dashes, or two names, are two speakers, whatever the lines end with.
        ("- the first says\n- the second says", ["the first says", "the second says"]),
        ("- I think so,\n- but I do not", ["I think so,", "but I do not"]),
        ("I think\nso\n– but I\ndo not\n— nor I", ["I think so", "but I do not", "nor I"]),
        ("Anna: come in\nTom: thank\nyou", ["Anna: come in", "Tom: thank you"]),
        ("<i>Old man: a</i>\nTom (off): b", ["Old man: a", "Tom (off): b"]),
        ("安娜：进来\n汤姆：谢谢", ["安娜：进来", "汤姆：谢谢"]),
        # A pause, a word before a colon, and a number.
        ("He has three things: a\nhouse", ["He has three things: a house"]),
        ("We have: a\nhouse", ["We have: a house"]),
        ("He said no\n- or did he?", ["He said no - or did he?"]),
        ("It is\n-5 degrees here.", ["It is -5 degrees here."]),
    ],
)
@pytest.mark.parametrize("backwards", [False, True])
def test_each_speaker_is_a_text(
    cue: str, texts: list[str], backwards: bool, tmp_path: Path
) -> None:
    source = f"1\n00:00:01,000 --> 00:00:02,000\n{cue}\n"
    form = open_format("srt", FormatOptions())
    assert [slot.text for slot in form.slots(Source("f", source))] == texts
    if backwards and len(texts) > 1:
        new = translated("a.srt", source, tmp_path, str.upper, backwards=True)
        dashes = [line.startswith(("-", "<i>-")) for line in cue.split("\n")]
        lines = new.split("\n")[2:]
        assert [line.startswith(("-", "<i>-")) for line in lines[: len(dashes)]] == dashes
