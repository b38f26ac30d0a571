"""CTranslate2 one step at a time: the logits of the next token, for our own search.

The engine keeps no state between calls. A step therefore begins anew: it encodes the sources and
forces all tokens so far. That is simple and exact, and slow: the work for a target grows with the
square of its length. Two things make it less. Equal rows, such as samples that have not parted yet,
are computed once. And the engine looks ahead: from each row it goes on by the likeliest tokens, for
a few steps; as long as the search takes these, the logits are there already.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

import ctranslate2
import numpy as np

from s2scli.errors import InvalidModelError
from s2scli.inference.engines.stepper import Floats, Ids, Source, VocabularyStepper

__all__ = ["Greedy", "GreedyPlan", "RecomputingStepper"]

VOCABULARIES = ("target_vocabulary.json", "shared_vocabulary.json")
SETTINGS = "config.json"
# The engine gives the logits of all forced tokens too, in memory.
MOST_BYTES = 256 << 20
MOST_AHEAD = 16  # steps
MARIAN, NO_TOKEN = "marian", -1
ENCODING = 3  # what encoding a source costs, in steps of decoding
NEWS = 0.2  # how much the last step counts

_Key = bytes  # the number of a source and the tokens of a target


class Greedy(NamedTuple):
    """A greedy search of one source, step by step, the end included.

    Attributes:
        tokens: steps × candidates, the likeliest next tokens by their numbers, in no order.
        shares: their probabilities.
        attention: steps × source tokens, the weights.
    """

    tokens: Ids
    shares: Floats
    attention: Floats


class GreedyPlan(NamedTuple):
    """How much of a greedy search is told.

    Attributes:
        longest: number of steps at most.
        candidates: how many of each step.
        batch: number of sources that one worker decodes together.
    """

    longest: int
    candidates: int
    batch: int


@dataclass(slots=True)
class _State:
    """A batch.

    Attributes:
        sources: its sources.
        owners: for each row, the number of its source.
        history: rows × tokens so far, the start included.
        likeliest: for each row, the likeliest next token.
        taken: how often that was taken, from 0 to 1.
        known: logits that are known already, by the length of what they come after.
    """

    sources: list[list[str]]
    owners: Ids
    history: Ids
    likeliest: Ids
    taken: float = 0.5
    known: dict[int, dict[_Key, Floats]] = field(default_factory=dict)


class RecomputingStepper(VocabularyStepper):
    """A ``Stepper`` for a model that CTranslate2 has loaded.

    Its logits are the engine's own: of the options that change them, none is given.

    Args:
        translator: the loaded model.
        directory: where its vocabulary and its settings are.
        family: the manifest's. Marian's models start from zero, not from a token.
        longest: the most tokens of a target that the model has places for.

    Raises:
        InvalidModelError: these cannot be read.
    """

    def __init__(
        self,
        translator: ctranslate2.Translator,
        directory: Path,
        family: str = "",
        longest: int = 1 << 30,
    ) -> None:
        self._translator = translator
        self._longest = longest
        try:
            name = next(name for name in VOCABULARIES if (directory / name).is_file())
            tokens: list[str] = json.loads((directory / name).read_bytes())
            settings = json.loads((directory / SETTINGS).read_bytes())
            # GPT-2's tokenizer, which writes all there is, has none.
            named = settings["unk_token"] in tokens
            unknown = tokens.index(settings["unk_token"]) if named else NO_TOKEN
            # A model without a start of its own is always given one.
            begin = settings["decoder_start_token"]
            self._starts = begin is not None
            zero = family == MARIAN and begin == settings["eos_token"]
            start = tokens.index(begin) if self._starts and not zero else NO_TOKEN
        except (OSError, ValueError, KeyError, StopIteration) as error:
            raise InvalidModelError(
                f"The vocabulary or {SETTINGS} of the model in {directory} cannot be read: {error}",
                "Convert its checkpoint again with 's2s convert'.",
            ) from error
        super().__init__(tokens, unknown, start)

    def start(self, sources: Sequence[Source], beams: int) -> _State:
        """Remember a batch; the engine encodes it at each step."""
        rows = len(sources) * beams
        texts = [[str(token) for token in source] for source in sources]
        owners = np.repeat(np.arange(len(sources)), beams)
        return _State(texts, owners, np.zeros((rows, 0), np.int64), np.zeros(rows, np.int64))

    def step(self, state: _State, tokens: Ids, parents: Ids) -> Floats:
        """The logits of every row's next token."""
        if state.history.shape[1]:
            right = float((state.likeliest[parents] == tokens).mean())
            state.taken += (right - state.taken) * NEWS
        state.history = np.concatenate([state.history[parents], tokens[:, None]], 1)
        state.owners = state.owners[parents]
        rows = np.concatenate([state.owners[:, None], state.history], 1)
        keys = [row.tobytes() for row in rows]
        known = state.known.pop(rows.shape[1], {})
        wanted = {
            key: row for key, row in zip(keys, rows.tolist(), strict=True) if key not in known
        }
        for begun, logits in self._ahead(state, list(wanted.values())):
            found = known if len(begun) == rows.shape[1] else state.known.setdefault(len(begun), {})
            found[np.array(begun, rows.dtype).tobytes()] = logits
        together = np.stack([known[key] for key in keys])
        state.likeliest = together.argmax(1)
        return together

    def forced(self, source: Source, tokens: Sequence[int]) -> Floats:
        """The logits in each place of a target; see ``ForcingStepper``."""
        (result,) = self._forced([[str(token) for token in source]], [[0, *tokens]])
        rows = [_array(storage) for storage in result.logits[0][-len(tokens) :]]
        return np.stack(rows)[:, : len(self.tokens)]

    def greedy(
        self,
        sources: Sequence[list[str]],
        prefix: Sequence[str],
        start_given: int,
        plan: GreedyPlan,
    ) -> Iterator[Greedy]:
        """Search greedily, and tell what else could have been written at each step.

        Args:
            sources: the tokens of each source; of all, the logits are in memory together.
            prefix: what every target begins with, left out of the steps.
            start_given: how many of these stand instead of the model's start token.
            plan: how much is told.

        Yields:
            The search of each source.
        """
        results = self._translator.translate_batch(
            sources,
            [list(prefix)] * len(sources) if prefix else None,
            max_batch_size=plan.batch,
            max_input_length=0,
            beam_size=1,
            max_decoding_length=plan.longest + len(prefix),
            return_end_token=True,
            return_logits_vocab=True,
            return_attention=True,
        )
        generated = len(prefix) - start_given
        for source, result in zip(sources, results, strict=True):
            steps = max(1, len(result.hypotheses[0]) - generated)
            rows = [_array(storage) for storage in result.logits[0][-steps:]]
            logits = np.stack(rows)[:, : len(self.tokens)]
            count = min(plan.candidates, len(self.tokens))
            likely = np.argpartition(logits, -count, axis=1)[:, -count:]
            best = np.take_along_axis(logits, likely, 1)
            most = best.max(1, keepdims=True)
            shares = np.exp(best - most) / np.exp(logits - most).sum(1, keepdims=True)
            attention = np.array(result.attention[0][-steps:], np.float32)
            yield Greedy(likely, shares, attention[:, : len(source)])

    def _ahead(self, state: _State, rows: list[list[int]]) -> Iterator[tuple[list[int], Floats]]:
        """The logits after some rows, and after those with the likeliest next tokens.

        Args:
            state: the batch.
            rows: for each, the number of a source and the tokens of a target.
        """
        if not rows:
            return
        behind = len(rows[0]) - 1  # places of a result up to the next token
        room = MOST_BYTES // (4 * len(self.tokens))  # of logits
        places = self._longest - behind
        ahead = max(1, min(_far(state.taken, behind), room // len(state.owners), places))
        size = max(1, room // (behind + ahead))
        for start in range(0, len(rows), size):
            some = rows[start : start + size]
            for row, result in zip(some, self._forced(state.sources, some, ahead), strict=True):
                for storage in result.logits[0][behind - 1 :]:
                    logits = _array(storage)[: len(self.tokens)]
                    yield row, logits
                    row = [*row, int(logits.argmax())]

    def _forced(
        self, sources: Sequence[list[str]], rows: Sequence[Sequence[int]], ahead: int = 1
    ) -> Any:
        """The engine's results for such rows, with the logits of all their tokens and of the next
        ones, as many as are wanted ahead."""
        first = 1 + self._starts  # the engine itself begins with the model's own start
        given = [[self.tokens[number] for number in row[first:]] for row in rows]
        return self._translator.translate_batch(
            [sources[row[0]] for row in rows],
            given if any(given) else None,
            max_input_length=0,
            beam_size=1,
            max_decoding_length=len(rows[0]) - 2 + ahead,
            min_decoding_length=0,  # else the engine forbids the end
            return_end_token=True,
            return_logits_vocab=True,
        )


def _far(taken: float, behind: int) -> int:
    """How many steps ahead cost the least for each step that the search can use.

    Args:
        taken: how often the search takes the likeliest token.
        behind: number of steps that are taken again.
    """

    def cost(steps: int) -> float:
        used = sum(taken**step for step in range(steps))
        return (ENCODING + behind + steps) / used

    return min(range(1, MOST_AHEAD + 1), key=cost)


def _array(storage: Any) -> Floats:
    """The engine's array, which may be on a GPU or in half precision."""
    storage = storage.to_device(ctranslate2.Device.cpu)
    array: Floats = np.asarray(storage.to(ctranslate2.DataType.float32))
    return array
