"""Make the small learned metrics of ``tests/golden/learned``, and the reference's scores by them.

COMET's package asks for an older NumPy than s2s does, so that it needs an environment of its own::

    python3 -m venv comet && comet/bin/pip install 'unbabel-comet==2.2.7' 'bert-score==0.3.13' \\
        'setuptools<81' 'sentencepiece==0.2.0'
    comet/bin/python scripts/make_learned_golden.py

The encoders are those of the families that the metrics are built on, of two or three layers, with
random numbers; so are the estimators. Checkpoints have the form of the hub's, saved by Lightning.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytorch_lightning
import torch
import transformers
import yaml
from bert_score import BERTScorer
from comet import load_from_checkpoint
from comet.models import ReferencelessRegression, RegressionMetric, UnifiedMetric

GOLDEN = Path(__file__).parents[1] / "tests" / "golden"
LEARNED = GOLDEN / "learned"
ENCODER = "xlm-roberta-small"
SIZES = {
    "hidden_size": 48,
    "num_hidden_layers": 3,
    "num_attention_heads": 4,
    "intermediate_size": 64,
    "max_position_embeddings": 66,
    "initializer_range": 0.06,
}
COMMON = {"pretrained_model": ENCODER, "load_pretrained_weights": False, "hidden_sizes": [48, 16]}
# Each as the models on the hub are, or as their options allow.
METRICS: dict[str, tuple[str, Any, dict[str, Any]]] = {
    # Unbabel/wmt22-comet-da; "sparsemax_patch" says that what was trained was softmax.
    "regression": (
        "regression_metric",
        RegressionMetric,
        {"layer_norm": False, "layer_transformation": "sparsemax"},
    ),
    # The vectors of one layer.
    "layer": ("regression_metric", RegressionMetric, {"layer": 2, "pool": "max"}),
    # Unbabel/wmt20-comet-qe-da.
    "referenceless": (
        "referenceless_regression_metric",
        ReferencelessRegression,
        {"layer_norm": True, "final_activation": "Sigmoid", "pool": "cls"},
    ),
    # Unbabel/wmt22-cometkiwi-da.
    "unified": (
        "unified_metric",
        UnifiedMetric,
        {
            "input_segments": ["mt", "src"],
            "layer_norm": False,
            "word_level_training": True,
            "word_layer": 3,
        },
    ),
    # Unbabel/unite-mup.
    "unite": (
        "unified_metric",
        UnifiedMetric,
        {"input_segments": ["mt", "src", "ref"], "layer_transformation": "softmax"},
    ),
}
PATCHED = {"regression": "sparsemax_patch"}
LICENCES = {"unified": "cc-by-nc-sa-4.0"}
CARD = """---
license: {licence}
---
A small learned metric with random numbers, for tests, made by `scripts/make_learned_golden.py`.
"""
LONG = "The cat sat on the mat and looked at the moon. " * 6
SOURCES = [
    *(
        "Where is the station?",
        "I have two dogs.",
        "It is raining.",
        "",
        "Good morning, Tom!",
        LONG,
    ),
    *("He bought 12 books in 1999.", "She sings well.", "東京は大きいです。", "Привет, мир!"),
    *("Yes.", "The meeting begins on Monday at 9:30.", "A <b>bold</b> word", "Is  it   late?"),
]
HYPOTHESES = [
    *("Wo ist der Bahnhof?", "Ich habe zwei Hunde.", "Regnet es.", "Leer", "Guten Morgen!", LONG),
    *("Er kaufte 12 Bücher.", "", "Tokio ist groß.", "Hallo Welt!"),
    *("Ja.", "Die Besprechung beginnt am Montag um 9.30 Uhr.", "Ein <b>fettes</b> Wort", "Spät?"),
]
REFERENCES = [
    *(
        "Wo ist der Bahnhof?",
        "Ich habe zwei Hunde!",
        "Es regnet.",
        "",
        "Guten Morgen, Tom!",
        "Mond",
    ),
    *("1999 kaufte er 12 Bücher.", "Sie singt gut.", "Tokio ist eine große Stadt.", "Hallo, Welt!"),
    *("Jawohl.", "Montag um 9.30 Uhr beginnt die Besprechung.", "Ein Wort", "Ist es schon spät?"),
]
# Encoders for BERTScore: the folder of the tokenizer, the class of the encoder, its layer.
ENCODERS: dict[str, tuple[str, Any, Any, int]] = {
    ENCODER: ("mbart25", transformers.XLMRobertaConfig, transformers.XLMRobertaModel, 2),
    "roberta-small": (
        "roberta-shared",
        transformers.RobertaConfig,
        transformers.RobertaForMaskedLM,
        2,
    ),
    "bert-small": ("bert2bert", transformers.BertConfig, transformers.BertForMaskedLM, 3),
}
TOKENIZER_FILES = ("sentencepiece.bpe.model", "vocab.json", "merges.txt", "vocab.txt")
BASELINE = "LAYER,P,R,F\n0,0.1,0.2,0.15\n1,0.2,0.3,0.25\n2,0.31,0.32,0.33\n3,0.41,0.42,0.43\n"


def make_encoder(name: str) -> None:
    """An encoder with its tokenizer."""
    tokenizer, config, model, _ = ENCODERS[name]
    folder = LEARNED / name
    folder.mkdir(parents=True)
    for file in TOKENIZER_FILES:
        if (GOLDEN / tokenizer / file).exists():
            shutil.copy(GOLDEN / tokenizer / file, folder)
    classes = {
        transformers.XLMRobertaConfig: transformers.XLMRobertaTokenizer,
        transformers.RobertaConfig: transformers.RobertaTokenizer,
        transformers.BertConfig: transformers.BertTokenizer,
    }
    texts = classes[config].from_pretrained(folder, model_max_length=62)
    sizes = {**SIZES, "vocab_size": len(texts), "pad_token_id": texts.pad_token_id}
    made = model(config(**sizes))
    for parameter in made.parameters():
        if parameter.ndim == 1:  # biases are zero and scales one at first
            torch.nn.init.normal_(parameter, float(parameter.mean()), 0.1)
    made.save_pretrained(folder)
    texts.save_pretrained(folder)
    (folder / "README.md").write_text(CARD.format(licence="apache-2.0"))


def make_metric(name: str) -> None:
    """A COMET checkpoint as the hub has them."""
    identifier, model, options = METRICS[name]
    made = model(**COMMON, **options)
    made.encoder.model.load_state_dict(
        transformers.XLMRobertaModel.from_pretrained(ENCODER, add_pooling_layer=False).state_dict()
    )
    for parameter in made.estimator.parameters():
        torch.nn.init.normal_(parameter, 0, 0.9 * parameter.shape[-1] ** -0.5)
    if made.layerwise_attention:
        for parameter in made.layerwise_attention.parameters():
            torch.nn.init.normal_(parameter, 0.5, 0.5)
    folder = LEARNED / name
    (folder / "checkpoints").mkdir(parents=True)
    trainer = pytorch_lightning.Trainer(
        accelerator="cpu", logger=False, enable_progress_bar=False, max_steps=0
    )
    trainer.strategy.connect(made)
    trainer.save_checkpoint(folder / "checkpoints" / "model.ckpt")
    written = {**dict(made.hparams), "class_identifier": identifier}
    if name in PATCHED:
        written["layer_transformation"] = PATCHED[name]
    (folder / "hparams.yaml").write_text(yaml.safe_dump(written))
    (folder / "README.md").write_text(CARD.format(licence=LICENCES.get(name, "apache-2.0")))


def comet_scores(name: str) -> list[float]:
    """What the reference says of each segment."""
    model = load_from_checkpoint(
        str(LEARNED / name / "checkpoints" / "model.ckpt"), local_files_only=True
    ).eval()
    rows = zip(SOURCES, HYPOTHESES, REFERENCES, strict=True)
    data = [{"src": s, "mt": h, "ref": r} for s, h, r in rows]
    found = model.predict(data, batch_size=4, gpus=0, num_workers=0, progress_bar=False)
    return [float(score) for score in found.scores]


def bert_scores(name: str) -> dict[str, Any]:
    """BERTScore's precision, recall and F of each segment, in four ways."""
    layer = ENCODERS[name][3]
    found: dict[str, Any] = {}
    path = LEARNED / "baseline.tsv"
    for way, idf, rescaled in (
        ("plain", False, False),
        ("idf", True, False),
        ("rescaled", False, True),
        ("idf-rescaled", True, True),
    ):
        scorer = BERTScorer(
            model_type=name,
            num_layers=layer,
            idf=idf,
            idf_sents=REFERENCES if idf else None,
            nthreads=0,
            rescale_with_baseline=rescaled,
            baseline_path=str(path) if rescaled else None,
            lang="en",
            device="cpu",
        )
        columns = scorer.score(HYPOTHESES, REFERENCES)
        found[way] = _rows(columns)
        if way == "plain":
            pairs = zip(REFERENCES, SOURCES, strict=True)
            found["several"] = _rows(scorer.score(HYPOTHESES, [[a, b] for a, b in pairs]))
    return found


def _rows(columns: Sequence[torch.Tensor]) -> list[list[float]]:
    return [[float(number) for number in row] for row in zip(*columns, strict=True)]


def main() -> None:
    """Write checkpoints and scores."""
    shutil.rmtree(LEARNED, ignore_errors=True)
    torch.manual_seed(1)
    for name in ENCODERS:
        make_encoder(name)
    (LEARNED / "baseline.tsv").write_text(BASELINE)
    os.chdir(LEARNED)
    for name in METRICS:
        make_metric(name)
    content = {
        "sources": SOURCES,
        "hypotheses": HYPOTHESES,
        "references": REFERENCES,
        "comet": {name: comet_scores(name) for name in METRICS},
        "bertscore": {name: bert_scores(name) for name in ENCODERS},
    }
    text = json.dumps(content, indent=1, ensure_ascii=False)
    (GOLDEN / "learned.json").write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
