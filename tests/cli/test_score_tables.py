"""Several systems in one table: marks, Markdown, LaTeX; draws by document."""

from __future__ import annotations

import json
import random
import re
from pathlib import Path

import numpy as np
import pytest
from markdown_it import MarkdownIt

from s2scli.cli.typeset import TYPESETTERS, TableCell
from tests.cli.test_models import complaint
from tests.conftest import Run

TRIALS = ("--trials", "300", "--resamples", "100", "--metric", "bleu", "--metric", "ter")


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """References, a system, the same again, one that is better and one like it but for a line."""
    words = [
        "the",
        "old",
        "house",
        "on",
        "a",
        "red",
        "hill",
        "was",
        "seen",
        "by",
        "two",
        "dogs",
        "and",
        "no",
        "cat",
    ]
    draws = random.Random(1)
    pairs = [tuple(" ".join(draws.choices(words, k=9)) for _ in "12") for _ in range(120)]
    systems = {
        "ref": [two for _, two in pairs],
        "base": [one for one, _ in pairs],
        "same": [one for one, _ in pairs],
        "one_line": [two if n == 5 else one for n, (one, two) in enumerate(pairs)],
        "best": [two if n % 2 else one for n, (one, two) in enumerate(pairs)],
        "ids": [f"d{n // 12}" for n in range(120)],
    }
    for name, lines in systems.items():
        (tmp_path / name).write_text("".join(f"{line}\n" for line in lines), "utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


OTHERS = ("--compare", "same", "--compare", "best", "--compare", "one_line")


def test_daggers(here: Path, s2s: Run) -> None:
    text = s2s("score", "base", "ref", *OTHERS, *TRIALS, "--marks", "dagger").stdout.decode()
    rows = {line.split()[0]: line for line in text.splitlines()[:5]}
    assert rows["SYSTEM"].split() == ["SYSTEM", "BLEU", "↑", "TER", "↓"]
    assert "†" not in rows["base"] + rows["same"] + rows["one_line"]
    assert rows["best"].count("†") == 2
    assert "† differs from base (p < 0.05, approximate randomization of segments" in text


def test_letters(here: Path, s2s: Run) -> None:
    arguments = ("score", "base", "ref", *OTHERS, *TRIALS, "--marks", "letters")
    text = s2s(*arguments).stdout.decode()
    letters = {line.split()[0]: line.split()[2::2] for line in text.splitlines()[1:5]}
    same = ["b", "b"]
    assert letters == {"base": same, "same": same, "one_line": same, "best": ["a", "a"]}
    content = json.loads(s2s(*arguments, "--json").stdout)
    assert [s["scores"][0]["mark"] for s in content["systems"]] == ["b", "b", "a", "b"]
    by_document = json.loads(s2s(*arguments, "--json", "--by-document", "ids").stdout)
    assert by_document["documents"] == 10


def test_markdown(here: Path, s2s: Run) -> None:
    options = (*OTHERS, *TRIALS, "--marks", "letters", "--format", "markdown", "--confidence")
    text = s2s("score", "base", "ref", *options).stdout.decode()
    html = MarkdownIt("gfm-like", {"linkify": False}).render(text)
    assert html.count("<tr>") == 5
    assert re.search(r">best</td>\n<td[^>]*><strong>[\d.]+ ± [\d.]+</strong><sup>a</sup>", html)
    assert ">one_line</td>" in html
    assert "<li>bleu: nrefs:1|case:mixed" in html


def test_latex(here: Path, s2s: Run) -> None:
    options = (*OTHERS, *TRIALS, "--marks", "dagger", "--format", "latex")
    lines = s2s("score", "base", "ref", *options).stdout.decode().splitlines()
    table = [line for line in lines if not line.startswith("%")]
    assert table[:2] == [r"\begin{tabular}{lrr}", r"\toprule"]
    assert table[2] == r"system & bleu $\uparrow$ & ter $\downarrow$ \\"
    assert table[-2:] == [r"\bottomrule", r"\end{tabular}"]
    assert re.fullmatch(r"one\\_line & [\d.]+ & [\d.]+ \\\\", table[7])
    best = r"best( & \\textbf\{[\d.]+\}\\rlap\{\$\^\{\\dagger\}\$\}){2} \\\\"
    assert re.fullmatch(best, table[6])


ODD = "a|b & 50% $x_1$ {~^\\} #<b>*`[c]\n\x1b"


def test_signs_of_the_languages() -> None:
    rows = [[TableCell(ODD), TableCell("1.0", is_best=True)]]
    text = TYPESETTERS["markdown"](["name", "n"], rows, ["n"], [])
    html = MarkdownIt("gfm-like", {"linkify": False}).render(text)
    assert html.count("<td") == 2
    assert ">a|b &amp; 50% $x_1$ {~^\\} #&lt;b&gt;*`[c] \\x1b</td>" in html
    text = TYPESETTERS["latex"](["name", "n"], rows, ["n"], ["a\nb"])
    cell = text.splitlines()[6]
    escaped = (
        r"a\textbar{}b \& 50\% \$x\_1\$ \{\textasciitilde{}\textasciicircum{}"
        r"\textbackslash{}\} \#\textless{}b\textgreater{}*`[c] \textbackslash{}x1b"
    )
    assert cell == escaped + r" & \textbf{1.0} \\"
    assert "% a b\n" in text
    # After a line break, a bracket would be its argument.
    assert "{[x]} &" in TYPESETTERS["latex"](["a", "b"], [[TableCell("[x]"), *rows[0]]], [], [])


def test_intervals_by_document(here: Path, s2s: Run) -> None:
    """As the bootstrap over ten sums is, with the same draws."""
    arguments = ("score", "base", "ref", "--metric", "exact-match", "--json", "--confidence")
    # A mean over segments: half of the segments of some documents are right.
    lines = Path("ref").read_text("utf-8").splitlines()
    right = [line if n % 24 < 12 else "wrong" for n, line in enumerate(lines)]
    Path("base").write_text("".join(f"{line}\n" for line in right), "utf-8")
    by_segment = json.loads(s2s(*arguments).stdout)["systems"][0]["scores"][0]["interval"]
    by_document = json.loads(s2s(*arguments, "--by-document", "ids").stdout)
    interval = by_document["systems"][0]["scores"][0]["interval"]
    draws = np.random.default_rng(12345).choice(10, size=(1000, 10), replace=True)
    means = np.sort((100 * (draws % 2 == 0)).mean(axis=1))
    assert interval["lower"] == pytest.approx(means[25])
    assert interval["upper"] == pytest.approx(means[974])
    assert interval["half_width"] > 2 * by_segment["half_width"]


def test_documents_that_do_not_fit(here: Path, s2s: Run) -> None:
    Path("few").write_text("a\nb\n")
    Path("few2").write_text("a\nb\n")
    options = ("--confidence", "--by-document", "few")
    line = complaint(s2s("score", "base", "ref", *options), 65)
    assert "few has document ids for 2 segments, HYPOTHESES has 120" in line
    Path("halves").write_text("a\n" * 60 + "b\n" * 60)
    done = s2s("score", "base", "ref", "--confidence", "--by-document", "halves")
    assert b"only 2 documents" in done.stderr
    done = s2s("score", "base", "ref", "--confidence", "--by-document", "ref")
    assert b"ref: each segment is a document of its own" in done.stderr
    done = s2s("score", "few", "few2", "--confidence", "--metric", "chrf")
    assert b"only 2 segments" in done.stderr
    assert b"only" not in s2s("score", "few", "few2", "--metric", "chrf").stderr


def test_settings_that_do_not_fit_pass_by(
    here: Path, s2s: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    plain = s2s("score", "base", "ref", *TRIALS[4:]).stdout
    for name, value in (("MARKS", "letters"), ("BY_DOCUMENT", "nothing"), ("FORMAT", "tsv")):
        monkeypatch.setenv(f"S2S_SCORE_{name}", value)
    assert s2s("score", "base", "ref", *TRIALS[4:]).stdout == plain


def test_digits(here: Path, s2s: Run) -> None:
    assert re.fullmatch(
        rb"\d+\n\d+\n", s2s("score", "base", "ref", *TRIALS[4:], "--bare", "--digits", "0").stdout
    )
    rows = s2s("score", "base", "ref", *TRIALS[4:], "--sentences", "--digits", "5").stdout.decode()
    assert re.match(r"1\t\d+\.\d{5}\t\d+\.\d{5}\t", rows.splitlines()[1])
