"""The checkpoint of g2p_en (https://pypi.org/project/g2p-en): letters of a word to phonemes.

One file, ``checkpoint20.npz``, with the weights of two GRUs as PyTorch has them, and no vocabulary:
that is the letters of English, and the phonemes of CMUdict with their stress, in order.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from s2scli.errors import InvalidModelError
from s2scli.models.arrays import CONFIG_FILE
from s2scli.models.convert.arraysartifact import ArraysArtifact
from s2scli.models.convert.defaults import Defaults
from s2scli.models.convert.family import Conversion
from s2scli.models.convert.npz import read_npz
from s2scli.models.convert.standins import refuse_pointer
from s2scli.models.convert.tensor import Tensor
from s2scli.models.convert.weights import Weights
from s2scli.models.manifest import LETTERS_KIND, TokenizerRecipe

__all__ = ["LETTERS", "PHONEMES", "PRONOUNCING", "STEPPER", "find_pronouncing", "read_pronouncing"]

PRONOUNCING = "g2p-en"
STEPPER = "gru-pair"
PADDING, UNKNOWN, START, END = "<pad>", "<unk>", "<s>", "</s>"
VOWELS = "AA AE AH AO AW AY EH ER EY IH IY OW OY UH UW"
CONSONANTS = "B CH D DH F G HH JH K L M N NG P R S SH T TH V W Y Z ZH"
LETTERS = (PADDING, UNKNOWN, END, *"abcdefghijklmnopqrstuvwxyz")
# UW once more, without stress.
PHONEMES = (
    *(PADDING, UNKNOWN, START, END),
    *sorted([*CONSONANTS.split(), "UW", *(f"{v}{n}" for v in VOWELS.split() for n in range(3))]),
)
GATES = 3
LONGEST_SOURCE, LONGEST_TARGET = 1000, 20  # letters; phonemes, after which its own decoder stops
# Parts of a cell's weights: ours → theirs.
PARTS = {"input": "w_ih", "hidden": "w_hh", "input.bias": "b_ih", "hidden.bias": "b_hh"}
SIDES = {"encoder": "enc", "decoder": "dec"}
MARKS = {"enc_emb", "enc_w_hh", "dec_emb", "dec_w_hh", "fc_w", "fc_b"}


def find_pronouncing(place: Path) -> Path | None:
    """The checkpoint that a file is, or a directory holds; None if it is something else.

    Raises:
        InvalidModelError: it is damaged.
    """
    if place.is_dir() and not (place / "config.json").exists():
        found = [path for path in place.iterdir() if path.suffix == ".npz"]
        place = found[0] if len(found) == 1 else place
    if not place.is_file() or place.suffix != ".npz":
        return None
    refuse_pointer(place)
    return place if read_npz(place).keys() >= MARKS else None


def read_pronouncing(path: Path) -> Conversion:
    """Convert a checkpoint; g2p_en 2.1.0 is the reference.

    Raises:
        InvalidModelError: it is damaged, or its letters or phonemes are others.
    """
    weights = Weights(read_npz(path), (path,))
    for name, tokens in (("enc_emb", LETTERS), ("dec_emb", PHONEMES)):
        if (shape := weights.shape(name)) and shape[0] != len(tokens):
            raise InvalidModelError(
                f"{path} has {shape[0]} tokens in {name}, and nothing says which; g2p_en has "
                f"{len(tokens)}"
            )
    hidden = weights.shape("enc_w_hh")[-1]
    tensors = dict(_tensors(weights, hidden))
    config = {
        "source": list(LETTERS),
        "target": list(PHONEMES),
        "unknown": UNKNOWN,
        "start": START,
        "hidden": hidden,
        "widths": [tensors[side].shape[1] for side in SIDES],
    }
    return Conversion(
        artifact=ArraysArtifact(STEPPER, config, tensors),
        weights=weights,
        tokenizer=TokenizerRecipe(
            LETTERS_KIND, CONFIG_FILE, CONFIG_FILE, suffix=(END,), end=END, special=(PADDING, START)
        ),
        files={},
        tasks=("generate",),
        source_languages=(),
        target_languages=(),
        max_source_tokens=LONGEST_SOURCE,
        max_target_tokens=LONGEST_TARGET,
        defaults=Defaults({"beam_size": 1, "min_length": 0, "max_length": LONGEST_TARGET}),
    )


def _tensors(weights: Weights, hidden: int) -> Iterator[tuple[str, Tensor]]:
    """The arrays by the names that ``s2scli.inference.steppers.grupair`` reads."""
    for (side, theirs), tokens in zip(SIDES.items(), (LETTERS, PHONEMES), strict=True):
        width = weights.shape(f"{theirs}_emb")[-1]
        yield side, weights.take(f"{theirs}_emb", len(tokens), width)
        columns = {"input": (width,), "hidden": (hidden,)}
        for ours, part in PARTS.items():
            shape = (GATES * hidden, *columns.get(ours, ()))
            yield f"{side}.{ours}", weights.take(f"{theirs}_{part}", *shape)
    yield "output", weights.take("fc_w", len(PHONEMES), hidden)
    yield "output.bias", weights.take("fc_b", len(PHONEMES))
