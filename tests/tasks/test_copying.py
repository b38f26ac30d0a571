"""``--replace-unknowns`` on models that write unknown tokens: of OpenNMT-py, and of pieces."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

import s2scli
from s2scli.disk.hashes import sha256
from s2scli.errors import UsageError
from s2scli.models.convert.run import convert
from tests.conftest import GOLDEN, Run

SAID: dict[str, Any] = json.loads((GOLDEN / "opennmt" / "said.json").read_text("utf-8"))["models"]
NAME = "gru-mlp"
SOURCES: list[str] = SAID[NAME]["sources"]
UNKNOWN = "<unk>"


@pytest.fixture(scope="module")
def words(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model of whole words, whose vocabulary lacks most names."""
    directory = tmp_path_factory.mktemp("models") / NAME
    convert(GOLDEN / "opennmt" / f"{NAME}.pt", directory, quantization="float32")
    return directory


@pytest.fixture(scope="module")
def pieces(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model of pieces by CTranslate2, to which a name of other letters is what ``Tom`` was."""
    directory = tmp_path_factory.mktemp("models") / "bert2bert"
    convert(GOLDEN / "bert2bert", directory, quantization="float32")
    vocabulary = directory / "shared_vocabulary.json"
    tokens = json.loads(vocabulary.read_text("utf-8"))
    one, other = tokens.index("[UNK]"), tokens.index("Tom")
    tokens[one], tokens[other] = tokens[other], tokens[one]
    vocabulary.write_text(json.dumps(tokens), "utf-8")
    manifest = json.loads((directory / "s2s.json").read_text("utf-8"))
    record = manifest["files"][vocabulary.name]
    record |= {"bytes": vocabulary.stat().st_size, "sha256": sha256(vocabulary)}
    (directory / "s2s.json").write_text(json.dumps(manifest), "utf-8")
    return directory


@pytest.mark.parametrize("beam", [1, 4])
def test_names_are_copied(words: Path, beam: int) -> None:
    """Names stand in the same order in both languages of the test's models."""
    with s2scli.load(words, threads=1) as model:
        plain = model.translate(SOURCES, beam_size=beam, max_length=40)
        found = model.translate(SOURCES, beam_size=beam, max_length=40, replace_unknowns=True)
    right = total = 0
    for source, before, after in zip(SOURCES, plain, found, strict=True):
        hypothesis = after.hypotheses[0]
        assert hypothesis.score == before.hypotheses[0].score
        copied = list(hypothesis.copied)
        rest = after.text
        for word in copied:
            assert word in source.split()
            rest = rest.replace(word, UNKNOWN, 1)
        assert len(copied) == before.text.count(UNKNOWN)
        assert rest == before.text
        names = [word for word in source.split() if word[0].isupper()]
        right += sum(word in names for word in copied)
        total += len(copied)
    assert total > 50
    assert right >= 0.95 * total


def test_the_command_says_what_it_copied(words: Path, s2s: Run, tmp_path: Path) -> None:
    arguments = ("translate", "-q", "-m", words, "--replace-unknowns", "--threads", 1)
    line = b"Kegama knows the old Fesada tomorrow .\n"
    done = s2s(*arguments, "--format", "jsonl", "--report", tmp_path / "report", stdin=line)
    found = json.loads(done.stdout)
    assert found["target"] == "morgen kennt Kegama die alte Fesada ."
    assert found["hypotheses"][0]["copied"] == ["Kegama", "Fesada"]
    report = json.loads((tmp_path / "report").read_text())
    assert report["decoding"]["replace_unknowns"] is True
    assert "replace-unknowns:True" in report["signature"]
    plain = s2s("translate", "-q", "-m", words, "--format", "jsonl", stdin=line)
    assert "copied" not in json.loads(plain.stdout)["hypotheses"][0]


def test_documents_too(words: Path, s2s: Run, tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.md").write_text("Kegama knows the **old Fesada** tomorrow .\n")
    arguments = ("translate", "-q", "-m", words, "--threads", 1, tmp_path / "in")
    s2s(*arguments, "--replace-unknowns", "-o", tmp_path / "out")
    text = (tmp_path / "out" / "a.md").read_text()
    assert UNKNOWN not in text
    assert text.replace("*", "") == "morgen kennt Kegama die alte Fesada .\n"


@pytest.mark.parametrize("beam", [1, 4])
def test_pieces_by_the_other_engine(pieces: Path, beam: int) -> None:
    """With several beams, only hypotheses with an unknown token are looked at again."""
    texts = ["Ωmega is here.", "I am hungry."]
    with s2scli.load(pieces, threads=1) as model:
        assert model.model.engine.unknown_token == "[UNK]"
        plain = model.translate(texts, beam_size=beam, n_best=beam)
        found = model.translate(texts, beam_size=beam, n_best=beam, replace_unknowns=True)
    assert found[1].hypotheses == plain[1].hypotheses
    first, before = found[0].hypotheses[0], plain[0].hypotheses[0]
    assert first.copied == ("Ωmega",)
    assert first.text == f"Ωmega {before.text}"
    assert first.links is None


def test_a_model_without_attention_is_refused(
    tmp_path_factory: pytest.TempPathFactory, s2s: Run
) -> None:
    directory = tmp_path_factory.mktemp("models") / "g2p"
    convert(GOLDEN / "g2p", directory, quantization="float32")
    with s2scli.load(directory, threads=1) as model:
        assert not model.model.engine.attends
        with pytest.raises(UsageError, match="gives none"):
            model.translate("a", replace_unknowns=True)
    done = s2s("translate", "-m", directory, "--replace-unknowns", stdin=b"a\n")
    assert done.returncode == 2
    assert b"--replace-unknowns needs attention" in done.stderr
    assert not done.stdout
