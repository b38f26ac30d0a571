"""The pages that are tables of the code: formats, metrics, families, models, exit codes."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterable, Sequence

from s2scli import errors
from s2scli.data import SCORED_TASKS, TASKS
from s2scli.documents import ABOUT, EXTENSIONS, FORMATS
from s2scli.metrics import LEARNED, METRICS
from s2scli.models.convert import FAMILIES
from s2scli.models.convert.refusals import REFUSED
from s2scli.models.registry import load_registry
from tests.families import ALL as CHECKED

__all__ = [
    "exit_codes_page",
    "families_page",
    "formats_page",
    "metrics_page",
    "models_page",
    "table",
]

FORMATS_HEAD = """# Document formats

What of a file is translated. Everything else stays as it is, byte for byte. A format is chosen by
the file's extension, or by `--input-format`. See the [guide to documents](../guides/documents.md).
"""
OUTPUT_FORMATS = """
## Formats of lines

What `--format` writes when text is translated line by line.

{}
A score is the mean natural log-probability per target token, including the end token. It is at
most 0. For a file, the same command gives the same digits each time. Lines from a pipe are decoded
as they come; what is decoded together then changes scores in the last digits: with an int8 model in
about one line of a hundred by more than 0.0001.
"""
NBEST = r"`index \|\|\| target \|\|\| LogProb= … Length= … \|\|\| score`"
LINES = (
    ("`text`", "a line per line", "the target; with `--scores`, score and tab come first"),
    (
        "`tsv`",
        "a line per hypothesis",
        r"source, target and, with `--alternatives`, the probability of the first token, with "
        r"`--scores` the score; `\t`, `\n`, `\r`, `\\` are escaped",
    ),
    ("`jsonl`", "an object per line", "see [JSON lines](json-lines.md)"),
    ("`nbest`", "a line per hypothesis", f"an n-best list as Moses writes it: {NBEST}"),
)
LEARNED_HEAD = """Learned metrics are computed by a model, which `NAME:MODEL` names: an alias, a
directory, or a model of the hub that was pulled. They need the extra `onnx`; see the
[guide](../guides/score.md#learned-metrics).
"""
METRICS_HEAD = """# Metrics

`s2s score --list` prints the same table. The name is what `--metric` takes. All metrics work on
statistics per segment, so every one of them has sentence scores, confidence intervals and paired
tests. See the [guide to scores and gates](../guides/score.md).
"""
SYSTEMS_HEAD = """## Which command runs what

First `s2s convert CHECKPOINT -o DIR` (a directory, an archive, or a model of the hub); or `-m` with
an alias of `s2s models list`.
"""
PARTS = "`patrickvonplaten/bert2bert_cnn_daily_mail`, `google/roberta2roberta_L-24_bbc`, BERT2GPT2"
WITH_PROMPT = '`s2s generate -m DIR --prompt "{text}"`'
TRANSLATE, SUMMARIZE = "`s2s translate -m DIR`", "`s2s summarize -m DIR`"
# What it is, models of that kind, and the command.
SYSTEMS = (
    (
        "Transformers for translation",
        "OPUS-MT, NLLB-200, M2M100, mBART-50, MADLAD-400",
        "`s2s translate -m DIR --from en --to de`",
    ),
    (
        "for summaries, answers, any prompt",
        "BART, Pegasus, T5, Flan-T5, mT5",
        "`s2s summarize`, `s2s answer`, `s2s generate`",
    ),
    ("encoder and decoder of two parts", PARTS, SUMMARIZE),
    ("the same for translation", "`google/bert2bert_L-24_wmt_en_de`", TRANSLATE),
    ("FSMT, with Moses' tokenizer (`[moses]`)", "`facebook/wmt19-*`", TRANSLATE),
    ("conversation", "Blenderbot, Blenderbot-small", WITH_PROMPT),
    ("long texts (`[onnx]`)", "LED, LongT5, Pegasus-X, BigBird-Pegasus", SUMMARIZE),
    (
        "recurrent, with attention",
        "Marian's `s2s` and `nematus`; OpenNMT-py (`model.pt`), with copying too",
        TRANSLATE,
    ),
    ("letters to phonemes", "g2p_en (`checkpoint20.npz`)", WITH_PROMPT),
    (
        "Marian's own files",
        "OPUS-MT's releases (`.zip`), students of Firefox Translations and Bergamot",
        TRANSLATE,
    ),
    (
        "ONNX files of others (`[onnx]`)",
        "repositories of optimum and transformers.js",
        "its task's",
    ),
    (
        "images to captions (`[vision]`)",
        'ViT-GPT2; Swin or DeiT with GPT-2, BERT or RoBERTa; "Show, attend and tell"',
        "`s2s caption -m DIR`",
    ),
    ("images to text", "TrOCR", "`s2s caption -m DIR`"),
    ("documents to fields", "Donut", "`s2s caption -m donut-cord --fields`"),
    (
        "learned metrics (`[onnx]`)",
        "COMET, CometKiwi and UniTE on XLM-RoBERTa",
        "`s2s score --metric comet:DIR`",
    ),
    (
        "encoders alone, for BERTScore (`[onnx]`)",
        "BERT, RoBERTa, XLM-RoBERTa",
        "`s2s score --metric bertscore:DIR`",
    ),
)
FAMILIES_MORE = """## How equal they are

What a checkpoint or an option forbids or asks for (`suppress_tokens`,
`bad_words_ids`, `min_length`, `no_repeat_ngram_size`, `repetition_penalty`) holds in every
hypothesis. CTranslate2 applies it before the softmax, transformers after it: with a beam, scores
differ then, and so does the choice in some sentences. Greedy outputs are the same. An empty output
is forbidden too, unless the checkpoint allows it (`min_length` 0): scores differ by what it has.
Without that, scores of trained checkpoints are within 0.00002 of those of transformers. Models that
run by NumPy or ONNX Runtime have our own search, which does as transformers does. What runs by
NumPy computes in float32 unless told otherwise, and uses ONNX Runtime for `--compute-type int8`
([which is faster](../guides/convert.md#marians-own-files)).

Beam search is compared with `early_stopping=True`: a search ends when as many hypotheses are
finished as the beam is wide. With `False`, the default of transformers, a search goes on while a
better hypothesis seems possible. CTranslate2 cannot do that: a few outputs then differ, and more
patience (`--patience 2` and above) comes nearer. `--search reference` has models of CTranslate2
searched by our own search, which gives what transformers gives
([how often](../guides/decoding.md#search-as-the-reference-does)). It has all three settings of
transformers, and takes that of the checkpoint.

Learned metrics are checked with random weights, on small checkpoints of the same architecture:
scores equal those of unbabel-comet 2.2.7 and bert-score 0.3.13 to 0.00001 in float32 and to 0.005
in int8.

Checked with random weights against transformers, greedy and beam 4, ids and outputs:
BertGeneration. Blenderbot-small is that of PyTorch, whose decoder does not scale embeddings (that
of TensorFlow does). For BERT2GPT2, `--target-tokenizer DIR` names the
tokenizer of GPT-2. BigBird-Pegasus runs by CTranslate2 up to the length at which its attention is
full in transformers as well (704 tokens; longer texts are read in parts). FSMT is compared with the
model given all its tokens at each step: with its cache, `generate` of transformers 4.57 gives each
token the first position.

LED, LongT5 (local and transient-global attention) and Pegasus-X read documents of up to 16,384
tokens in one piece, by ONNX Runtime (`pip install 's2scli[onnx]'`), one document at a time; so does
BigBird-Pegasus (4,096 tokens) that is converted with `--long-inputs`. Small trained ones of the
first three are compared on 100 texts of 7 to 120 tokens, most of them longer than their windows:
ids and scores, greedy and beam 4, length penalties 0.6, 1 and 2; BigBird, LongT5's local attention
and odd sizes with random weights. LED has global attention on the first token, as its
authors have it in summarization, and as `generate` has it if it is told so. BigBird's random blocks
are for training: in use transformers takes the first block in their place, and so do we. A text
that transformers pads beside a longer one is read by blocks there, and a model that has read a
short text reads all later ones in full: results are those of a text alone, in a fresh model.

Marian's own files (`model.npz` or a binary `.bin` with `vocab.spm`, or OPUS-MT's layout with
`decoder.yml`, a vocabulary in YAML, `source.spm` and `target.spm`; each file may be gzipped) are
converted too: `s2s convert DIRECTORY`. Of binary models, those of float32, float16, `intgemm8` and
`intgemm16` are read; layouts for one kind of processor (`packed8avx512` …) are refused by name.
Greedy outputs of a small Transformer are those of Marian 1.12 itself, and so are scores but for
`<unk>`, which Marian leaves out after the softmax.

Recurrent models with attention (types `s2s`, `nematus` and `amun`; GRU and LSTM; deep encoders and
decoders, deep transitions, normalization, skip connections) run by NumPy. Pieces, scores and
attention of four small ones are those of Marian 1.12 itself: 60 sentences each, greedy and all
four hypotheses of beam 4, length penalties 0.6 and 1.

Students with a recurrent decoder (SSRU), as Firefox Translations and Bergamot publish them
(`model.ende.intgemm.alphas.bin`, `vocab.ende.spm`), run by NumPy. Texts and scores of two small
ones, 80 sentences each, greedy and beam 4, are those of Marian 1.12 itself, computed in float32
from the same integers; alignments are those of its guided layer.

OpenNMT-py's recurrent models (`model.pt`; LSTM and GRU, `rnn` and `brnn` encoders, with and without
input feeding and bridge, attention `dot`, `general` and `mlp`, copying) run by NumPy. Texts and
scores of two small trained ones are those of OpenNMT-py 3.5.1 itself: 100 sentences each, greedy
and beam 4, length penalties 0.6, 1 and 2. Log-probabilities of targets are checked for four more
with random weights. OpenNMT-py's Transformers and its other layers are refused by name.

Images to text: `vision-encoder-decoder` (ViT-GPT2, TrOCR, Donut …), and `show-attend-tell`, a
ResNet with a recurrent decoder that attends to it (Xu et al. 2015), in a
[layout](../guides/caption.md#models) of our own. Words and scores of 100 drawn images each, greedy
and beam 4, length penalties 0.6, 1 and 2, are those of transformers 4.57.6, and of the model in
PyTorch. Donut is told its task by `--prompt`; fields equal those of `DonutProcessor.token2json`.

g2p_en's checkpoint (`checkpoint20.npz`: two GRUs, from the letters of an English word to phonemes)
runs by NumPy: `s2s generate --prompt "{text}"`, one word per line. Of 200 made words all phonemes
are those of g2p_en 2.1.0 (`scripts/check_g2p.py`).

ONNX files that others exported, in the layout of optimum and transformers.js, run by ONNX Runtime:
Marian, T5, mT5, BART, mBART, Pegasus, M2M100, NLLB and ViT-GPT2 are checked against transformers,
100 sentences each (captions: 20 images), ids and scores, greedy and beam 4, length penalties 0.6,
1 and 2; UMT5, Blenderbot and other kinds of captions are taken too.
"""

FAMILIES_HEAD = """# Model families

Each row is checked by the tests on a small trained checkpoint of the family, in float32, with at
least 100 sentences per direction (Marian: 500, beams 1 to 5), against transformers 4.57.6 and
`ct2-transformers-converter` 4.8.5. See the [guide to converting](../guides/convert.md).
"""
MODELS_HEAD = """# Known models

The models that s2s knows by a short name, from `models.yaml`. `s2s models list`
prints them with what is installed; `s2s models pull NAME` installs one. Other models of these
[families](families.md) are named by their hub id (`OWNER/NAME`). See the
[guide to models](../guides/models.md).
"""
CODES_HEAD = """# Exit codes

Scripts may rely on these. Each error prints one line on standard error: what happened, where, and
what to do.
"""
OTHER_CODES = {
    "0": "Done.",
    "3": "Done, but some documents failed.",
    "129, 130, 141, 143": "Ended by a closed terminal, by Ctrl-C, by a closed pipe, by SIGTERM.",
}


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table in Markdown."""
    lines = [head, ["---"] * len(head), *rows]
    return "".join(f"| {' | '.join(cells)} |\n" for cells in lines)


def formats_page() -> str:
    """What is translated in each format, and what lines are written as."""
    rows = []
    for name in FORMATS:
        extensions = [f"`{ending}`" for ending, format_ in EXTENSIONS.items() if format_ == name]
        rows.append((f"`{name}`", ", ".join(extensions), ABOUT[name]))
    lines = OUTPUT_FORMATS.format(table(("`--format`", "one record", "contains"), LINES))
    return f"{FORMATS_HEAD}\n{table(('format', 'files', 'what is translated'), rows)}{lines}"


def metrics_page() -> str:
    """The metrics, and which of them each task reports."""
    rows = [(f"`{name}`", about, _linked(paper)) for name, (_, about, paper) in METRICS.items()]
    usual = [
        (f"`{task}`", ", ".join(f"`{name}`" for name in TASKS[task].metrics))
        for task in SCORED_TASKS
    ]
    learned = [
        (f"`{name}`", each.about, f"`{each.model}`", _linked(each.paper))
        for name, each in LEARNED.items()
    ]
    parts = (
        METRICS_HEAD,
        table(("metric", "what it is", "paper"), rows),
        LEARNED_HEAD,
        table(("metric", "what it is", "model, if none is named", "paper"), learned),
        "Without `--metric`, `--task` decides:\n",
        table(("task", "metrics"), usual),
    )
    return "\n".join(parts)


def _linked(paper: str) -> str:
    title, _, address = paper.partition(", https://")
    return f"[{title}](https://{address})"


def families_page() -> str:
    """The families that are converted, what was checked of each, and what is refused."""
    rows = [
        (family.about, "yes", "yes", "yes", family.official or "not known to it")
        for family in CHECKED.values()
    ]
    head = ("family", "converted", "ids equal", "outputs equal", "`model.bin` identical")
    refused = [(f"`{name}`", what, advice) for name, (what, advice) in REFUSED.items()]
    kinds = ", ".join(f"`{name}`" for name in FAMILIES)
    parts = (
        FAMILIES_HEAD,
        table(head, rows),
        SYSTEMS_HEAD,
        table(("system", "such as", "command"), SYSTEMS),
        FAMILIES_MORE,
        f"`model_type` in `config.json` is one of {kinds}.\n",
        "## Refused\n\nThe engine cannot run these; `s2s convert` says so by name.\n",
        table(("`model_type`", "what it is", "instead"), refused),
    )
    return "\n".join(parts)


def models_page() -> str:
    """The registry."""
    rows = [
        (
            f"`{alias}`",
            ", ".join(entry.tasks),
            f"{entry.parameters:g}" if entry.parameters else "",
            f"{entry.download:,.0f}" if entry.download else "",
            entry.licence,
            f"`{entry.hub}`" if entry.hub else "part of the package",
            entry.about,
        )
        for alias, entry in load_registry().items()
    ]
    head = ("name", "tasks", "million weights", "MB to download", "license", "hub", "about")
    return f"{MODELS_HEAD}\n{table(head, rows)}"


def exit_codes_page() -> str:
    """What a process can end with."""
    meanings = dict(OTHER_CODES)
    for error in vars(errors).values():
        if inspect.isclass(error) and issubclass(error, errors.S2SError):
            about = re.sub(r" \((?:exit code )?\d+\)", "", _first_sentence(error))
            meanings.setdefault(str(error.exit_code), about)
    rows = sorted(meanings.items(), key=lambda item: int(item[0].split(",")[0]))
    return f"{CODES_HEAD}\n{table(('code', 'meaning'), rows)}"


def _first_sentence(error: type) -> str:
    return " ".join((inspect.getdoc(error) or "").split("\n\n")[0].split()).replace("``", "`")
