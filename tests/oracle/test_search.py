"""Our own search against transformers', over the same model: ids and scores."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from s2scli.data import Decoding
from s2scli.inference.engines.searching import SearchEngine
from s2scli.inference.engines.stepper import Floats, Ids, Source, VocabularyStepper, kept_sources
from s2scli.models.manifest import SearchRules
from tests.conftest import GOLDEN
from tests.oracle.needs import needs

pytestmark = needs("torch", "transformers")

CHECKPOINT = "bart"
END, START = 2, 2
SENTENCES = 12


class Torch(VocabularyStepper):
    """A model of transformers' as a stepper, which computes all anew at each step."""

    def __init__(self, model: Any) -> None:
        super().__init__([str(n) for n in range(model.config.vocab_size)], 3, START)
        self._model = model

    def start(self, sources: Sequence[Source], beams: int) -> dict[str, Any]:
        import torch

        ids, mask = padded(sources)
        encoded = self._model.get_encoder()(ids, mask).last_hidden_state
        history = torch.zeros(len(sources) * beams, 0, dtype=torch.long)
        return {"encoded": encoded, "mask": mask, "history": history, "beams": beams}

    def step(self, state: dict[str, Any], tokens: Ids, parents: Ids) -> Floats:
        import torch

        beams = state["beams"]
        kept = kept_sources(parents, beams, len(state["encoded"]))
        if kept is not None:
            state["encoded"], state["mask"] = state["encoded"][kept], state["mask"][kept]
        new = torch.tensor(tokens)[:, None]
        state["history"] = torch.cat([state["history"][torch.tensor(parents)], new], 1)
        with torch.inference_mode():
            found = self._model(
                encoder_outputs=(state["encoded"].repeat_interleave(beams, 0),),
                attention_mask=state["mask"].repeat_interleave(beams, 0),
                decoder_input_ids=state["history"],
            )
        logits: Floats = found.logits[:, -1].float().numpy().copy()
        return logits


def padded(sources: Sequence[Any]) -> tuple[Any, Any]:
    import torch

    rows = [torch.tensor([int(token) for token in source]) for source in sources]
    ids = torch.nn.utils.rnn.pad_sequence(rows, batch_first=True, padding_value=1)
    return ids, (ids != 1).long()


@pytest.fixture(scope="module")
def model() -> Any:
    from transformers import AutoModelForSeq2SeqLM

    return AutoModelForSeq2SeqLM.from_pretrained(GOLDEN / CHECKPOINT).float().eval()


@pytest.fixture(scope="module")
def sources() -> list[list[str]]:
    from transformers import AutoTokenizer

    golden = json.loads((GOLDEN / f"{CHECKPOINT}.json").read_text("utf-8"))
    texts = golden["runs"][0]["sources"][:SENTENCES]
    tokenizer = AutoTokenizer.from_pretrained(GOLDEN / CHECKPOINT)
    return [[str(n) for n in row] for row in tokenizer(texts).input_ids]


def theirs(model: Any, sources: Sequence[list[str]], **options: Any) -> list[tuple[list[int], Any]]:
    """Ids after the start, cut at the end, and each one's score."""
    import torch

    model.generation_config = type(model.generation_config)(
        decoder_start_token_id=START, eos_token_id=options.pop("eos_token_id", END), pad_token_id=1
    )
    ids, mask = padded(sources)
    with torch.inference_mode():
        found = model.generate(
            ids,
            attention_mask=mask,
            return_dict_in_generate=True,
            output_scores=True,
            **options,
        )
    scores = found.sequences_scores.tolist() if "sequences_scores" in found else None
    rows = []
    ends = np.atleast_1d(model.generation_config.eos_token_id).tolist()
    for place, row in enumerate(found.sequences[:, 1:].tolist()):
        cut = next((n + 1 for n, token in enumerate(row) if token in ends), len(row))
        rows.append((row[:cut], scores[place] if scores else None))
    return rows


