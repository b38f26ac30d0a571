"""Models of two parts, with random weights, against transformers: kinds that no golden file has."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from s2scli.inference.device import place
from s2scli.inference.frame import Job
from s2scli.inference.model import Model
from s2scli.models.convert.run import convert
from tests.families import best_tokens, numbers_of
from tests.oracle.needs import needs

pytestmark = needs("torch", "transformers")

SENTENCES = [
    "Where is the station?",
    "I haven't seen him since Monday, and you?",
    "A short one.",
    "The weather was so bad that we stayed at home (all of us).",
    "Über den Wolken, sagt man.",
] * 4
LONGEST = 30
SHAPE = {
    "num_hidden_layers": 2,
    "num_attention_heads": 4,
    "intermediate_size": 64,
    "max_position_embeddings": 64,
}
GPT2 = {"n_embd": 32, "n_layer": 2, "n_head": 4, "n_positions": 64}
FAIRSEQ = {
    "d_model": 32,
    "encoder_layers": 2,
    "decoder_layers": 2,
    "encoder_attention_heads": 4,
    "decoder_attention_heads": 4,
    "encoder_ffn_dim": 64,
    "decoder_ffn_dim": 64,
    "max_position_embeddings": 64,
}
Made = tuple[Any, Any, Any]  # the model, the source's tokenizer, the target's


def words(folder: Path) -> Any:
    """A tokenizer of BERT's kind."""
    import tokenizers
    import transformers

    trainer = tokenizers.BertWordPieceTokenizer(lowercase=False)
    trainer.train_from_iterator(SENTENCES, 120, min_frequency=1, show_progress=False)
    folder.mkdir()
    trainer.save_model(str(folder))
    return transformers.BertTokenizer(str(folder / "vocab.txt"), do_lower_case=False)


def byte_pairs(folder: Path) -> Any:
    """A tokenizer of GPT-2's kind."""
    import tokenizers
    import transformers

    trainer = tokenizers.ByteLevelBPETokenizer()
    trainer.train_from_iterator(SENTENCES, 300, special_tokens=["<|endoftext|>"])
    folder.mkdir()
    trainer.save_model(str(folder))
    files = (str(folder / name) for name in ("vocab.json", "merges.txt"))
    return transformers.GPT2Tokenizer(*files)


def of_parts(tmp_path: Path, encoder: Any, decoder: Any, source: Any, target: Any) -> Made:
    import transformers

    start = 0 if target is not source else source.cls_token_id
    end = 0 if target is not source else source.sep_token_id
    config = transformers.EncoderDecoderConfig.from_encoder_decoder_configs(
        encoder, decoder, pad_token_id=0, decoder_start_token_id=start, eos_token_id=end
    )
    return transformers.EncoderDecoderModel(config), source, target


def bert2gpt2(tmp_path: Path) -> Made:
    """Parts of two widths and two vocabularies."""
    import transformers

    source, target = words(tmp_path / "words"), byte_pairs(tmp_path / "bytes")
    encoder = transformers.BertConfig(vocab_size=len(source), hidden_size=48, **SHAPE)
    decoder = transformers.GPT2Config(vocab_size=len(target), **GPT2)
    return of_parts(tmp_path, encoder, decoder, source, target)


def bert2bert_untied(tmp_path: Path) -> Made:
    """An output that has a table of its own, and another activation."""
    import transformers

    source = words(tmp_path / "words")
    more = {"vocab_size": len(source), "hidden_size": 32, "hidden_act": "gelu_new"}
    encoder = transformers.BertConfig(**more, **SHAPE)
    decoder = transformers.BertConfig(**more, **SHAPE, tie_word_embeddings=False)
    return of_parts(tmp_path, encoder, decoder, source, source)


def blenderbot_small(tmp_path: Path) -> Made:
    """A decoder that normalizes embeddings before positions; pieces with signs at their ends."""
    import json

    import tokenizers
    import transformers

    special = ["__null__", "__start__", "__end__", "__unk__", "__newln__"]
    trainer = tokenizers.CharBPETokenizer(lowercase=True, suffix="</w>")
    trainer.train_from_iterator(
        [s.lower() for s in SENTENCES], 200, min_frequency=1, special_tokens=special
    )
    trainer.save_model(str(tmp_path))
    rows = json.loads((tmp_path / "vocab.json").read_text())
    names = {
        t.removesuffix("</w>") + ("" if t in special or t.endswith("</w>") else "@@"): n
        for t, n in rows.items()
    }
    (tmp_path / "vocab.json").write_text(json.dumps(names))
    files = (str(tmp_path / name) for name in ("vocab.json", "merges.txt"))
    tokenizer = transformers.BlenderbotSmallTokenizer(*files)
    config = transformers.BlenderbotSmallConfig(
        vocab_size=len(names), scale_embedding=True, forced_eos_token_id=None, **FAIRSEQ
    )
    return transformers.BlenderbotSmallForConditionalGeneration(config), tokenizer, tokenizer


