"""``s2s explain``: on a terminal, as JSON, as a page."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from handbook.records import RECORDS

from s2scli.models.convert.run import convert
from tests.browser import CHROMIUM, browser
from tests.conftest import GOLDEN, Run

TEXT = "Where is the station, please?"
HOSTILE = "</td><script>document.title=1</script> <img src=x onerror=alert(1)> %%SOURCE%% \u202e"
LONG = "The committee, which had met since Monday, announced that it would support the plan. " * 2


def test_tables(s2s: Run) -> None:
    done = s2s("explain", TEXT, "--top", 2)
    assert done.returncode == 0, done.stderr
    text = done.stdout.decode()
    assert "target  Wo ist bitte der Bahnhof?" in text
    assert re.search(r"^▁Bahnhof +· +· +· +9 +· ", text, re.MULTILINE)
    assert re.search(r"^▁Bahnhof +9\d\.\d% +1 +▁Bahnhof 9\d\.\d% +▁St 1\.\d%$", text, re.MULTILINE)
    assert re.search(r"^2 +-0\.\d+ +8 +Wo ist der Bahnhof, bitte\?$", text, re.MULTILINE)
    assert "\x1b" not in text


def test_what_would_steer_a_terminal_is_shown(s2s: Run) -> None:
    done = s2s("explain", "-q", "--top", 1, stdin=b"Hello \x1b[2J world \xe2\x80\xae!\n")
    assert b"\x1b" not in done.stdout
    assert b"\\x1b[2J" in done.stdout


def test_standard_input_is_one_text(s2s: Run) -> None:
    done = s2s("explain", "--json", "--beam", 2, stdin=b"Good morning!\nI see.\n")
    found = json.loads(done.stdout)
    assert found["source"] == "Good morning!\nI see."
    assert found["target"] == "Guten Morgen!\nIch sehe."
    assert len(found["parts"]) == 2
    assert len(found["hypotheses"]) == 2
    for heading, record in (
        ("An explanation", found),
        ("A part of an explanation", found["parts"][0]),
        ("A token of an explanation", found["parts"][0]["target"][0]),
    ):
        assert set(record) == set(RECORDS[heading][1])
    done = s2s("explain", stdin=b"\n")
    assert done.returncode == 65
    assert b"no text" in done.stderr


def test_the_name_of_a_file_is_a_text_and_that_is_said(s2s: Run, tmp_path: Path) -> None:
    path = tmp_path / "my letter.txt"
    path.write_text("Good morning!\n")
    done = s2s("explain", path, "--json")
    assert json.loads(done.stdout)["source"] == str(path)
    assert f"s2s explain < '{path}'" in done.stderr.decode()
    assert b"there is a file" not in s2s("explain", "Good morning!", "--json").stderr


def test_options_reach_the_model(s2s: Run) -> None:
    done = s2s("explain", TEXT, "--json", "--prefix", "Sag mir,", "--beam", 1, "--top", 1)
    found = json.loads(done.stdout)
    assert found["target"].startswith("Sag mir,")
    assert len(found["hypotheses"]) == 1
    assert "beam-size:1" in found["signature"]
    done = s2s("explain", TEXT, "--html", "-")
    assert done.returncode == 2
    assert b"Name a file" in done.stderr


def test_a_page(s2s: Run, tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    done = s2s("explain", f"{TEXT} {HOSTILE}", "--html", page)
    assert done.returncode == 0, done.stderr
    assert done.stdout == b""
    text = page.read_text("utf-8")
    assert not re.search(r"(src|href)\s*=\s*[\"']?(http|//)|url\(|@import|<script|<img", text)
    assert "&lt;script&gt;" in text
    assert "%%SOURCE%%" in text
    assert not re.search(r"%%(?!SOURCE)[A-Z]+%%", text)
    assert [path.name for path in tmp_path.iterdir()] == ["page.html"]
    done = s2s("explain", TEXT, "--html", tmp_path / "none" / "page.html")
    assert done.returncode != 0
    assert b"Traceback" not in done.stderr


def test_a_model_without_attention(s2s: Run, tmp_path: Path) -> None:
    convert(GOLDEN / "g2p", tmp_path / "g2p", quantization="float32")
    arguments = ("explain", "hello", "-m", tmp_path / "g2p")
    assert b"gives no attention" in s2s(*arguments).stdout
    s2s(*arguments, "--html", tmp_path / "page.html")
    assert "gives no attention" in (tmp_path / "page.html").read_text()


# How much the ink of each cell of the heatmap differs from what is behind it (WCAG 2.2, 1.4.3).
CONTRASTS = """
(() => {
  const numbers = text => text.match(/[\\d.]+/g).slice(0, 3).map(Number)
    .map(n => text.startsWith("color(") ? n : n / 255);
  const light = text => numbers(text)
    .map(n => n <= 0.04045 ? n / 12.92 : ((n + 0.055) / 1.055) ** 2.4)
    .reduce((sum, n, i) => sum + n * [0.2126, 0.7152, 0.0722][i], 0);
  return [...document.querySelectorAll(".heat tbody td")].filter(cell => cell.textContent)
    .map(cell => getComputedStyle(cell))
    .map(style => [light(style.color), light(style.backgroundColor)])
    .map(pair => (Math.max(...pair) + 0.05) / (Math.min(...pair) + 0.05));
})()
"""


@pytest.mark.browser
@pytest.mark.skipif(CHROMIUM is None, reason="there is no Chromium")
def test_the_page_in_a_browser(s2s: Run, tmp_path: Path) -> None:
    """Nothing of a text is obeyed, and long tables scroll by themselves in a narrow window."""
    page = tmp_path / "page.html"
    s2s("explain", f"{LONG} {HOSTILE}", "--html", page)
    with browser() as opened:
        for dark, width in ((False, 1000), (True, 1000), (False, 360), (True, 360)):
            opened.open(page.as_uri(), width, dark=dark)
            assert opened.evaluate("document.title") == "s2s explain"
            assert opened.evaluate("document.documentElement.scrollWidth") <= width
            assert opened.evaluate("document.querySelectorAll('img, script').length") == 0
            assert opened.evaluate("document.querySelectorAll('.heat tbody tr').length") > 30
            contrasts = opened.evaluate(CONTRASTS)
            assert len(contrasts) > 100
            assert min(contrasts) >= 4.5
            texts = opened.evaluate("document.querySelector('dd').textContent")
            assert "<img src=x" in texts
        assert not opened.faults
