"""Tokens that users add (``add_tokens``, ``resize_token_embeddings``), against transformers."""

from __future__ import annotations

import json
import shutil
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from s2scli.inference.device import place
from s2scli.inference.frame import Job
from s2scli.inference.model import Model
from s2scli.models.convert.run import convert
from tests.conftest import GOLDEN
from tests.families import FAMILIES, best_tokens, numbers_of
from tests.oracle.needs import needs

pytestmark = needs("torch", "transformers")

PLAIN = ("ZZZ", "Ünïcode", "zwei Wörter", "LSTRIP", "RSTRIP", "WORD", "BOTH", "\n")
TEXTS = [
    "Hello ZZZ world",
    "HelloZZZworld, ZZZ.",
    " ZZZ a",
    "ZZZ",
    "ZZZZZZ ZZZ",
    "a  ZZZ  b",
    "The Ünïcode and zwei Wörter or Ünicode.",
    "one LSTRIP two  LSTRIP  three",
    "one RSTRIP two  RSTRIP  three",
    "LSTRIP RSTRIP LSTRIP",
    "a WORD here, WORD, no WORDs, aWORD.",
    "WORDWORD WORD WORDWORDWORD",
    "one\ntwo\n\nthree RSTRIP\n\n four \nLSTRIP",
    "BOTH  BOTH BOTHBOTH  BOTH",
    "\nRSTRIP \nBOTH WORD LSTRIP",
    "Nothing at all.",
    "",
]
# Special tokens of some families.
SIGNS = ("<extra_id_7>", "<mask>", "<mask_1>", "<unk_5>", "[MASK]", "__null__")
PROMPT = "<sep> ask: <hl> {text} <hl>now<sep>"


def add_tokens(tokenizer: Any) -> None:
    """Plain tokens of all kinds, and special ones."""
    from transformers import AddedToken

    kinds: dict[str, dict[str, bool]] = {
        "LSTRIP": {"lstrip": True},
        "RSTRIP": {"rstrip": True},
        "WORD": {"single_word": True},
    }
    kinds["\n"] = {"normalized": False}
    kinds["BOTH"] = {"lstrip": True, "rstrip": True, "single_word": True}
    tokenizer.add_tokens([AddedToken(name, **kinds.get(name, {})) for name in PLAIN])
    special = AddedToken("<sep>", lstrip=True, rstrip=True, normalized=False, special=True)
    tokenizer.add_tokens(["<hl>", special], special_tokens=True)


def golden_run(name: str) -> dict[str, Any]:
    run: dict[str, Any] = json.loads((GOLDEN / f"{name}.json").read_text("utf-8"))["runs"][0]
    return run


def enlarge(name: str, tokenizer: Any, target: Path) -> None:
    """Save a model with rows for all tokens; it writes ZZZ and <hl> where it wrote others."""
    import torch
    import transformers

    load = getattr(transformers, FAMILIES[name].model).from_pretrained
    model = load(GOLDEN / name, dtype=torch.float32)
    rows = max(len(tokenizer), model.get_input_embeddings().weight.shape[0])
    model.resize_token_embeddings(rows, mean_resizing=False)
    written = Counter(number for row in golden_run(name)["ids"]["1"] for number in row[:-1])
    frequent = [number for number, _ in written.most_common(2)]
    tables = {id(t.weight): t.weight for t in (model.get_input_embeddings(), model.lm_head)}
    with torch.no_grad():
        for table in tables.values():
            for token, like in zip(("ZZZ", "<hl>"), frequent, strict=True):
                table[tokenizer.convert_tokens_to_ids(token)] = table[like] * 1.05
    model.save_pretrained(target)


def without_decoder(checkpoint: Path) -> None:
    """As before transformers 4.34: no ``added_tokens_decoder``."""
    path = checkpoint / "tokenizer_config.json"
    settings = json.loads(path.read_text("utf-8"))
    settings.pop("added_tokens_decoder")
    path.write_text(json.dumps(settings))


def without_lists(checkpoint: Path) -> None:
    """As transformers 5 saves: no ``added_tokens.json``, no ``special_tokens_map.json``."""
    for name in ("added_tokens.json", "special_tokens_map.json"):
        (checkpoint / name).unlink(missing_ok=True)


FORMS: dict[str, Callable[[Path], None]] = {
    "all": lambda _: None,
    "lists": without_decoder,
    "decoder": without_lists,
}


