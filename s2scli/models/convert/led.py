"""LED (Beltagy et al. 2020, https://arxiv.org/abs/2004.05150), which reads long documents.

Attention is global on the first token, as its authors have it in summarization.
"""

from __future__ import annotations

from s2scli.models.convert.bartlike import BOS, EOS, SPECIAL, read_texts
from s2scli.models.convert.checkpoint import START, Checkpoint
from s2scli.models.convert.family import Conversion, ModelTexts
from s2scli.models.convert.graphs.bartdecoder import BartDecoder
from s2scli.models.convert.graphs.ledencoder import LedEncoder
from s2scli.models.convert.graphs.textgraphs import TextGraphs
from s2scli.models.convert.vocabulary import byte_level

__all__ = ["convert", "texts"]

ROOT, PARTS = "led.", ("encoder.", "decoder.", "shared.")
TOKENIZERS = ("LEDTokenizer", "BartTokenizer", "RobertaTokenizer", "PreTrainedTokenizer")


def convert(checkpoint: Checkpoint) -> Conversion:
    """Convert a checkpoint; ``transformers`` (``modeling_led.py``, 4.57) is the reference.

    Raises:
        InvalidModelError: a file or a tensor is missing or does not fit the configuration.
    """
    encoder = LedEncoder(checkpoint.settings.with_type_defaults())
    decoder = BartDecoder.of(checkpoint.settings)
    weights = checkpoint.weights().within(ROOT, PARTS)
    return TextGraphs(checkpoint, weights, encoder, decoder, ROOT).conversion(texts(checkpoint))


def texts(checkpoint: Checkpoint) -> ModelTexts:
    """What it reads and writes.

    Raises:
        InvalidModelError: a file is missing or damaged, or is of another tokenizer.
    """
    checkpoint.expect_tokenizer(*TOKENIZERS)
    settings = checkpoint.settings.with_type_defaults()
    vocabulary = byte_level(checkpoint, checkpoint.vocabulary_size)
    recipe = vocabulary.recipe(
        prefix=(BOS,),
        suffix=(EOS,),
        target_prefix=checkpoint.first_token(vocabulary.tokens),
        special=SPECIAL,
    )
    return read_texts(
        checkpoint,
        vocabulary,
        recipe,
        "summarize",
        checkpoint.token(vocabulary.tokens, START, EOS),
        longest=settings.size("max_encoder_position_embeddings"),
        positions=settings.size("max_decoder_position_embeddings"),
    )
