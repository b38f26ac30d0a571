"""OpenNMT-py's recurrent models against OpenNMT-py itself (``scripts/make_opennmt.py``)."""

from __future__ import annotations

import functools
import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from s2scli.errors import InvalidModelError
from s2scli.inference.device import place
from s2scli.inference.frame import Job
from s2scli.inference.model import Model
from s2scli.models.convert.run import convert
from tests.conftest import GOLDEN, Run
from tests.models.convert.opennmtpickle import rewritten, stand_in

SOURCE = GOLDEN / "opennmt"
SAID: dict[str, Any] = json.loads((SOURCE / "said.json").read_text("utf-8"))["models"]
TRAINED = [name for name, said in SAID.items() if any(key.startswith("beam") for key in said)]
COPYING, PLAIN = SOURCE / "copy.pt", SOURCE / "gru-general-plain.pt"

Change = Callable[[dict[str, Any]], Any]


def converted(path: Path, directory: Path, quantization: str = "float32") -> Model:
    convert(path, directory, quantization=quantization)
    return Model(directory, place("cpu", threads=1), job=Job("translate"))


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Model]:
    @functools.cache
    def made(name: str) -> Model:
        return converted(SOURCE / f"{name}.pt", tmp_path_factory.mktemp("models") / name)

    return made


def decoded(model: Model, sources: list[str], **options: Any) -> list[list[tuple[str, float, int]]]:
    """For each source its hypotheses: text, sum of log-probabilities, number of tokens."""
    tokens = [model.source(row) for row in model.encode(sources)]
    decoding = model.decoding({"max_length": 40, **options})
    found = model.submit(tokens, decoding).result()
    return [[(h.text, h.score * h.tokens, h.tokens) for h in several] for several in found]


@pytest.mark.parametrize("name", SAID)
def test_forced_scores_are_those_of_opennmt(models: Callable[[str], Model], name: str) -> None:
    model, said = models(name), SAID[name]
    sources = [model.source(row) for row in model.encode(said["sources"][: len(said["forced"])])]
    scores = model.score(sources, model.encode_targets(said["targets"]))
    assert [sum(row) for row in scores] == pytest.approx(said["forced"], abs=2e-4)


@pytest.mark.parametrize(
    ("beam", "penalty", "best"),
    [(1, 1.0, 1), (4, 0.6, 1), (4, 1.0, 1), (4, 2.0, 1), (4, 1.0, 4)],
)
@pytest.mark.parametrize("name", TRAINED)
def test_outputs_are_those_of_opennmt(
    models: Callable[[str], Model], name: str, beam: int, penalty: float, best: int
) -> None:
    said = SAID[name]
    wanted = said[f"beam {beam}, penalty {penalty}, best {best}"]
    options = {"beam_size": beam, "n_best": best, "length_penalty": penalty}
    found = decoded(models(name), said["sources"][: len(wanted)], **options)
    for mine, theirs in zip(found, wanted, strict=True):
        assert [text for text, _, _ in mine] == [text.removesuffix(" </s>") for text, _ in theirs]
        # Its lengths count the start.
        scores = [total / (count + 1) ** penalty for _, total, count in mine]
        assert scores == pytest.approx([score for _, score in theirs], abs=1e-4)


def test_names_outside_of_the_vocabulary_are_copied(models: Callable[[str], Model]) -> None:
    model, said = models("copy"), SAID["copy"]
    vocabulary = set(model.engine._stepper.tokens)  # type: ignore[attr-defined]
    right = names = 0
    for source, [(text, *_), *_] in zip(
        said["sources"], decoded(model, said["sources"]), strict=True
    ):
        strange = {word for word in source.split() if word.istitle()} - vocabulary
        names += len(strange)
        right += sum(word in text.split() for word in strange)
    assert names > 100
    assert right > 40  # the model is small: as a rule it copies names after an adjective


def test_what_comes_out_does_not_depend_on_the_batch(models: Callable[[str], Model]) -> None:
    model, sources = models("copy"), SAID["copy"]["sources"][:30]
    together = decoded(model, sources, beam_size=4)
    alone = [decoded(model, [source], beam_size=4)[0] for source in sources]
    assert [[h[0] for h in row] for row in together] == [[h[0] for h in row] for row in alone]


@pytest.mark.parametrize("name", SAID)
def test_integers_are_multiplied_row_by_row(name: str, tmp_path: Path) -> None:
    """A batch is what each source is alone, bit for bit; its probabilities too."""
    convert(SOURCE / f"{name}.pt", tmp_path / "m", quantization="int8")
    model = Model(tmp_path / "m", place("cpu", threads=1), "int8")
    assert model.engine.compute_type == "int8"
    texts = [*SAID[name]["sources"][:12], *SAID[name]["sources"][:3], "Tom", "Tom Tom ."]
    sources = [model.source(row) for row in model.encode(texts)]
    decoding = model.decoding({"beam_size": 3, "n_best": 2, "max_length": 40})
    together = model.engine.submit(sources, decoding).result()
    for source, expected in zip(sources, together, strict=True):
        assert model.engine.submit([source], decoding).result() == [expected]
    targets = [several[0].tokens for several in together]
    scores = model.engine.score(sources, targets)
    for source, target, row in zip(sources, targets, scores, strict=True):
        assert model.engine.score([source], [target]) == [row]


