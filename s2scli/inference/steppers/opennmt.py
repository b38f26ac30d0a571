"""OpenNMT-py's recurrent models: an encoder of LSTM or GRU cells, a decoder that attends, with or
without input feeding (Luong et al. 2015) and copying (See et al. 2017,
https://aclanthology.org/P17-1099).

A model that copies assigns ids from V on to the source words outside the target vocabulary;
fed back into the decoder, such a word is the unknown token.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from s2scli.errors import InvalidModelError
from s2scli.inference.engines.matrices import MatrixMaker
from s2scli.inference.engines.stepper import Floats, Ids, Source, VocabularyStepper
from s2scli.inference.steppers.attending import Scoring, attend
from s2scli.inference.steppers.batch import Attending, DecodingBatch
from s2scli.inference.steppers.functions import sigmoid
from s2scli.inference.steppers.opennmtencoder import advanced
from s2scli.inference.steppers.opennmtreading import ModelReader
from s2scli.inference.steppers.recurrentcells import RecurrentCell, State
from s2scli.inference.steppers.texts import SourceIds
from s2scli.models.arrays import Arrays

__all__ = ["OpenNMT", "open_stepper"]


@dataclass(slots=True)
class _Copies:
    """The words that can be copied from the sources of a batch.

    Attributes:
        words: for each source, its words outside the vocabulary; their ids begin at V.
        ids: for each source, the ids of its distinct words, padded with an id of no word.
        places: sources × tokens × ids, 1 where the token has the id.
        keys: the keys of the copy attention, if that is separate.
    """

    words: list[list[str]]
    ids: Ids
    places: Floats
    keys: Floats | None

    def keep(self, kept: Ids) -> None:
        """Drop finished sources."""
        self.words = [self.words[number] for number in kept]
        self.ids, self.places = self.ids[kept], self.places[kept]
        self.keys = None if self.keys is None else self.keys[kept]


@dataclass(slots=True, kw_only=True)
class _State(DecodingBatch):
    """A batch that is being decoded.

    Attributes:
        cells: the state of each decoder layer.
        fed: the last step's output, if it is fed back (input feeding).
        encoded: the encoder output, sources × tokens × width.
        keys: the attention keys.
        mask: sources × tokens, added to the attention scores.
        copies: the words that can be copied; None for a model that does not copy.
        numbers: buffer for the result of a step.
    """

    cells: list[State]
    fed: Floats | None
    encoded: Floats
    keys: Floats
    mask: Floats
    copies: _Copies | None
    numbers: Floats

    def follow(self, parents: Ids) -> None:
        """Reorder the cells' states, and the output that is fed back."""
        self.cells = [(output[parents], memory[parents]) for output, memory in self.cells]
        if self.fed is not None:
            self.fed = self.fed[parents]

    def keep(self, kept: Ids) -> None:
        """Drop finished sources."""
        self.encoded, self.keys, self.mask = self.encoded[kept], self.keys[kept], self.mask[kept]
        if self.copies:
            self.copies.keep(kept)


