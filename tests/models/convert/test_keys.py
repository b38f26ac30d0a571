"""Every key of a checkpoint's settings files is obeyed, harmless, shown or refused."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from s2scli.errors import InvalidModelError
from s2scli.models.convert import FAMILIES as CONVERTED
from s2scli.models.convert.checkpoint import Checkpoint
from s2scli.models.convert.defaults import TokenRoles, decoding_defaults
from s2scli.models.convert.familykeys import known_keys
from s2scli.models.convert.generation import generation_settings
from s2scli.models.convert.keycheck import check_keys
from s2scli.models.convert.keys import CONFIG, GENERATION, REFUSED, SHOWN, TOKENIZER
from s2scli.models.convert.run import convert
from s2scli.models.manifest import Manifest
from tests.conftest import GOLDEN, Run
from tests.families import FAMILIES, target_tokenizer
from tests.variants import ABSENT, variant

FILES = {CONFIG: "config", GENERATION: "generation", TOKENIZER: "tokenizer"}
ODD = "xyzzy"  # a value that no key has
HUGE = 10**20


def family_of(name: str) -> str:
    found: str = Checkpoint(GOLDEN / name).config["model_type"]
    return found


def of_fate(name: str, fate: str) -> list[tuple[str, str]]:
    known = known_keys(family_of(name))
    return [(file, key) for file in FILES for key, row in known[file].items() if row.fate == fate]


@pytest.mark.parametrize("name", FAMILIES)
def test_usual_checkpoints_ask_for_nothing_unusual(name: str) -> None:
    assert check_keys(Checkpoint(GOLDEN / name)) == {}


@pytest.mark.parametrize("name", FAMILIES)
def test_keys_without_effect_are_shown(name: str, tmp_path: Path) -> None:
    keys = of_fate(name, SHOWN)
    assert keys
    changes: dict[str, Any] = {FILES[file]: {} for file in FILES}
    for file, key in [*keys, *((file, f"unheard_of_{FILES[file]}") for file in FILES)]:
        changes[FILES[file]][key] = ODD
    checkpoint = variant(name, tmp_path / "c", **changes)
    convert(checkpoint, tmp_path / "m", quantization="int8")
    shown = Manifest.load(tmp_path / "m").unsupported
    assert {key for row in changes.values() for key in row} == shown.keys()
    assert set(shown.values()) == {ODD}


@pytest.mark.parametrize("name", FAMILIES)
def test_keys_that_cannot_be_left_out_end_the_conversion(name: str, tmp_path: Path) -> None:
    keys = of_fate(name, REFUSED)
    assert keys
    for number, (file, key) in enumerate(keys):
        changes: dict[str, Any] = {FILES[file]: {key: ODD}}
        checkpoint = variant(name, tmp_path / f"c{number}", **changes)
        with pytest.raises(InvalidModelError, match=rf"\b{key}\b|has quantized"):
            convert(checkpoint, tmp_path / "m", quantization="int8")
        assert not (tmp_path / "m").exists()


@pytest.mark.parametrize("family", CONVERTED)
def test_neutral_values_are_ones_that_a_file_can_hold(family: str) -> None:
    for keys in known_keys(family).values():
        for row in keys.values():
            assert json.loads(json.dumps(row.neutral)) == list(row.neutral)
            assert not any(row.asks(value, {}) for value in row.neutral)
            ends = row.fate == REFUSED and row.neutral and all(row.neutral)
            assert row.asks(None, {}) == bool(ends)


def test_sampling_counts_only_if_it_is_asked_for(tmp_path: Path) -> None:
    keys = {"temperature": 0.3, "top_p": 0.9}
    quiet = variant("t5", tmp_path / "quiet", generation=keys)
    assert check_keys(Checkpoint(quiet)) == {}
    loud = variant("t5", tmp_path / "loud", generation={**keys, "do_sample": True})
    assert check_keys(Checkpoint(loud)) == {**keys, "do_sample": True}


def test_the_user_sees_what_is_without_effect(s2s: Run, tmp_path: Path) -> None:
    checkpoint = variant("bart", tmp_path / "c", config={"sparkle": list(range(200))})
    done = s2s("convert", checkpoint, "-o", tmp_path / "m")
    advice = f"without effect: sparkle (s2s models show {tmp_path / 'm'})"
    assert advice in done.stderr.decode()
    shown = s2s("models", "show", tmp_path / "m")
    assert "without effect" in shown.stdout.decode()
    assert "sparkle: [0, 1, 2" in shown.stdout.decode()
    assert ", 199" not in shown.stdout.decode()


WRONG: list[tuple[str, Any]] = [
    ("num_beams", HUGE),
    ("num_beams", 0),
    ("num_beams", -1),
    ("num_beams", 2.5),
    ("num_beams", True),
    ("no_repeat_ngram_size", HUGE),
    ("no_repeat_ngram_size", 0.5),
    ("length_penalty", float("nan")),
    ("length_penalty", float("inf")),
    ("length_penalty", 1e9),
    ("repetition_penalty", 0),
    ("repetition_penalty", -1.5),
    ("max_length", 0),
    ("max_length", -5),
    ("max_length", float("nan")),
    ("max_new_tokens", 0),
    ("min_length", "long"),
    ("eos_token_id", -1),
    ("eos_token_id", [HUGE]),
    ("eos_token_id", [True]),
    ("bad_words_ids", [[]]),
    ("bad_words_ids", [3]),
    ("bad_words_ids", [[3, HUGE]]),
    ("bad_words_ids", [["word"]]),
    ("suppress_tokens", [HUGE]),
    ("begin_suppress_tokens", [-1]),
    ("forced_bos_token_id", HUGE),
    ("forced_bos_token_id", [1]),
    ("forced_eos_token_id", -2),
    ("decoder_start_token_id", HUGE),
    ("decoder_start_token_id", "start"),
]


@pytest.mark.parametrize("name", FAMILIES)
def test_impossible_values_are_named(name: str, tmp_path: Path) -> None:
    for number, (key, value) in enumerate(WRONG):
        checkpoint = variant(name, tmp_path / f"c{number}", generation={key: value})
        with pytest.raises(InvalidModelError, match=key):
            convert(checkpoint, tmp_path / "m", quantization="int8")


@pytest.mark.parametrize("kind", ["xyzzy", None])
def test_a_kind_of_attention_that_there_is_not(kind: str | None, tmp_path: Path) -> None:
    checkpoint = variant("bigbird-pegasus", tmp_path / "c", config={"attention_type": kind})
    with pytest.raises(InvalidModelError, match="gives attention_type as"):
        convert(checkpoint, tmp_path / "m", quantization="int8")


@pytest.mark.parametrize(("most", "room", "found"), [(20, 64, 20), (20, 20, 19), (21, 64, 20)])
def test_their_usual_maximum_alone_counts_no_start(
    most: int, room: int, found: int, tmp_path: Path
) -> None:
    place = variant(
        "bart",
        tmp_path / "c",
        config={"max_position_embeddings": room},
        generation={"max_length": most},
    )
    roles = TokenRoles([f"t{number}" for number in range(9)], "t2", end="t2")
    assert decoding_defaults(Checkpoint(place), roles).decoding["max_length"] == found


def test_an_end_is_not_forced_and_forbidden(tmp_path: Path) -> None:
    checkpoint = variant("bart", tmp_path / "c", generation={"suppress_tokens": [2]})
    with pytest.raises(InvalidModelError, match=r"as 2\. suppress_tokens forbids"):
        convert(checkpoint, tmp_path / "m", quantization="int8")
    keys = {"suppress_tokens": [2], "forced_eos_token_id": None}
    checkpoint = variant("bart", tmp_path / "d", generation=keys)
    found = convert(checkpoint, tmp_path / "m", quantization="int8").manifest.decoding
    assert found["suppress"] == [["</s>"]]


def test_extreme_values_that_mean_something(tmp_path: Path) -> None:
    keys = {"max_length": HUGE, "min_length": -3, "no_repeat_ngram_size": -1}
    checkpoint = variant("bart", tmp_path / "c", generation=keys)
    found = convert(checkpoint, tmp_path / "m", quantization="int8").manifest.decoding
    assert found["max_length"] == 1_000_000
    assert found["min_length"] == 1
    assert found["no_repeat_ngram_size"] == 0


SIZES = [
    ("t5", {"layer_norm_epsilon": 0}, "layer_norm_epsilon"),
    ("t5", {"layer_norm_epsilon": "small"}, "layer_norm_epsilon"),
    ("t5", {"dense_act_fn": "prelu"}, "prelu"),
    ("t5", {"feed_forward_proj": "gated-gated-gelu"}, "gated-gated-gelu"),
    ("t5", {"is_gated_act": "yes"}, "is_gated_act"),
    ("t5", {"is_gated_act": True}, r"wi_0\.weight"),
    ("t5", {"relative_attention_max_distance": "far"}, "relative_attention_max_distance"),
    # Half of the steps are one token wide, and end before the last.
    *(
        (name, {"relative_attention_max_distance": distance}, "relative_attention_max_distance")
        for name in ("t5", "mt5", "umt5", "longt5")
        for distance in (1, 2, 4)
    ),
    ("t5", {"n_positions": 3}, "n_positions as 3: .* no room for texts"),
    ("t5", {"hidden_size": 47}, "hidden_size"),
    *(
        ("pegasus-x", {"max_position_embeddings": n}, "max_position_embeddings as .* no room")
        for n in (1, 2, 3)
    ),
    ("t5v1_1", {"scale_decoder_outputs": 1}, "scale_decoder_outputs"),
    ("bart", {"hidden_size": 1024}, "hidden_size"),
    ("bart", {"num_attention_heads": 3}, "num_attention_heads"),
    ("bart", {"scale_embedding": 2}, "scale_embedding"),
    ("bart", {"activation_function": ["gelu"]}, "activation"),
    ("t5", {"prefix": 3}, "prefix as 3"),
    ("t5", {"task_specific_params": 7}, "task_specific_params as 7"),
    ("t5", {"task_specific_params": {"summarization": 7}}, "summarization in task_specific_params"),
    ("t5", {"task_specific_params": {"summarization": {"num_beams": HUGE}}}, "num_beams"),
    ("m2m100", {"pad_token_id": "x"}, "pad_token_id"),
    ("marian-tiny", {"share_encoder_decoder_embeddings": "yes"}, "share_encoder_decoder"),
]


@pytest.mark.parametrize(("name", "keys", "named"), SIZES)
def test_impossible_settings_are_named(
    name: str, keys: dict[str, Any], named: str, tmp_path: Path
) -> None:
    checkpoint = variant(name, tmp_path / "c", config=keys)
    with pytest.raises(InvalidModelError, match=named):
        convert(checkpoint, tmp_path / "m", quantization="int8")


def test_a_list_of_languages_that_nobody_knows(tmp_path: Path) -> None:
    checkpoint = variant("m2m100", tmp_path / "c", tokenizer={"language_codes": "klingon"})
    with pytest.raises(InvalidModelError, match="klingon"):
        convert(checkpoint, tmp_path / "m", quantization="int8")


def test_the_list_of_wmt21(tmp_path: Path) -> None:
    checkpoint = variant("m2m100", tmp_path / "c", tokenizer={"language_codes": "wmt21"})
    manifest = convert(checkpoint, tmp_path / "m", quantization="int8").manifest
    assert manifest.target_languages == ("en", "ha", "is", "ja", "cs", "ru", "zh", "de")


def test_older_settings_that_stand_in_config_json(tmp_path: Path) -> None:
    """Where ``generation_config.json`` says that it was made from them, or is not there."""
    keys = {"num_beams": 7, "force_bos_token_to_be_generated": True}
    for number, made_from_them in enumerate((True, ABSENT)):
        generation = {"_from_model_config": made_from_them}
        checkpoint = variant("bart", tmp_path / f"c{number}", config=keys, generation=generation)
        manifest = convert(checkpoint, tmp_path / f"m{number}", quantization="int8").manifest
        assert manifest.decoding["beam_size"] == (7 if number == 0 else 4)
    (checkpoint / GENERATION).unlink()
    manifest = convert(checkpoint, tmp_path / "m", quantization="int8").manifest
    assert manifest.decoding == {"beam_size": 7, "forced_end": True}
    assert manifest.tokenizer.target_prefix == ("<s>",)


def test_settings_of_a_task_that_stay_without_effect_are_shown(tmp_path: Path) -> None:
    params = {"num_beams": 2, "do_sample": True, "forced_bos_token_id": 5, "glitter": 1}
    keys = {"task_specific_params": {"summarization": {**params, "prefix": "s: "}}}
    checkpoint = variant("t5", tmp_path / "c", config=keys)
    manifest = convert(checkpoint, tmp_path / "m", quantization="int8").manifest
    shown = {"do_sample": True, "forced_bos_token_id": 5, "glitter": 1}
    assert manifest.unsupported == {f"summarization.{key}": v for key, v in shown.items()}
    assert manifest.job_decoding == {"summarize": {"beam_size": 2}}


@pytest.mark.parametrize("name", ["bart", "marian-tiny"])
@pytest.mark.parametrize("value", [True, False, "never", 1, "always"])
def test_when_a_search_ends_is_recorded(name: str, value: object, tmp_path: Path) -> None:
    checkpoint = variant(name, tmp_path / "c", generation={"early_stopping": value})
    if value in (1, "always") and value is not True:
        with pytest.raises(InvalidModelError, match="early_stopping as "):
            convert(checkpoint, tmp_path / "m", quantization="int8")
    else:
        convert(checkpoint, tmp_path / "m", quantization="int8")
        assert Manifest.load(tmp_path / "m").search.early_stopping == value


def test_a_start_without_a_position_is_refused(tmp_path: Path) -> None:
    checkpoint = variant("m2m100", tmp_path / "c", generation={"decoder_start_token_id": 1})
    with pytest.raises(InvalidModelError, match="decoder_start_token_id as <pad>"):
        convert(checkpoint, tmp_path / "m", quantization="int8")


@pytest.mark.parametrize(
    ("name", "side", "key", "value", "said"),
    [
        ("bart", "", "encoder_attention_heads", 5, "divides 48 numbers among 5 heads"),
        ("marian-tiny", "", "decoder_attention_heads", 7, "among 7 heads"),
        ("bert2bert", "encoder", "num_attention_heads", 5, "encoder in config.json divides"),
        ("bert2bert", "encoder", "layer_norm_eps", 0.1, "the engine has one for both"),
        ("bert2bert", "encoder", "layer_norm_eps", -1.0, "gives layer_norm_eps as -1.0"),
        ("bart", "", "model_type", None, "does not name the family"),
        ("nllb", "", "pad_token_id", 2, "pad_token_id as 2, which is </s>"),
        ("m2m100", "", "pad_token_id", 9, "a token of texts"),
        ("m2m100", "", "pad_token_id", 3, "<unk>, a token of texts"),
        ("fsmt", "", "pad_token_id", 9, "a token of texts"),
        ("fsmt", "", "pad_token_id", 2, "</s>, a token of texts"),
        ("roberta-shared", "encoder", "pad_token_id", 9, "encoder in config.json gives pad_token"),
        ("roberta-shared", "encoder", "pad_token_id", 2, "</s>, a token of texts"),
        ("roberta-shared", "decoder", "pad_token_id", 9, "a token of texts"),
        ("roberta-shared", "decoder", "pad_token_id", 0, "<s>, a token of texts"),
        ("roberta-shared", "decoder", "hidden_act", "relu", "hidden_act as 'relu'"),
        # To transformers, null is no size, word or number.
        ("bart", "", "d_model", None, "d_model as None"),
        ("bart", "", "activation_function", None, "activation 'None'"),
        ("bart", "", "is_encoder_decoder", None, "is_encoder_decoder to None"),
        ("t5", "", "layer_norm_epsilon", None, "layer_norm_epsilon as None"),
        ("t5", "", "relative_attention_num_buckets", None, "num_buckets as None"),
        ("m2m100", "", "pad_token_id", None, "pad_token_id as None"),
        ("bert2bert", "encoder", "hidden_size", None, "hidden_size as None"),
        ("bert2bert", "encoder", "hidden_act", None, "activation 'None'"),
        ("bert2bert", "encoder", "layer_norm_eps", None, "layer_norm_eps as None"),
        ("bert2bert", "decoder", "position_embedding_type", None, "embedding_type to None"),
        ("roberta-shared", "encoder", "pad_token_id", None, "pad_token_id as None"),
        # As an answer, it is no.
        ("bart", "", "tie_word_embeddings", None, r"no tensor lm_head\.weight"),
        ("bert2bert", "decoder", "tie_word_embeddings", None, r"no tensor decoder\.cls"),
        ("bert2bert", "decoder", "is_decoder", None, "is_decoder to None"),
        ("bert2gpt2", "decoder", "scale_attn_weights", None, "scale_attn_weights to None"),
    ],
)
def test_sizes_that_cannot_be(
    name: str, side: str, key: str, value: object, said: str, tmp_path: Path
) -> None:
    content = json.loads((GOLDEN / name / CONFIG).read_text("utf-8"))
    changed = {side: {**content[side], key: value}} if side else {key: value}
    checkpoint = shutil.copytree(GOLDEN / name, tmp_path / "c")
    (checkpoint / CONFIG).write_text(json.dumps({**content, **changed}))
    target = target_tokenizer(checkpoint)
    with pytest.raises(InvalidModelError, match=said):
        convert(checkpoint, tmp_path / "m", quantization="int8", target_tokenizer=target)


def test_null_is_an_answer_of_no(tmp_path: Path) -> None:
    """And of inner units that GPT-2 does not name, it is four times its width."""
    answers: list[dict[str, Any]] = [{"scale_embedding": None}, {"scale_embedding": False}, {}]
    scaled = [
        convert(
            variant("mbart25", tmp_path / f"c{n}", config=keys),
            tmp_path / f"m{n}",
            quantization="float32",
        )
        for n, keys in enumerate(answers)
    ]
    files = [report.manifest.files["model.bin"].sha256 for report in scaled]
    assert files[0] == files[1] != files[2]
    content = json.loads((GOLDEN / "bert2gpt2" / CONFIG).read_text("utf-8"))
    assert content["decoder"]["n_inner"] is None


def test_words_without_capitals_or_chinese_by_null(tmp_path: Path) -> None:
    nulls = dict.fromkeys(("do_lower_case", "tokenize_chinese_chars", "strip_accents"))
    checkpoint = variant("bert2bert", tmp_path / "c", tokenizer=nulls)
    convert(checkpoint, tmp_path / "m", quantization="int8")
    found = json.loads((tmp_path / "m" / "tokenizer.json").read_text("utf-8"))["normalizer"]
    first, *_, last = found["normalizers"]
    assert (last["lowercase"], first["handle_chinese_chars"]) == (False, False)
    assert last["strip_accents"] is None


def test_a_decoder_that_is_no_part_of_its_own() -> None:
    """FSMT names the tokens of its target there, with whatever its class says besides."""
    checkpoint = Checkpoint(GOLDEN / "fsmt")
    checkpoint.config["decoder"] |= {"is_decoder": False, "add_cross_attention": False}
    assert check_keys(checkpoint) == {}


def test_a_start_that_never_repeats(tmp_path: Path) -> None:
    """Decoding starts from a token, which in transformers is part of what must not repeat."""
    keys = {"no_repeat_ngram_size": 1}
    checkpoint = variant("bert2bert", tmp_path / "c", generation=keys)
    found = convert(checkpoint, tmp_path / "m", quantization="int8").manifest.decoding
    assert found["suppress"] == [["[CLS]"]]
    checkpoint = variant("bart", tmp_path / "c2", generation=keys)
    with pytest.raises(InvalidModelError, match="no_repeat_ngram_size as 1"):
        convert(checkpoint, tmp_path / "m2", quantization="int8")


def test_a_penalty_of_the_start_is_shown_where_it_has_no_effect(tmp_path: Path) -> None:
    penalty = {"repetition_penalty": 1.5}
    for name, shown in {
        "bart": {"repetition_penalty of </s>": 1.5},
        "t5": {},  # which starts with what it never writes
        "led": {},  # by our own search, which counts it
    }.items():
        checkpoint = variant(name, tmp_path / name, generation=penalty)
        convert(checkpoint, tmp_path / "m" / name, quantization="int8")
        manifest = Manifest.load(tmp_path / "m" / name)
        assert manifest.unsupported == shown
        assert manifest.decoding["repetition_penalty"] == 1.5


@pytest.mark.parametrize(("penalty", "shown"), [(0.5, ["repetition_penalty of <pad>"]), (1.5, [])])
def test_a_penalty_that_wants_the_start_again_is_shown(
    penalty: float, shown: list[str], tmp_path: Path
) -> None:
    """Below 1, what was written comes rather, and so would a start that is no word."""
    checkpoint = variant("t5", tmp_path / "c", generation={"repetition_penalty": penalty})
    convert(checkpoint, tmp_path / "m", quantization="int8")
    assert list(Manifest.load(tmp_path / "m").unsupported) == shown


ENDED = ["bart", "led", "longt5", "m2m100", "mbart25", "mbart50", "nllb", "roberta-shared"]


@pytest.mark.parametrize("name", ENDED)
def test_an_end_that_comes_first_is_refused(name: str, tmp_path: Path) -> None:
    end = Checkpoint(GOLDEN / name).generation["eos_token_id"]
    checkpoint = variant(name, tmp_path / "c", generation={"forced_bos_token_id": end})
    with pytest.raises(InvalidModelError, match="forced_bos_token_id"):
        convert(checkpoint, tmp_path / "m", quantization="int8")


@pytest.mark.parametrize(
    "named",
    [
        {"cls_token": "."},
        {"additional_special_tokens": ["."]},
        {"pad_token": "n"},
        {"mask_token": "▁the"},
        {"added_tokens_decoder": {"7": {"content": ".", "special": True}}},
    ],
)
@pytest.mark.parametrize("name", ["longt5", "mbart25", "t5"])
def test_a_word_is_no_special_token(name: str, named: dict[str, Any], tmp_path: Path) -> None:
    """transformers would part texts at each, which are only text here."""
    checkpoint = variant(name, tmp_path / "c", tokenizer=named)
    with pytest.raises(InvalidModelError, match="as a special token, but texts hold it"):
        convert(checkpoint, tmp_path / "m", quantization="int8")


@pytest.mark.parametrize("role", ["bos_token", "cls_token", "sep_token", "pad_token", "unk_token"])
@pytest.mark.parametrize("word", ["e", "Ġthe"])
def test_a_word_is_no_special_token_of_targets(role: str, word: str, tmp_path: Path) -> None:
    checkpoint = variant("bert2gpt2", tmp_path / "c")
    target = checkpoint / "target-tokenizer"
    settings = target / TOKENIZER
    settings.write_text(json.dumps({**json.loads(settings.read_text("utf-8")), role: word}))
    with pytest.raises(InvalidModelError, match="as a special token, but texts hold it"):
        convert(checkpoint, tmp_path / "m", quantization="int8", target_tokenizer=target)


@pytest.mark.parametrize("role", ["cls_token", "sep_token"])
@pytest.mark.parametrize("value", ["", 5, {"content": ""}])
def test_a_special_token_has_a_name(role: str, value: object, tmp_path: Path) -> None:
    checkpoint = variant("bert2bert", tmp_path / "c", tokenizer={role: value})
    with pytest.raises(InvalidModelError, match=f"give {role} as "):
        convert(checkpoint, tmp_path / "m", quantization="int8")


@pytest.mark.parametrize("value", [ABSENT, None, []])
def test_outputs_that_would_never_end_are_shown(value: object, tmp_path: Path) -> None:
    checkpoint = variant("t5", tmp_path / "c", generation={"eos_token_id": value})
    convert(checkpoint, tmp_path / "m", quantization="int8")
    assert Manifest.load(tmp_path / "m").unsupported == {"eos_token_id": None}


@pytest.mark.parametrize("name", ["bert2bert", "roberta-shared", "vit-gpt2", "trocr", "donut"])
def test_an_end_of_two_parts_is_no_word(name: str, tmp_path: Path) -> None:
    """transformers would write it; beside an end that is none, words may end outputs too."""
    end = Checkpoint(GOLDEN / name).generation["eos_token_id"]
    word = variant(name, tmp_path / "c", generation={"eos_token_id": 12})
    with pytest.raises(InvalidModelError, match=r"eos_token_id as 12, which is .* of texts"):
        convert(word, tmp_path / "m", quantization="int8")
    both = variant(name, tmp_path / "both", generation={"eos_token_id": [12, end]})
    manifest = convert(both, tmp_path / "m", quantization="int8").manifest
    assert manifest.decoding["ends"][1] == manifest.tokenizer.end


@pytest.mark.parametrize("name", ["bert2bert", "trocr"])
def test_a_word_that_two_parts_start_from_stays_a_word(name: str, tmp_path: Path) -> None:
    checkpoint = variant(name, tmp_path / "c", generation={"decoder_start_token_id": 12})
    manifest = convert(checkpoint, tmp_path / "m", quantization="int8").manifest
    start = manifest.unsupported["decoder_start_token_id"]
    assert start not in manifest.tokenizer.control_tokens


def test_a_word_that_targets_start_from_is_shown(tmp_path: Path) -> None:
    """It is in no output, which in transformers begins with it."""
    checkpoint = variant("t5", tmp_path / "c", generation={"decoder_start_token_id": 10})
    convert(checkpoint, tmp_path / "m", quantization="int8")
    assert list(Manifest.load(tmp_path / "m").unsupported) == ["decoder_start_token_id"]


@pytest.mark.parametrize("offset", [0, 1, 2, 50])
def test_an_offset_without_room_is_refused(offset: int, tmp_path: Path) -> None:
    checkpoint = variant("pegasus-x", tmp_path / "c", tokenizer={"offset": offset})
    with pytest.raises(InvalidModelError, match="offset"):
        convert(checkpoint, tmp_path / "m", quantization="int8")


def test_a_decoders_settings_count_after_those_of_the_whole() -> None:
    decoder = {"model_type": "bert", "max_length": 6}
    config = {"model_type": "encoder-decoder", "decoder": decoder}
    file = {"_from_model_config": True, "max_length": 40}
    assert generation_settings(config, file)["max_length"] == 40
    assert generation_settings({**config, "num_beams": 2}, file)["max_length"] == 6
    assert generation_settings(config, None)["max_length"] == 6


@pytest.mark.parametrize(
    ("name", "side", "key", "value"),
    [
        ("bert2gpt2", "decoder", "num_attention_heads", 1),
        ("bert2gpt2", "decoder", "num_hidden_layers", 1),
        ("trocr", "decoder", "num_attention_heads", 1),
        ("t5", "", "num_attention_heads", 1),
        ("bart", "", "num_attention_heads", 1),
    ],
)
def test_other_names_of_keys(name: str, side: str, key: str, value: int, tmp_path: Path) -> None:
    """They must say the same, where transformers would take them."""
    own = json.loads((GOLDEN / name / "config.json").read_text())
    changed = {side: {**own[side], key: value}} if side else {key: value}
    checkpoint = variant(name, tmp_path / "c", config=changed)
    with pytest.raises(InvalidModelError, match=f"sets {key} to 1, which cannot be obeyed"):
        convert(checkpoint, tmp_path / "m", quantization="int8")