def test_links_say_where_words_come_from(models: Callable[[str], Model]) -> None:
    model, text = models("copy"), "the young Kunigunde calls the young Berta today ."
    tokens = [model.source(row) for row in model.encode([text])]
    decoding = model.decoding({"beam_size": 1, "alignment": True})
    [[hypothesis]] = model.submit(tokens, decoding).result()
    pairs = {(text[a:b], hypothesis.text[c:d]) for a, b, c, d in model.links(text, hypothesis)}
    assert ("Kunigunde", "Kunigunde") in pairs


@pytest.mark.parametrize("quantization", ["int8", "float16"])
def test_other_types(tmp_path: Path, quantization: str) -> None:
    model = converted(COPYING, tmp_path / "m", quantization)
    said = SAID["copy"]
    found = decoded(model, said["sources"], beam_size=1)
    theirs = said["beam 1, penalty 1.0, best 1"]
    same = [row[0][0] + " </s>" == best[0] for row, [best] in zip(found, theirs, strict=True)]
    assert sum(same) > 0.9 * len(same)


def test_the_command_line(s2s: Run, tmp_path: Path) -> None:
    out = tmp_path / "m"
    done = s2s("convert", COPYING, "-o", out)
    assert done.returncode == 0, done.stderr
    source = "the young Kunigunde calls the young Berta today ."
    done = s2s("translate", "--model", out, "--beam", 1, stdin=f"{source}\n\n".encode())
    assert done.returncode == 0, done.stderr
    lines = done.stdout.decode().split("\n")
    assert "Kunigunde" in lines[0]
    assert lines[1:] == ["", ""]
    shown = s2s("models", "show", out).stdout
    assert b"numpy" in shown.lower()
    assert b"opennmt-py" in shown


def as_version_2(content: dict[str, Any]) -> None:
    """Vocabularies as torchtext's objects, options by their older names."""
    for side in ("src", "tgt"):
        vocab = stand_in("torchtext.vocab.Vocab")()
        tokens = content["vocab"][side]
        vocab.__dict__.update(itos=tokens, stoi={t: n for n, t in enumerate(tokens)}, freqs={})
        inner = stand_in("torchtext.data.field.Field")()
        inner.__dict__.update(
            vocab=vocab, init_token="<s>", tokenize=stand_in("functools.partial")()
        )
        outer = stand_in("onmt.inputters.text_dataset.TextMultiField")()
        outer.__dict__.update(fields=[(side, inner)])
        content["vocab"][side] = outer
    content["vocab"]["indices"] = stand_in("torchtext.data.field.Field")()
    options = vars(content["opt"])
    for new, old in (("enc_hid_size", "enc_rnn_size"), ("dec_hid_size", "dec_rnn_size")):
        options[old] = options.pop(new)
    generator = content["generator"]
    for part in ("weight", "bias"):
        generator[f"0.{part}"] = generator.pop(part)


def test_checkpoints_of_version_2(tmp_path: Path) -> None:
    path = rewritten(PLAIN, tmp_path / "old.pt", as_version_2)
    said = SAID[PLAIN.stem]
    model = converted(path, tmp_path / "m")
    sources = [model.source(row) for row in model.encode(said["sources"])]
    scores = model.score(sources, model.encode_targets(said["targets"]))
    assert [sum(row) for row in scores] == pytest.approx(said["forced"], abs=2e-4)


def option(name: str, value: Any) -> Change:
    return lambda content: setattr(content["opt"], name, value)


def features(content: dict[str, Any]) -> None:
    content["vocab"]["src_feats"] = [["a"]]


def no_unknown(content: dict[str, Any]) -> None:
    content["vocab"]["tgt"][0] = "strange"


def twice(content: dict[str, Any]) -> None:
    content["vocab"]["tgt"][5] = content["vocab"]["tgt"][6]


def stranger(content: dict[str, Any]) -> None:
    content["model"]["decoder.x"] = content["model"]["decoder.attn.linear_out.weight"]


