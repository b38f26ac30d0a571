"""What the bundled model makes of the sentences that a person would type first."""

from __future__ import annotations

import pytest

import s2scli
from s2scli.models.integrity import damaged_files
from s2scli.models.manifest import Manifest
from s2scli.models.store import DEFAULT_MODEL, bundled_directory
from tests.conftest import GOLDEN, Run
from tests.sanity import faults


def first_sentences() -> list[str]:
    rows = (GOLDEN / "bundled-sentences.tsv").read_text(encoding="utf-8").splitlines()
    return [row.split("\t")[1] for row in rows]


def test_first_sentences(s2s: Run) -> None:
    sources = first_sentences()
    done = s2s("translate", "--to", "de", stdin="\n".join([*sources, ""]).encode())
    assert done.returncode == 0, done.stderr
    outputs = done.stdout.decode().removesuffix("\n").split("\n")
    assert len(outputs) == len(sources)
    assert all(output.strip() for output in outputs)
    pairs = zip(sources, outputs, strict=True)
    broken = {source: (output, faults(source, output)) for source, output in pairs}
    broken = {source: found for source, found in broken.items() if found[1]}
    assert not broken


def test_it_has_a_shortlist_that_was_checked_for_short_lines(s2s: Run) -> None:
    directory = bundled_directory(DEFAULT_MODEL)
    manifest = Manifest.load(directory)
    record = manifest.shortlist
    assert record
    assert not list(damaged_files(directory, manifest))
    assert record.sure >= 0.97
    assert record.bleu
    assert record.bleu_without
    assert record.bleu_without - record.bleu <= 0.1
    done = s2s("translate", "-v", stdin=b"Where is the station?\n")
    assert f"shortlist {record.name} (model)" in done.stderr.decode()


@pytest.mark.parametrize("beam", [1, 4])
def test_its_shortlist_keeps_first_sentences(beam: int) -> None:
    sources = first_sentences()
    with s2scli.load(threads=1) as model:
        whole = [result.text for result in model.translate(sources, beam_size=beam)]
        short = model.translate(sources, beam_size=beam, shortlist=True)
        served = [model.model.shortlist_reach.serves(row) for row in model.model.encode(sources)]
    same = [one == result.text for one, result in zip(whole, short, strict=True)]
    assert sum(served) > 0.4 * len(sources)
    assert all(equal for equal, listed in zip(same, served, strict=True) if not listed)
    assert sum(same) >= 0.97 * len(sources)
