"""WordPiece, the tokenizer of BERT (Devlin et al. 2019, https://arxiv.org/abs/1810.04805).

``BertTokenizer`` of transformers 4.57 is the reference: from ``tokenizer.json``, in which case
``tokenizer_config.json`` has the last word on case, accents and Chinese characters, or from
``vocab.txt`` alone.
"""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

from s2scli.errors import InvalidModelError
from s2scli.models.convert.added import TOKENIZER_JSON
from s2scli.models.convert.checkpoint import Checkpoint
from s2scli.models.convert.vocabulary import Vocabulary, assemble, tokenizer_json
from s2scli.models.manifest import JSON_KIND

__all__ = ["WORDPIECE_TOKENIZERS", "wordpiece"]

WORDPIECE_TOKENIZERS = ("BertTokenizer",)
VOCABULARY = "vocab.txt"
CONTINUING = "##"
LONGEST_WORD = 100  # characters; a longer one is unknown
# ``clean_up_tokenization``: no space before marks, in this order.
CLEANED = (
    (" .", "."),
    (" ?", "?"),
    (" !", "!"),
    (" ,", ","),
    (" ' ", "'"),
    (" n't", "n't"),
    (" 'm", "'m"),
    (" 's", "'s"),
    (" 've", "'ve"),
    (" 're", "'re"),
)
# ``tokenizer_config.json`` → a field of the normalizer, and what it is if nothing is said.
NORMALIZER = {
    "do_lower_case": ("lowercase", True),
    "strip_accents": ("strip_accents", None),
    "tokenize_chinese_chars": ("handle_chinese_chars", True),
}


def wordpiece(checkpoint: Checkpoint, size: int, unknown: str) -> Vocabulary:
    """The tokens and the tokenizer of a checkpoint.

    Args:
        checkpoint: has ``tokenizer.json`` or ``vocab.txt``.
        size: rows of the embeddings.
        unknown: the token of what is not in the vocabulary.

    Raises:
        InvalidModelError: a file is missing or damaged.
    """
    if checkpoint.path(TOKENIZER_JSON).exists():
        found = tokenizer_json(checkpoint, size)
        content = json.loads(found.content)
        step = content.get("normalizer")
        if isinstance(step, dict) and step.get("type") == "BertNormalizer":
            step |= _normalizing(checkpoint)  # the settings have the last word
    else:
        found = _from_words(checkpoint, size, unknown)
        content = json.loads(found.content)
    cleans = checkpoint.tokenizer_flag("clean_up_tokenization_spaces", default=True)
    content["decoder"] = _decoder(cleans=cleans)
    return replace(found, content=json.dumps(content, ensure_ascii=False).encode())


def _from_words(checkpoint: Checkpoint, size: int, unknown: str) -> Vocabulary:
    from tokenizers import Tokenizer, models, normalizers, pre_tokenizers

    path = checkpoint.existing(VOCABULARY)
    try:
        words = path.read_text(encoding="utf-8").removesuffix("\n").split("\n")
    except UnicodeDecodeError as error:
        raise InvalidModelError(f"{path} is not UTF-8: {error}") from error
    numbers = {word.rstrip("\r"): number for number, word in enumerate(words)}
    if len(numbers) != len(words) or unknown not in numbers:
        what = f"lacks {unknown}" if unknown not in numbers else "has the same token twice"
        raise InvalidModelError(f"{path} {what}")
    tokenizer = Tokenizer(
        models.WordPiece(
            vocab=numbers,
            unk_token=unknown,
            max_input_chars_per_word=LONGEST_WORD,
        )
    )
    options = _normalizing(checkpoint)
    chinese = options.pop("handle_chinese_chars")
    tokenizer.normalizer = normalizers.Sequence(
        [
            normalizers.BertNormalizer(
                clean_text=True, handle_chinese_chars=chinese, strip_accents=False, lowercase=False
            ),
            normalizers.NFC(),  # of slow tokenizers alone
            normalizers.BertNormalizer(clean_text=False, handle_chinese_chars=False, **options),
        ]
    )
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    return Vocabulary(
        assemble(checkpoint, list(numbers), size),
        JSON_KIND,
        TOKENIZER_JSON,
        tokenizer.to_str().encode(),
        spaced=not options["lowercase"],  # there, the library finds them in what is lowercase
    )


def _normalizing(checkpoint: Checkpoint) -> dict[str, Any]:
    """The normalizer's fields, of which null is an answer to one alone."""
    settings = checkpoint.tokenizer_config
    return {
        field: settings.get(name, usual)
        if usual is None and settings.get(name) is None
        else checkpoint.tokenizer_flag(name, default=bool(usual))
        for name, (field, usual) in NORMALIZER.items()
    }


def _decoder(*, cleans: bool) -> dict[str, Any]:
    """How tokens become text."""
    pieces = {"type": "WordPiece", "prefix": CONTINUING, "cleanup": False}
    if not cleans:
        return pieces
    marks = [
        {"type": "Replace", "pattern": {"String": old}, "content": new} for old, new in CLEANED
    ]
    return {"type": "Sequence", "decoders": [pieces, {"type": "Fuse"}, *marks]}
