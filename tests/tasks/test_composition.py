"""Where batches hold sources of one length, results do not depend on what else is decoded."""

from __future__ import annotations

import random

from s2scli.api import load
from s2scli.data import Segment
from s2scli.flow.stream import FlowOptions
from s2scli.tasks.translate import translate

SUBJECTS = ("Tom", "My brother", "The old man", "Nobody", "Our teacher in the city", "Anna")
VERBS = ("has", "never saw", "wants to buy", "finds", "will sell")
OBJECTS = ("a book", "two cats", "the red house on the hill", "some water", "it", "an old car")
TAILS = (".", " today.", ", because it was late.", "?", " when the rain had stopped at last.")


def test_the_same_to_the_last_bit() -> None:
    generator = random.Random(5)
    texts = sorted(
        {
            " ".join(map(generator.choice, (SUBJECTS, VERBS, OBJECTS))) + generator.choice(TAILS)
            for _ in range(150)
        }
    )
    model = load("en-de").model
    decoding = model.decoding({"beam_size": 2, "max_length": 40})
    found = []
    for batch_tokens, order in ((1024, 0), (200, 1), (1, 2)):
        generator.shuffle(texts)
        flow = FlowOptions(batch_tokens, window_batches=4, equal_lengths=True)
        segments = [[Segment(i, text)] for i, text in enumerate(texts[order:] + texts[:order])]
        results = [result for run in translate(segments, model, decoding, flow) for result in run]
        found.append({r.segment.text: (r.text, r.hypotheses[0].score) for r in results})
    assert len(found[0]) > 120
    assert found[0] == found[1] == found[2]