def other_vocabulary(content: dict[str, Any]) -> None:
    content["vocab"]["tgt"].append("more")


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (option("rnn_type", "SRU"), "rnn_type to 'SRU'"),
        (option("encoder_type", "transformer"), "encoder_type to 'transformer'"),
        (option("decoder_type", "cnn"), "decoder_type to 'cnn'"),
        (option("global_attention", "none"), "global_attention to 'none'"),
        (option("global_attention_function", "sparsemax"), "global_attention_function"),
        (option("coverage_attn", True), "coverage_attn to True"),
        (option("context_gate", "both"), "context_gate to 'both'"),
        (option("position_encoding", True), "position_encoding to True"),
        (option("model_task", "lm"), "model_task to 'lm'"),
        (option("dec_layers", 1), "dec_layers|enc_layers"),
        (option("dec_layers", "2"), "dec_layers as '2'"),
        (option("dec_hid_size", 1 << 40), "dec_hid_size as"),
        (option("transforms", ["bpe"]), "the transform 'bpe'"),
        (option("transforms", ["sentencepiece"]), "needs the SentencePiece model"),
        (features, "word features"),
        (no_unknown, "no token <unk>"),
        (twice, "has a token twice"),
        (stranger, "decoder.x"),
        (other_vocabulary, "has shape"),
        (lambda content: [content], "not a checkpoint of OpenNMT-py"),
        (lambda content: content.pop("vocab") and None, "not a checkpoint of OpenNMT-py"),
        (lambda content: content.update(opt=3), "options or vocabularies of an unknown form"),
        (lambda content: content["vocab"].update(src=3), "no list of tokens of the src side"),
        (lambda content: content.update(model={"a": 3}), "other than named tensors"),
        (lambda content: content.pop("model") and None, "there is no bad.safetensors"),
    ],
)
def test_what_is_not_known_is_named(tmp_path: Path, change: Change, message: str) -> None:
    path = rewritten(PLAIN, tmp_path / "bad.pt", change)
    with pytest.raises(InvalidModelError, match=message):
        convert(path, tmp_path / "m", quantization="float32")
    assert not (tmp_path / "m").exists()


def test_words_that_copy_need_input_feeding(tmp_path: Path) -> None:
    path = rewritten(SOURCE / "gru-mlp-copy.pt", tmp_path / "x.pt", option("input_feed", 0))
    with pytest.raises(InvalidModelError, match="copy_attn without input_feed"):
        convert(path, tmp_path / "m", quantization="float32")


class Hostile:
    """Runs a command when a pickle of it is read."""

    def __init__(self, command: str) -> None:
        self.command = command

    def __reduce__(self) -> tuple[Any, ...]:
        return os.system, (self.command,)


@pytest.mark.parametrize(
    "where",
    [
        lambda content, bad: setattr(content["opt"], "x", bad),
        lambda content, bad: content.update(opt=bad),
        lambda content, bad: content["vocab"].update(src=bad),
        lambda content, bad: content.update(optim=bad),
        lambda content, bad: content.update(vocab=stand_in("functools.partial"), z=[bad]),
    ],
)
def test_nothing_that_a_pickle_holds_is_run(
    tmp_path: Path, where: Callable[[dict[str, Any], Any], Any]
) -> None:
    marker = tmp_path / "marker"

    def change(content: dict[str, Any]) -> None:
        where(content, Hostile(f"touch {marker}"))

    path = rewritten(PLAIN, tmp_path / "bad.pt", change)
    with pytest.raises(InvalidModelError, match=r"asks for (posix|nt|os)\.system"):
        convert(path, tmp_path / "m", quantization="float32")
    assert not marker.exists()


def test_a_directory_may_hold_the_checkpoint(tmp_path: Path) -> None:
    directory = tmp_path / "run"
    directory.mkdir()
    shutil.copy(PLAIN, directory / "a.pt")
    convert(directory, tmp_path / "m", quantization="float32")
    shutil.copy(PLAIN, directory / "b.pt")
    with pytest.raises(InvalidModelError, match=r"holds 2 checkpoints: a\.pt, b\.pt"):
        convert(directory, tmp_path / "n", quantization="float32")


def test_files_of_other_kinds(tmp_path: Path, s2s: Run) -> None:
    path = tmp_path / "x.onnx"
    path.write_bytes(b"x")
    done = s2s("convert", path, "-o", tmp_path / "m")
    assert done.returncode == 65
    assert b"is not a checkpoint. Give the directory" in done.stderr
    path = tmp_path / "x.pt"
    path.write_bytes(b"x")
    done = s2s("convert", path, "-o", tmp_path / "m")
    assert done.returncode == 65
    assert b"not a readable PyTorch" in done.stderr


def test_sentencepiece_beside_the_checkpoint(tmp_path: Path) -> None:
    import sentencepiece

    model = GOLDEN / "marian-nmt" / "vocab.spm"
    processor = sentencepiece.SentencePieceProcessor(model_file=str(model))
    pieces = [processor.id_to_piece(number) for number in range(3, 400)]

    def change(content: dict[str, Any]) -> None:
        content["opt"].transforms = ["sentencepiece", "filtertoolong"]
        content["opt"].src_subword_model = "/home/somebody/vocab.spm"
        for side in ("src", "tgt"):
            tokens = content["vocab"][side]
            tokens[4:] = pieces[: len(tokens) - 4]

    path = rewritten(PLAIN, tmp_path / "p.pt", change)
    with pytest.raises(InvalidModelError, match=r"there is no vocab\.spm beside it"):
        convert(path, tmp_path / "m", quantization="float32")
    shutil.copy(model, tmp_path / "vocab.spm")
    made = converted(path, tmp_path / "m")
    assert made.encode(["A house."]) == [processor.encode("A house.", out_type=str)]
    assert len(decoded(made, ["A house.", "The house"])) == 2
