"""The lexical shortlist that a student of Marian comes with (``lex.*.s2t.bin``).

It says which target tokens each source token may yield. Only those of a source's tokens are scored
then, and the first tokens of the target vocabulary, which are the most frequent ones. Where both
sides have one vocabulary, a source's own tokens are candidates too. As in Marian, the tokens after
the first ones fill up the number of candidates to a multiple of eight.

All numbers in the file are unsigned and little-endian: a header of six of 64 bits (``MAGIC``, a
checksum, how many first tokens are always candidates, how many a source token has at most, how many
offsets and how many candidates follow), the offsets (64 bits, one for each source token and one for
the end), and the candidates (32 bits). See ``src/data/shortlist.h`` of
https://github.com/marian-nmt/marian-dev.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable

import numpy as np
import numpy.typing as npt

from s2scli.errors import InvalidModelError

__all__ = ["MAGIC", "Lexicon"]

MAGIC = 0xF11A48D5013417F5
MULTIPLE = 8
HEADER = struct.Struct("<6Q")
OFFSET, CANDIDATE = np.dtype("<u8"), np.dtype("<u4")

Ids = npt.NDArray[np.int64]


class Lexicon:
    """A lexical shortlist.

    Args:
        data: the file.
        sizes: how many tokens the source has, and the target.
        shared: whether both have one vocabulary.

    Raises:
        InvalidModelError: it is damaged, or for other vocabularies.
    """

    def __init__(self, data: bytes, sizes: tuple[int, int], *, shared: bool) -> None:
        source, target = sizes
        if len(data) < HEADER.size:
            raise _damaged("it is too short")
        magic, _, first, _, offsets, candidates = HEADER.unpack_from(data)
        size = HEADER.size + offsets * OFFSET.itemsize + candidates * CANDIDATE.itemsize
        if magic != MAGIC or not offsets or size != len(data):
            raise _damaged("its header does not fit")
        self._first, self._target, self._shared = min(first, target), target, shared
        self._offsets = np.frombuffer(data, OFFSET, offsets, HEADER.size)
        self._candidates = np.frombuffer(
            data, CANDIDATE, candidates, HEADER.size + self._offsets.nbytes
        )
        if (self._offsets[1:] < self._offsets[:-1]).any() or self._offsets[-1] > candidates:
            raise _damaged("its offsets do not fit")
        if offsets > source + 1 or (self._candidates >= target).any():
            raise _damaged("the model's vocabulary has fewer tokens")

    def candidates(self, ids: Iterable[int]) -> Ids:
        """The ids of the target tokens that a source may yield, ascending.

        Args:
            ids: the source's tokens.
        """
        own = list(set(ids))
        chosen = np.zeros(self._target, bool)
        chosen[: self._first] = True
        if self._shared:
            chosen[own] = True
        for number in own:
            place = self._offsets[number : number + 2].tolist()
            if len(place) == 2:  # a list may end before the vocabulary does
                chosen[self._candidates[slice(*place)]] = True
        lacking = -int(chosen.sum()) % MULTIPLE
        chosen[self._first + np.flatnonzero(~chosen[self._first :])[:lacking]] = True
        return np.flatnonzero(chosen)


def _damaged(why: str) -> InvalidModelError:
    return InvalidModelError(
        f"The lexical shortlist of the model cannot be used: {why}",
        "Convert the model without its file lex.*.s2t.bin, or get that file again.",
    )