def pieces(path: Path, **ids: Any) -> str:
    """A SentencePiece model."""
    import sentencepiece

    with path.open("wb") as file:
        sentencepiece.SentencePieceTrainer.train(
            sentence_iterator=iter(SENTENCES * 20),
            model_writer=file,
            vocab_size=90,
            minloglevel=2,
            eos_id=1,
            pad_id=0,
            hard_vocab_limit=False,
            **ids,
        )
    return str(path)


def bert_generation(tmp_path: Path) -> Made:
    """An output that is but a table, and texts without anything around them."""
    import transformers

    file = pieces(tmp_path / "spiece.model", bos_id=2, unk_id=3)
    tokenizer = transformers.BertGenerationTokenizer(file)
    parts = [
        transformers.BertGenerationConfig(vocab_size=len(tokenizer), hidden_size=width, **SHAPE)
        for width in (48, 32)
    ]
    config = transformers.EncoderDecoderConfig.from_encoder_decoder_configs(
        *parts, pad_token_id=0, decoder_start_token_id=2, eos_token_id=1
    )
    return transformers.EncoderDecoderModel(config), tokenizer, tokenizer


def bigbird_pegasus(tmp_path: Path, **options: Any) -> Made:
    """Sparse attention, whose window all these texts fit into."""
    import transformers

    file = pieces(tmp_path / "spiece.model", bos_id=-1, unk_id=2)
    tokenizer = transformers.PegasusTokenizer(file)
    config = transformers.BigBirdPegasusConfig(vocab_size=len(tokenizer), **FAIRSEQ, **options)
    return transformers.BigBirdPegasusForConditionalGeneration(config), tokenizer, tokenizer


def bigbird_with_bias(tmp_path: Path) -> Made:
    """The same with a bias in attention, and full attention by its configuration."""
    return bigbird_pegasus(tmp_path, use_bias=True, attention_type="original_full")


def roughen(model: Any) -> None:
    """Weights that make outputs differ."""
    import torch

    generator = torch.Generator().manual_seed(7)
    with torch.no_grad():
        for name, weight in model.named_parameters():
            noise = torch.randn(weight.shape, generator=generator)
            if weight.dim() > 1:
                weight.copy_(0.25 * noise)
            else:
                weight.copy_(1 + 0.2 * noise if "weight" in name else 0.1 * noise)


@pytest.mark.parametrize(
    "make",
    [
        bert2gpt2,
        bert2bert_untied,
        bert_generation,
        blenderbot_small,
        bigbird_pegasus,
        bigbird_with_bias,
    ],
)
def test_ids_and_outputs(make: Callable[[Path], Made], tmp_path: Path) -> None:
    import torch
    import transformers

    transformers.logging.set_verbosity_error()
    model, source, target = make(tmp_path)
    roughen(model)
    model.save_pretrained(tmp_path / "c")
    source.save_pretrained(tmp_path / "c")
    target.save_pretrained(tmp_path / "t")
    own = None if target is source else tmp_path / "t"
    convert(tmp_path / "c", tmp_path / "m", quantization="float32", target_tokenizer=own)
    reference = type(model).from_pretrained(tmp_path / "c").eval()
    ours = Model(tmp_path / "m", place("cpu", threads=1), job=Job("generate"))
    read, written = (numbers_of(tmp_path / "m", side) for side in ("source", "target"))
    encoded = [ours.source(tokens) for tokens in ours.encode(SENTENCES)]
    assert [read(tokens) for tokens in encoded] == [source(s)["input_ids"] for s in SENTENCES]
    batch = source(SENTENCES, return_tensors="pt", padding=True)
    end = reference.generation_config.eos_token_id
    for beam in (1, 4):
        with torch.no_grad():
            rows = reference.generate(
                input_ids=batch["input_ids"],
                attention_mask=batch["attention_mask"],
                num_beams=beam,
                max_length=LONGEST,
                early_stopping=beam > 1,
                do_sample=False,
            ).tolist()
        theirs = [row[1 : row.index(end, 1)] if end in row[1:] else row[1:] for row in rows]
        decoding = ours.decoding({"beam_size": beam, "min_length": 0, "max_length": LONGEST - 1})
        assert [written(h.tokens) for h in best_tokens(ours, encoded, decoding)] == theirs


def test_two_vocabularies_need_two_tokenizers(tmp_path: Path) -> None:
    from s2scli.errors import InvalidModelError

    model, source, target = bert2gpt2(tmp_path)
    model.save_pretrained(tmp_path / "c")
    source.save_pretrained(tmp_path / "c")
    with pytest.raises(InvalidModelError, match="--target-tokenizer DIR"):
        convert(tmp_path / "c", tmp_path / "m", quantization="int8")
    target.save_pretrained(tmp_path / "t")
    plain = Path(__file__).parents[1] / "golden" / "bart"
    with pytest.raises(InvalidModelError, match="has one tokenizer"):
        convert(plain, tmp_path / "n", quantization="int8", target_tokenizer=tmp_path / "t")