PLAIN = Decoding(beam_size=4, n_best=4, max_length=40, min_length=0)
OPTIONS: dict[str, tuple[Decoding, dict[str, Any]]] = {
    "plain": (PLAIN, {}),
    "penalty": (replace(PLAIN, length_penalty=0.6), {"length_penalty": 0.6}),
    "long": (replace(PLAIN, length_penalty=2.0), {"length_penalty": 2.0}),
    "negative": (replace(PLAIN, length_penalty=-1.0), {"length_penalty": -1.0}),
    "grams": (replace(PLAIN, no_repeat_ngram_size=2), {"no_repeat_ngram_size": 2}),
    "least": (replace(PLAIN, min_length=14), {"min_new_tokens": 14}),
    "repetition": (replace(PLAIN, repetition_penalty=1.4), {"repetition_penalty": 1.4}),
    "words": (
        replace(PLAIN, suppress=(("20",), ("35", "40"), ("50",))),
        {"bad_words_ids": [[35, 40]], "suppress_tokens": [20, 50]},
    ),
    "ends": (replace(PLAIN, ends=("2", "30", "31")), {"eos_token_id": [2, 30, 31]}),
    "short": (replace(PLAIN, max_length=6), {"max_new_tokens": 6}),
    "forced": (
        replace(PLAIN, max_length=6, forced_end=True),
        {"max_new_tokens": 6, "forced_eos_token_id": 2},
    ),
    "all": (
        replace(PLAIN, no_repeat_ngram_size=3, min_length=6, repetition_penalty=1.2),
        {"no_repeat_ngram_size": 3, "min_new_tokens": 6, "repetition_penalty": 1.2},
    ),
}


@pytest.mark.parametrize("early_stopping", [False, True, "never"])
@pytest.mark.parametrize("name", OPTIONS)
def test_beams(name: str, early_stopping: bool | str, model: Any, sources: list[list[str]]) -> None:
    decoding, options = OPTIONS[name]
    engine = SearchEngine(Torch(model), str(END), 1, "float32", SearchRules(early_stopping))
    found = engine.submit(sources, decoding).result()
    more = {"num_beams": 4, "num_return_sequences": 4, "early_stopping": early_stopping}
    expected = theirs(model, sources, **{"max_new_tokens": 40, **more, **options})
    rows = [h for several in found for h in several]
    assert len(rows) == len(expected)
    for ours, (ids, score) in zip(rows, expected, strict=True):
        own = [int(token) for token in ours.tokens]
        ended = ids[-1] in (END, 30, 31)
        forced = decoding.forced_end and len(ids) == decoding.max_length
        assert own == ([n for n in ids if n != END] if ended else ids)
        assert ours.truncated == (forced or not ended)
        length = (ours.length + forced) ** decoding.length_penalty
        assert ours.score * ours.length / length == pytest.approx(score, rel=1e-6, abs=2e-5)


@pytest.mark.parametrize("name", OPTIONS)
def test_greedy(name: str, model: Any, sources: list[list[str]]) -> None:
    decoding, options = OPTIONS[name]
    engine = SearchEngine(Torch(model), str(END), 1, "float32")
    found = engine.submit(sources, replace(decoding, beam_size=1, n_best=1)).result()
    options = {key: value for key, value in options.items() if key != "length_penalty"}
    expected = theirs(model, sources, **{"max_new_tokens": 40, "num_beams": 1, **options})
    for several, (ids, _) in zip(found, expected, strict=True):
        ended = ids[-1] in (END, 30, 31)
        ids = [n for n in ids if n != END] if ended else ids
        assert [int(token) for token in several[0].tokens] == ids


@pytest.mark.parametrize("beams", [1, 4])
def test_a_target_that_begins_with_a_token(
    beams: int, model: Any, sources: list[list[str]]
) -> None:
    engine = SearchEngine(Torch(model), str(END), 1, "float32")
    decoding = replace(PLAIN, beam_size=beams, n_best=1)
    found = engine.submit(sources, decoding, target_prefix=["40"]).result()
    options = {"num_beams": beams, "forced_bos_token_id": 40, "max_new_tokens": 40}
    for several, (ids, score) in zip(found, theirs(model, sources, **options), strict=True):
        assert ids[0] == 40
        assert [40, *map(int, several[0].tokens)] == [n for n in ids if n != END]
        if score is not None:
            total = several[0].score * several[0].length
            assert total / (several[0].length + 1) == pytest.approx(score, rel=1e-6, abs=2e-5)