@pytest.fixture(scope="module")
def enlarged(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """A checkpoint of ``tests/golden`` with added tokens, made once."""
    import transformers

    root = tmp_path_factory.mktemp("enlarged")

    def checkpoint(name: str) -> Path:
        family, target = FAMILIES[name], root / name
        if not target.exists():
            tokenizer = getattr(transformers, family.tokenizer).from_pretrained(GOLDEN / name)
            add_tokens(tokenizer)
            tokenizer.save_pretrained(target)
            enlarge(name, tokenizer, target)
        return target

    return checkpoint


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("name", FAMILIES)
def test_ids_and_texts(
    name: str, form: str, enlarged: Callable[[str], Path], tmp_path: Path
) -> None:
    from tests.oracle.reference import Reference

    family = FAMILIES[name]
    checkpoint = Path(shutil.copytree(enlarged(name), tmp_path / "c"))
    FORMS[form](checkpoint)
    convert(checkpoint, tmp_path / "m", quantization="float32")
    reference = Reference(checkpoint, family)
    direction = family.directions[0]
    ours = Model(tmp_path / "m", place("cpu", threads=1), job=direction.job)
    check_sources(ours, reference, direction, TEXTS)
    asked = replace(direction.job, prompt=direction.prompt + PROMPT, prompt_tokens=True)
    if not direction.job.target_language or direction.source:
        prompted = Model(tmp_path / "m", place("cpu", threads=1), job=asked)
        texts = [PROMPT.replace("{text}", text) for text in TEXTS]
        check_sources(prompted, reference, direction, TEXTS, texts)
    check_outputs(ours, reference, direction, name)


def check_sources(
    ours: Model, reference: Any, direction: Any, texts: list[str], whole: list[str] | None = None
) -> None:
    """Ours are the tokens of a text; the reference's are those of the whole source."""
    numbers = reference.tokenizer.convert_tokens_to_ids
    expected = reference.source_ids(whole or texts, direction)
    for text, tokens, ids in zip(texts, ours.encode(texts), expected, strict=True):
        assert numbers(ours.source(tokens)) == ids, text


def check_outputs(ours: Model, reference: Any, direction: Any, name: str) -> None:
    sources = golden_run(name)["sources"][:50]
    encoded = [ours.source(tokens) for tokens in ours.encode(sources)]
    decoding = ours.decoding({"beam_size": 1, "max_length": 59})
    # The last token of the longest outputs may be another: transformers can force an end there.
    mine = [h.tokens[:58] for h in best_tokens(ours, encoded, decoding)]
    theirs = [row[:58] for row in reference.generate(sources, direction, 1)]
    numbers = reference.tokenizer.convert_tokens_to_ids
    end = reference.tokenizer.eos_token_id
    rows = [row[:-1] if row[-1] == end else row for row in theirs]
    assert [numbers(tokens) for tokens in mine] == rows
    texts = ours.tokenizer.decode(mine)
    assert texts == [text.strip() for text in reference.texts(theirs)]
    assert any("ZZZ" in text for text in texts)
    assert any("<hl>" in tokens for tokens in mine)
    assert not any("<hl>" in text for text in texts)


@pytest.mark.parametrize("name", FAMILIES)
def test_plain_tokens_that_are_called_as_special_ones(name: str, tmp_path: Path) -> None:
    """What one family's tokenizer takes as special is a plain token where a user added it so."""
    import transformers

    load = getattr(transformers, FAMILIES[name].tokenizer).from_pretrained
    tokenizer = load(GOLDEN / name)
    tokenizer.add_tokens(["ZZZ", "<hl>"])
    unused = f"<unused_{len(tokenizer)}>"  # what we call a row without a token
    news = [token for token in (unused, *SIGNS) if token not in tokenizer.get_vocab()]
    tokenizer.add_tokens(news)
    tokenizer.save_pretrained(tmp_path / "c")
    enlarge(name, tokenizer, tmp_path / "c")
    convert(tmp_path / "c", tmp_path / "m", quantization="int8")
    direction = FAMILIES[name].directions[0]
    ours = Model(tmp_path / "m", place("cpu", threads=1), job=direction.job)
    reference = load(tmp_path / "c")
    if direction.source:
        reference.src_lang = direction.source
    plain = [token for token in news if token not in reference.all_special_tokens]
    assert unused in plain
    for token in plain:
        text = f"one {token} two {token}{token}, x{token}y"
        (tokens,) = ours.encode([text])
        ids = reference(direction.prompt + text)["input_ids"]
        assert reference.convert_tokens_to_ids(ours.source(tokens)) == ids
        assert ours.tokenizer.decode([[token]]) == [token]


@pytest.mark.parametrize("listed", [True, False])
def test_madlad_with_tokenizer_json_alone(listed: bool, tmp_path: Path) -> None:
    """Where its languages are no added tokens, a sign of a word's beginning stands before them."""
    import transformers

    checkpoint = Path(shutil.copytree(GOLDEN / "madlad", tmp_path / "c"))
    transformers.T5TokenizerFast.from_pretrained(checkpoint).save_pretrained(checkpoint)
    for path in (checkpoint / "spiece.model", checkpoint / "added_tokens.json"):
        path.unlink(missing_ok=True)
    settings = json.loads((checkpoint / "tokenizer_config.json").read_text("utf-8"))
    settings.pop("add_prefix_space")  # which the reference takes for a wish to convert again
    content = json.loads((checkpoint / "tokenizer.json").read_text("utf-8"))
    if not listed:
        rows = [row for row in content["added_tokens"] if not row["content"].startswith("<2")]
        content["added_tokens"] = rows
        (checkpoint / "tokenizer.json").write_text(json.dumps(content))
        decoder = settings["added_tokens_decoder"].items()
        kept = {n: token for n, token in decoder if not token["content"].startswith("<2")}
        settings["added_tokens_decoder"] = kept
    (checkpoint / "tokenizer_config.json").write_text(json.dumps(settings))
    reference = transformers.T5TokenizerFast.from_pretrained(checkpoint)
    convert(checkpoint, tmp_path / "m", quantization="int8")
    ours = Model(tmp_path / "m", place("cpu", threads=1), job=FAMILIES["madlad"].directions[0].job)
    assert ours.frame.prefix == (["<2de>"] if listed else ["▁", "<2de>"])
    for text in ["Hello there.", "", "Where is it? 1,5"]:
        (tokens,) = ours.encode([text])
        expected = reference.convert_ids_to_tokens(reference(f"<2de> {text}")["input_ids"])
        assert ours.source(tokens) == expected
    (tokens,) = ours.encode(["a <2en> b"])
    assert "<2en>" not in tokens
    assert len(ours.tokenizer.source_spans("a <2en> b")) == len(tokens)


def test_madlad_with_tokenizer_json_alone_and_added_tokens(
    enlarged: Callable[[str], Path], tmp_path: Path
) -> None:
    """A text that begins with an added token has the sign of a word's beginning before it."""
    import transformers

    checkpoint = Path(shutil.copytree(enlarged("madlad"), tmp_path / "c"))
    fast = transformers.T5TokenizerFast.from_pretrained(checkpoint)
    fast.save_pretrained(checkpoint)
    (checkpoint / "spiece.model").unlink()
    convert(checkpoint, tmp_path / "m", quantization="int8")
    ours = Model(tmp_path / "m", place("cpu", threads=1), job=FAMILIES["madlad"].directions[0].job)
    for text in TEXTS:
        (tokens,) = ours.encode([text])
        assert ours.source(tokens) == fast.convert_ids_to_tokens(fast(f"<2de> {text}")["input_ids"])
        spans = ours.tokenizer.source_spans(text)
        assert len(spans) == len(tokens)
        assert all(0 <= start <= end <= len(text) for start, end in spans)


@pytest.mark.parametrize("special", [True, False])
@pytest.mark.parametrize("legacy", [True, False])
def test_a_language_that_is_added_to_madlad(special: bool, legacy: bool, tmp_path: Path) -> None:
    import torch
    import transformers

    golden = GOLDEN / "madlad"
    tokenizer = transformers.T5Tokenizer.from_pretrained(golden, legacy=legacy)
    token = transformers.AddedToken("<2tyv>", special=special, normalized=not special)
    tokenizer.add_tokens([token], special_tokens=special)
    load: Any = transformers.T5ForConditionalGeneration.from_pretrained
    model = load(golden, dtype=torch.float32)
    rows = max(len(tokenizer), model.config.vocab_size)
    model.resize_token_embeddings(rows, mean_resizing=False)
    for saved in (tokenizer, model):
        saved.save_pretrained(tmp_path / "c")
    convert(tmp_path / "c", tmp_path / "m", quantization="float32")
    numbers = numbers_of(tmp_path / "m")
    texts = ["Hello there.", " a b", "x"]
    for code in ("tyv", "de"):
        ours = Model(tmp_path / "m", place("cpu"), job=Job(target_language=code))
        found = [numbers(ours.source(tokens)) for tokens in ours.encode(texts)]
        wanted = [tokenizer(f"<2{code}> {text}").input_ids for text in texts]
        assert found == wanted