class OpenNMT(Attending, VocabularyStepper):
    """A ``Stepper``; see ``s2scli.inference.engines.stepper``.

    Args:
        config: sizes and tokens, as ``s2scli.models.convert.opennmt`` writes them.
        arrays: the weights.
        matrix: makes its matrices.

    Raises:
        InvalidModelError: their shapes do not match.
    """

    def __init__(self, config: Mapping[str, Any], arrays: Arrays, matrix: MatrixMaker) -> None:
        read = ModelReader(config, arrays, matrix)
        tokens = read.vocabularies
        super().__init__(tokens.target, tokens.unknown, read.start)
        self._read = SourceIds(tokens.source, tokens.unknown_source)
        self._known = {token: number for number, token in enumerate(tokens.target)}
        self._padding = read.padding
        self._sources, self._targets = read.tables()
        self._encoder, self._bridge = read.encoder(), read.bridge()
        self._cells: list[RecurrentCell] = read.decoder_cells()
        self._feeds, self._hidden = read.feeds, read.hidden
        self._scoring: Scoring = read.scoring("attention")
        self._mixed = read.mixing()
        self._output, self._output_bias = read.output()
        self._copying: Scoring | None = read.scoring("copy") if read.copies == "own" else None
        self._gate = read.gate() if read.copies else None

    def shape(self, source: Source) -> tuple[int, ...]:
        """The number of tokens; for a model that copies, those of different words too."""
        if not self._gate:
            return (len(source),)
        words = {str(token) for token in source}
        return len(source), len(words), sum(not self._known.get(word, 0) for word in words)

    def start(self, sources: Sequence[Source], beams: int) -> _State:
        """Encode a batch."""
        ids, inside = self._read(sources)
        encoded, finals = self._encoder(self._sources[ids], inside.astype(np.float32))
        rows = len(sources) * beams
        copies = self._copies(sources, encoded) if self._gate else None
        # One more column, for the padding ids of sources with fewer words.
        extra = 1 + max(map(len, copies.words), default=0) if copies else 0
        return _State(
            beams=beams,
            sources=len(sources),
            cells=[
                (np.repeat(output, beams, axis=0), np.repeat(memory, beams, axis=0))
                for output, memory in self._first_states(finals)
            ],
            fed=np.zeros((rows, self._hidden), np.float32) if self._feeds else None,
            encoded=encoded,
            keys=self._scoring.keys(encoded),
            mask=np.where(inside, np.float32(0), np.float32(-np.inf))[:, None],
            copies=copies,
            numbers=np.empty((rows, len(self.tokens) + extra), np.float32),
        )

    def step(self, state: _State, tokens: Ids, parents: Ids) -> Floats:
        """The logits of every row's next token; log-probabilities if the model copies."""
        state.move(parents)
        known = np.where(tokens < len(self.tokens), tokens, self.unknown)
        numbers = self._targets[known]
        if state.fed is not None:
            numbers = np.concatenate([numbers, state.fed], axis=1)
        for place, cell in enumerate(self._cells):
            state.cells[place] = advanced(cell, numbers, state.cells[place])
            numbers = state.cells[place][0]
        sources = len(state.encoded)
        queries = numbers.reshape(sources, -1, self._hidden)
        looked = attend(self._scoring, queries, state.keys, state.mask)
        context = (looked @ state.encoded).reshape(len(numbers), -1)
        numbers = self._mixed(np.concatenate([context, numbers], axis=1))
        state.looked = looked.reshape(len(numbers), -1)
        if state.fed is not None:
            state.fed = numbers
        found = state.numbers[: len(numbers)]
        logits = found[:, : len(self.tokens)]
        self._output(numbers, logits)
        logits += self._output_bias
        if state.copies is None:
            return found
        if self._copying is not None and state.copies.keys is not None:
            own = numbers.reshape(sources, -1, self._hidden)
            looked = attend(self._copying, own, state.copies.keys, state.mask)
        self._add_copies(found, numbers, looked, state.copies)
        return found

    def token(self, state: _State, row: int, number: int) -> str:
        """A copied word."""
        assert state.copies is not None
        return state.copies.words[row // state.beams][number - len(self.tokens)]

    def number(self, state: _State, row: int, token: str) -> int:
        """The id of a word of the row's source outside the vocabulary; else the unknown id."""
        words = state.copies.words[row // state.beams] if state.copies else []
        return len(self.tokens) + words.index(token) if token in words else self.unknown

    def _first_states(self, finals: list[list[State]]) -> list[State]:
        """The decoder's initial states: the encoder's last ones, both directions concatenated,
        through the bridge if there is one."""
        if self._bridge:
            finals = self._bridged(finals)
        return [
            (
                np.concatenate([output for output, _ in layer], axis=1),
                np.concatenate([memory for _, memory in layer], axis=1),
            )
            for layer in finals
        ]

    def _bridged(self, finals: list[list[State]]) -> list[list[State]]:
        """States through linear layers. Each takes as many numbers as all layers have in one
        direction: those that follow one another in memory, as in OpenNMT-py."""
        flat = [state for layer in finals for state in layer]
        found = []
        for part, layer in enumerate(self._bridge):
            stacked = np.stack([state[part] for state in flat], axis=1)
            through = layer(stacked.reshape(-1, len(finals) * stacked.shape[2]))
            found.append(np.maximum(through, 0).reshape(stacked.shape))
        outputs, memories = found[0], found[-1]
        states = [(outputs[:, place], memories[:, place]) for place in range(len(flat))]
        directions = len(finals[0])
        return [states[first : first + directions] for first in range(0, len(states), directions)]

    def _copies(self, sources: Sequence[Source], encoded: Floats) -> _Copies:
        texts = [[str(token) for token in source] for source in sources]
        size = len(self.tokens)
        words: list[list[str]] = []
        numbered: list[dict[int, list[int]]] = []
        for text in texts:
            own = list(dict.fromkeys(w for w in text if not self._known.get(w, 0)))
            places: dict[int, list[int]] = {}
            for place, word in enumerate(text):
                number = self._known.get(word, 0) or size + own.index(word)
                places.setdefault(number, []).append(place)
            words.append(own)
            numbered.append(places)
        nothing = size + max(map(len, words), default=0)
        ids = np.full((len(texts), max(map(len, numbered))), nothing)
        placed = np.zeros((len(texts), encoded.shape[1], ids.shape[1]), np.float32)
        for source, found in enumerate(numbered):
            for column, (number, places_) in enumerate(found.items()):
                ids[source, column] = number
                placed[source, places_, column] = 1
        keys = self._copying.keys(encoded) if self._copying is not None else None
        return _Copies(words, ids, placed, keys)

    def _add_copies(self, found: Floats, numbers: Floats, looked: Floats, copies: _Copies) -> None:
        """Turn logits into log-probabilities of writing or copying each token.

        Args:
            found: the logits, with columns for the words outside the vocabulary.
            numbers: the decoder output of the step.
            looked: the copy attention, sources × beams × tokens.
            copies: the words that can be copied.
        """
        assert self._gate is not None
        size = len(self.tokens)
        logits = found[:, :size]
        logits[:, self._padding] = -np.inf
        logits -= logits.max(1, keepdims=True)
        logits -= np.log(np.exp(logits).sum(1, keepdims=True))
        weight, bias = self._gate
        share: Floats = (numbers * weight).sum(1) + bias  # BLAS rounds it by the number of rows
        logits -= np.logaddexp(np.float32(0), share)[:, None]
        found[:, size:] = -np.inf
        amounts = (looked @ copies.places).reshape(len(found), -1)
        amounts *= sigmoid(share)[:, None]
        ids = np.repeat(copies.ids, len(found) // len(copies.ids), axis=0)
        with np.errstate(divide="ignore"):
            copied = np.log(amounts)
        written = np.take_along_axis(found, ids, axis=1)
        np.put_along_axis(found, ids, np.logaddexp(written, copied), axis=1)
        found[:, -1] = -np.inf


def open_stepper(config: Mapping[str, Any], arrays: Arrays, matrix: MatrixMaker) -> OpenNMT:
    """The stepper of a model (``s2scli.inference.engines.arrays.STEPPERS``)."""
    if not config.get("target"):
        raise InvalidModelError("The model's settings are damaged: it has no target vocabulary")
    return OpenNMT(config, arrays, matrix)
