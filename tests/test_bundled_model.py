"""What the bundled model makes of the sentences that a person would type first."""

from __future__ import annotations

from tests.conftest import GOLDEN, Run
from tests.sanity import faults


def test_first_sentences(s2s: Run) -> None:
    rows = (GOLDEN / "bundled-sentences.tsv").read_text(encoding="utf-8").splitlines()
    sources = [row.split("\t")[1] for row in rows]
    done = s2s("translate", "--to", "de", stdin="\n".join([*sources, ""]).encode())
    assert done.returncode == 0, done.stderr
    outputs = done.stdout.decode().removesuffix("\n").split("\n")
    assert len(outputs) == len(sources)
    assert all(output.strip() for output in outputs)
    pairs = zip(sources, outputs, strict=True)
    broken = {source: (output, faults(source, output)) for source, output in pairs}
    broken = {source: found for source, found in broken.items() if found[1]}
    assert not broken
