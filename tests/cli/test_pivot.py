"""``s2s translate --via``: lines and documents through a third language."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import s2scli
from tests.conftest import Run
from tests.pivots import install_pair

VIA = ("--from", "fr", "--to", "de", "--via", "en", "--threads", 1)
LINES = b"Where is the station?\n\n  Good morning!  \r\nno end"


@pytest.fixture(autouse=True)
def pair(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A French–English model, so to speak."""
    monkeypatch.setenv("S2S_HOME", str(tmp_path / "home"))
    return install_pair(tmp_path / "home", "fr", "en")


def test_lines_equal_those_of_two_commands(s2s: Run, pair: str) -> None:
    once = s2s("translate", *VIA, stdin=LINES)
    assert once.returncode == 0
    assert (
        once.stdout
        == s2s("translate", stdin=s2s("translate", "-m", pair, stdin=LINES).stdout).stdout
    )
    assert once.stdout.count(b"\n") == LINES.count(b"\n")
    named = s2s("translate", "-m", f"{pair},en-de", "--via", "en", stdin=LINES)
    assert named.stdout == once.stdout


def test_json_lines_show_the_text_between(s2s: Run, pair: str) -> None:
    rows = s2s("translate", *VIA, "--format", "jsonl", stdin=LINES).stdout.splitlines()
    found = [json.loads(row) for row in rows]
    between = s2s("translate", "-m", pair, stdin=LINES).stdout.decode().splitlines()
    assert [row.get("via", {}).get("text", "") for row in found] == between
    assert found[0]["via"]["language"] == "en"


def test_documents_keep_their_form(s2s: Run, tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("# Title\n\nOpen the **settings** with `make`.\n")
    done = s2s("translate", *VIA, tmp_path / "a.md", "-o", tmp_path / "out.md")
    assert done.returncode == 0
    text = (tmp_path / "out.md").read_text()
    assert text.count("**") == 2
    assert text.count("`make`") == 1
    assert "settings" not in text
    again = s2s("translate", *VIA, tmp_path / "a.md", "-o", tmp_path / "out.md")
    assert again.stderr.splitlines()[-1].split()[1] == b"1"  # skipped: it is done
    other = s2s("translate", "-m", "en-de", tmp_path / "a.md", "-o", tmp_path / "out.md")
    assert other.stderr.splitlines()[-1].split()[0] == b"1"  # another run, done anew


def test_the_error_names_the_pivot(s2s: Run, tmp_path: Path) -> None:
    done = s2s("translate", "--from", "fr", "--to", "de", stdin=b"Bonjour!")
    assert done.returncode == 69
    assert b"Or add --via en: fr-en and en-de are installed." in done.stderr
    install_pair(tmp_path / "home", "de", "tlh")
    done = s2s("translate", "--from", "fr", "--to", "tlh", stdin=b"Bonjour!")
    assert b"--via" not in done.stderr
    done = s2s("translate", "--from", "en", "--to", "tlh", stdin=b"Hello!")
    assert done.returncode == 69
    assert b"but en-de and de-tlh are installed. Add --via de." in done.stderr


def test_it_can_be_a_setting(s2s: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    wanted = s2s("translate", *VIA, stdin=LINES).stdout
    monkeypatch.setenv("S2S_TRANSLATE_VIA", "English")
    assert s2s("translate", "--from", "fr", "--to", "de", stdin=LINES).stdout == wanted


def test_the_report_and_the_signature_name_both_models(s2s: Run, tmp_path: Path) -> None:
    report = tmp_path / "run.json"
    done = s2s("translate", *VIA, "--signature", "--report", report, stdin=LINES)
    facts = json.loads(report.read_bytes())
    assert "|via:en-fr-en|" in facts["signature"]
    assert facts["signature"].encode() in done.stderr
    assert facts["lines"] == 4


def test_hypotheses_of_the_second_model_are_reranked(
    s2s: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("S2S_TRANSLATE_RERANK", "mbr:chrf")
    row = s2s("translate", *VIA, "--candidates", 6, "--format", "jsonl", stdin=LINES)
    found = json.loads(row.stdout.splitlines()[0])
    install_pair(tmp_path / "home", "fr", "de")
    with (
        s2scli.load("en-de", threads=1) as second,
        s2scli.load(None, source="fr", target="de", via="en", threads=1) as both,
    ):
        wanted = second.translate(found["via"]["text"], rerank="mbr:chrf", candidates=6)
        assert found["rerank"] == wanted.notes["rerank"]
        assert found["hypotheses"][0]["text"] == wanted.text
        # Another model is asked with the text itself.
        direct = both.translate("Where is it?", rerank="ensemble:fr-de").notes["rerank"]
        with s2scli.load("fr-de", threads=1) as model:
            for each in direct["candidates"]:
                ensemble = -model.score("Where is it?", each["text"]).cross_entropy
                assert each["ensemble:fr-de"] == pytest.approx(ensemble, abs=0.01)
