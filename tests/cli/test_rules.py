"""Every option of every command counts always, or a rule says when; the rest is refused."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import click
import pytest

from s2scli.cli.document_rules import FORMATS_WITH
from s2scli.cli.group import LazyGroup
from s2scli.cli.main import cli, run
from s2scli.cli.unused import RuledCommand
from s2scli.documents import FORMATS, format_of, open_format
from s2scli.documents.base import FormatOptions
from s2scli.documents.reading import read_document
from tests.documents.office import upper

# Formats that look at options as they write.
WRITING = ("asciidoc", "srt", "vtt", "ass")
CORPUS = Path(__file__).parents[1] / "corpus"
MODEL = "model from to yes offline registry"
SEARCH = "beam max-length min-length no-repeat-ngram repetition-penalty suppress no-unk sample"
DEVICE = "device compute-type batch-tokens on"
MESSAGES = "quiet no-progress report"
RUN = f"{MODEL} {SEARCH} {DEVICE} {MESSAGES} output"
INSTALL = (
    "quantization onnx long-inputs revision force keep-checkpoint accept-license offline registry "
    "quiet"
)

# Command → its options that have an effect whatever else is given, or only in some cases of which
# a rule speaks ("yes" does something unless there is "offline").
ALWAYS = {
    "translate": f"{RUN} server files-from input-format shard glossary guard",
    "summarize": f"{RUN} server files-from input-format shard format tree evidence length strategy "
    "prompt guard",
    "answer": f"{RUN} server format questions passages overlap no-answer-threshold prompt "
    "encoding-errors",
    "generate": f"{RUN} server format prompt prompt-tokens jsonl n-best prefix encoding-errors",
    "caption": f"{RUN} files-from prompt fields format n-best encoding-errors",
    "detect": "output lines format top among min-confidence encoding-errors quiet",
    "rerank": "rerank output format quiet",
    "score": "model hyp-field list",
    "evaluate": "model from to beam compute-type min-length max-length device batch-tokens task "
    "source reference testset output metric metric-file json report quiet",
    "convert": "output name quantization onnx long-inputs force quiet",
    "models list": "task from to installed json registry",
    "models show": "json",
    "models path": "",
    "models pull": f"{INSTALL} shortlist",
    "models remove": "quiet",
    "models verify": "",
    "models shortlist": "remove quiet",
    "models default": "unset",
    "judge score": "format html metric metric-file passing-only "
    "by-document resamples trials seed quiet",
    "memory show": "from to origin search json quiet",
    "memory prune": "from to origin older-than unused dry-run",
    "memory export": "output format from to origin quiet",
    "memory import": "format name from to quiet",
    "judge make": "output reference documents kind annotators items overlap control seed quiet",
    "explain": f"{MODEL} {SEARCH} device compute-type top html json prompt prefix quiet",
    "doctor": "model json",
    "serve": "model detach memory-limit device api-key-file max-chars max-file-size "
    "request-timeout rate-limit concurrency queue cors unix quiet",
    "server status": "server json",
    "server stop": "server quiet",
    "bench": "model from to offline device compute-type beam batch-tokens rounds seconds forget "
    "json quiet",
    "completion": "",
}

# Where an option has no effect: reason → the rest of the command line.
NO_RAY = "has no effect with --on local"
RAY = "has no effect with --on ray"
BEAM = "has no effect with a beam of 1, which compares no outputs of other lengths"
ONE_OUTPUT = "has no effect with a beam of 1, which keeps one output"
DIRECTORY = "has no effect with a model directory, which is not a name to look up"
OF_THE_HUB = "is for models of the hub, and MODEL is a directory or an archive"
AS_THEY_ARE = "is for weights that are converted, and --onnx takes files as they are"
SAMPLED = "has no effect with --sample, which draws each token by itself"
OF_RUNS = {
    SAMPLED: "--sample",
    "belongs to --sample": "",
    NO_RAY: "",
    RAY: "--on ray",
    "is for GPUs": "",
    "is for the CPU": "--device cuda",
    BEAM: "--beam 1",
    ONE_OUTPUT: "--beam 1",
    "has no effect with --offline": "--offline",
    DIRECTORY: "--model MODEL",
    "has no effect with --quiet": "--quiet",
}
SCORES = "is for --format text and tsv; the other formats have the scores anyway"
PROMPT = "has no effect without --prompt"
OF_FORMATS = {
    "is for text and pdf documents": "a.docx -o OUT/",
    "is for po, xliff, ts, xcstrings, csv and tsv documents": "a.docx -o OUT/",
    "is for srt, vtt and ass documents": "a.docx -o OUT/",
    "is for xlsx documents": "a.docx -o OUT/",
    "is for markdown, mdx, ipynb and asciidoc documents": "a.docx -o OUT/",
    "is for csv, tsv, xlsx, ods and fodt documents": "--input-format text a.csv -o OUT/",
    "is for json, jsonl, arb, yaml, toml, ini and properties documents": "a.csv -o OUT/",
    "is for folders, and no input is one": "a.docx -o OUT/",
}
LINES = {"is for documents": "a.txt", "is for lines, not for documents": "OUT -o OUT/"}
TASK = "is for --task summarize or answer"
FORCED = "has no effect with --model, which has scores of its own"
TESTED = "belongs to --confidence, --compare or --significant"
WRITTEN = "tells what the model wrote, which --protection, --protect, --glossary and --below change"
TWO_PREFIXES = "cannot be combined with --prefix"
SITUATIONS: dict[str, dict[str, str]] = {
    "translate": {
        "belongs to --alternatives": "",
        "cannot be combined with --alternatives, which says how many there are": "--alternatives 2",
        "cannot be combined with --alternatives: name the place by --at": "--alternatives 2",
        "cannot be combined with --at: each line of the file is a place of its own": (
            "--alternatives 2 --at Also"
        ),
        "cannot be combined with --alternatives, which are the likeliest": "--alternatives 2",
        "cannot be combined with --from auto": "--from auto",
        "cannot be combined with --alternatives, which are written as they are": "--alternatives 2",
        **OF_RUNS,
        **LINES,
        **OF_FORMATS,
        SCORES: "--format jsonl",
        TWO_PREFIXES: "--prefix Also",
        "cannot be combined with --jsonl-field": "--jsonl-field text",
        "has no effect with --jsonl-field, whose JSON lines have the scores anyway": (
            "--jsonl-field text"
        ),
        "cannot be combined with --protection, --protect or --glossary, which translate parts of "
        "lines again": "--protection",
        "cannot be combined with --guard repair, which translates lines again": "--guard repair",
        "has no effect with --guard off": "--guard off",
        "belongs to --min-confidence or --min-quality": "",
        "has no effect without --min-quality": "a.txt",
        "has no effect with -o FILE, which names the translation": "a.md -o b.md",
        "has no effect with --no-unk, which writes no unknown token": "--no-unk",
        "has no place in --format text, a translation per line": "",
        "belongs to --alignments or --alignments-file": "",
        "is for --format jsonl": "--format tsv",
        WRITTEN: "--protection --format jsonl --alignments",
        "cannot be combined with --no-protection": "--no-protection a.txt",
        "has no effect without --rerank": "a.txt",
        "has nothing to choose from, with one hypothesis for each text": "--beam 1 a.txt",
        "is for models on this machine, not for --on ray": "--on ray a.txt",
        "has no effect without --from auto": "a.txt",
        "cannot be combined with --via: the tokens are not those of the text": (
            "--via en --format jsonl --alignments a.txt"
        ),
        "is more than --beam holds": "--rerank mbr:chrf --beam 4 a.txt",
        "is for plain text: scores would be shares among the candidates of a shortlist": (
            "--scores a.txt"
        ),
        "is for the best output of one model on this machine, without a prefix": "--n-best 2 a.txt",
        "is for lines; a document would break where a placeholder is lost": "OUT -o OUT/",
    },
    "summarize": {
        **OF_RUNS,
        **LINES,
        **OF_FORMATS,
        "is for plain text; these documents declare their own encoding": ("a.docx b.html"),
        "has no effect with --strategy lead, which reads one part": "--strategy lead",
        "has no effect with --guard off": "--guard off",
        PROMPT: "",
    },
    "answer": {**OF_RUNS, PROMPT: "Who? a.txt"},
    "generate": {
        **{reason: f"--prompt {{text}} {rest}" for reason, rest in OF_RUNS.items()},
        SCORES: "--format nbest --prompt {text}",
        TWO_PREFIXES: "--prompt {text} --prefix Also",
    },
    "explain": {
        SAMPLED: "--sample",
        "belongs to --sample": "",
        BEAM: "--beam 1 Hello",
        ONE_OUTPUT: "--beam 1 Hello",
        "has no effect with --offline": "--offline Hello",
        "is for the CPU": "--device cuda Hello",
        DIRECTORY: "--model MODEL Hello",
        PROMPT: "Hello",
    },
    "caption": {**OF_RUNS, SCORES: "--format jsonl", PROMPT: ""},
    "rerank": {
        "has no effect with --format text, which has the best of each list": "a.txt",
        "is for --rerank reverse, ensemble or qe, and for --format jsonl": "a.txt",
        "is for --rerank reverse or ensemble, which load a model": "a.txt",
    },
    "score": {
        FORCED: "--model en-de a.txt b.txt",
        "has no effect with --model, which warns of nothing": "--model en-de a.txt b.txt",
        "belongs to --model": "a.txt b.txt",
        "is for JSON lines, and no sources are that": "a.txt b.txt --source a.txt",
        "belongs to --sentences": "a.txt b.txt",
        "has no effect with --sentences": "a.txt b.txt --sentences",
        "is tsv or jsonl with --sentences, and markdown, latex or sacrebleu without": "a.txt b.txt",
        "belongs to --compare": "a.txt b.txt",
        "cannot be combined with --format sacrebleu, which has no place for it": (
            "a.txt b.txt --format sacrebleu --compare a.txt"
        ),
        "cannot be combined with --compare, whose baseline is HYPOTHESES": (
            "a.txt b.txt --compare a.txt"
        ),
        "has no effect with --format sacrebleu and --compare": (
            "a.txt b.txt --format sacrebleu --compare a.txt"
        ),
        "belongs to --by-document": "a.txt b.txt",
        "belongs to --tokenize flores200, flores101, spm, spBLEU-1K": "a.txt b.txt",
        "has no effect with --json or --format jsonl, which have all digits": "a.txt b.txt --json",
        "has no effect with --json or --bare": "a.txt b.txt --json",
        "has no effect with --baseline-json, whose metrics are computed": (
            "a.txt b.txt --baseline-json b.jsonl"
        ),
        "has no effect with --tokens": "--model en-de a.txt b.txt --tokens",
        "has no effect with --json": "a.txt b.txt --json",
        "has no effect with --bare, which prints a number per metric": "a.txt b.txt --bare",
        "belongs to --no-worse-than": "a.txt b.txt",
        "has no effect with --metric or --metric-file": "a.txt b.txt --metric bleu",
        TESTED: "a.txt b.txt",
        "belongs to --compare or --significant": "a.txt b.txt --confidence",
        "is for bleu, and no such metric is computed": "a.txt b.txt --metric chrf",
        "is for bleu and chrf, and no such metric is computed": "a.txt b.txt --metric ter",
        "is for rouge, and no such metric is computed": "a.txt b.txt --metric bleu",
        "is for bertscore, and no such metric is computed": "a.txt b.txt --metric bleu",
        "is for JSON lines, and no hypotheses are that": "a.txt b.jsonl",
        "is for JSON lines, and no references are that": "b.jsonl a.txt",
        "is for references that are lines of text": "a.txt b.jsonl",
    },
    "evaluate": {
        TASK: "--source a.txt --reference b.txt",
        PROMPT: "--task summarize --source a.txt --reference b.txt",
        BEAM: "--source a.txt --reference b.txt --beam 1",
        "is for the CPU": "--source a.txt --reference b.txt --device cuda",
        "is for GPUs": "--source a.txt --reference b.txt",
        "has no effect with --json": "--source a.txt --reference b.txt --json",
        "needs -o, the folder of the earlier outputs": "--source a.txt --reference b.txt",
        "belongs to --testset": "--source a.txt --reference b.txt",
        "is for --task summarize and a --source of JSON lines (.jsonl)": (
            "--source b.jsonl --reference b.txt"
        ),
        "has no effect with --reference, which has the references": (
            "--task summarize --source b.jsonl --reference b.txt"
        ),
        "is for ROUGE, which is not among the metrics": "--source a.txt --reference b.txt",
    },
    "convert": {
        OF_THE_HUB: "OUT",
        AS_THEY_ARE: "tiny/marian --onnx q8",
        "is for a checkpoint's directory, and MODEL is one of the hub": "tiny/marian",
    },
    "models show": {DIRECTORY: "MODEL"},
    "models pull": {OF_THE_HUB: "OUT/", AS_THEY_ARE: "tiny/marian --onnx q8"},
    "models path": {DIRECTORY: "MODEL"},
    "models shortlist": {
        "has no effect with --remove": "MODEL --remove",
        "belongs to --check": "MODEL --text a.txt",
    },
    "models default": {"belongs to a MODEL or to --unset": ""},
    "judge make": {"is for --kind direct": "a.txt b.txt -o NEW --kind mqm"},
    "serve": {"has no effect with --unix": "--unix x", "is for the CPU": "--device cuda"},
    "bench": {
        "is for the CPU": "--device cuda",
        "cannot be combined with --forget": "--forget",
        "has no effect with --offline": "--offline",
        DIRECTORY: "--model MODEL",
    },
    "memory show": {"belongs to --search": "m.memory"},
    "memory prune": {
        "has no effect with --dry-run, which prints only the number of entries": (
            "m.memory --unused --dry-run"
        )
    },
}
VALUES = {
    "min_confidence": "0.5",
    "min_quality": "0.5",
    "target_tokenizer": "OUT",
    "encoder": "OUT",
    "length_penalty": "2",
    "length_penalties": "2",
    "fail_under": "bleu=99",
    "shard": "1/2",
    "top_p": "0.5",
    "registry": "a.txt",
    "no_worse_than": "b.txt",
    "digits": "3",
    "metric_files": "a.py:Metric",
}


def commands(group: LazyGroup = cli, path: tuple[str, ...] = ()) -> Iterator[tuple[str, Any]]:
    for name in group.table:
        command = group.get_command(click.Context(group), name)
        if isinstance(command, LazyGroup):
            yield from commands(command, (*path, name))
        else:
            yield " ".join((*path, name)), command


COMMANDS = dict(commands())
RULES = {
    name: [(rule, option) for rule in rules for option in rule.options]
    for name, command in COMMANDS.items()
    if (rules := getattr(command, "rules", ()))
}


@pytest.fixture(autouse=True)
def _files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the command lines above name."""
    monkeypatch.chdir(tmp_path)
    for name in ("a.txt", "b.txt", "a.md", "a.docx", "a.csv", "b.html"):
        Path(name).write_text("Hello!\n")
    Path("b.jsonl").write_text('{"target": "Hallo!", "reference": "Hallo!"}\n')
    Path("OUT").mkdir()
    Path("MODEL").mkdir()
    Path("MODEL/s2s.json").write_text("{}")


def parameter(command: click.Command, name: str) -> click.Parameter:
    return next(param for param in command.params if param.name == name)


def spelled(option: click.Parameter) -> list[str]:
    """An option with a value that is not its default."""
    called = max(option.opts, key=len)
    if isinstance(option, click.Option) and option.is_flag:
        return [max(option.secondary_opts, key=len) if option.secondary_opts else called]
    if option.name in VALUES:
        return [called, VALUES[option.name]]
    if isinstance(option.type, click.Choice):
        return [called, str(next(c for c in option.type.choices if c != option.default))]
    return [called, "50"]


@pytest.mark.parametrize("name", COMMANDS)
def test_every_option_counts_always_or_has_a_rule(name: str) -> None:
    """Whoever adds an option says here, or in the command's rules, when it counts."""
    command = COMMANDS[name]
    assert isinstance(command, RuledCommand)
    options = {param.name for param in command.params}
    ruled = {option for rule in command.rules for option in rule.options}
    assert ruled <= options
    always = {f"--{option}" for option in ALWAYS[name].split()}
    known = {opt for param in command.params for opt in param.opts}
    assert always <= known
    for param in command.params:
        if not isinstance(param, click.Option) or param.hidden:
            continue
        if param.name not in ("help", "help_all"):
            assert param.name in ruled or always.intersection(param.opts), param.name


@pytest.mark.parametrize("name", RULES)
def test_what_would_do_nothing_is_refused(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    for rule, option in RULES[name]:
        rest = SITUATIONS[name][rule.reason].split()
        given = spelled(parameter(COMMANDS[name], option))
        assert run([*name.split(), *rest, *given]) == 2, (option, rule.reason)
        captured = capsys.readouterr()
        assert captured.out == "", (option, rule.reason)
        assert captured.err.startswith(f"s2s: {given[0]} {rule.reason}"), (option, rule.reason)


@pytest.mark.parametrize("setting", ["environment", "settings file"])
@pytest.mark.parametrize(("gate", "value"), [("fail-under", "bleu=99"), ("no-worse-than", "b.txt")])
def test_a_gate_that_nobody_looks_at_is_refused_wherever_it_is_set(
    gate: str,
    value: str,
    setting: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    if setting == "environment":
        monkeypatch.setenv(f"S2S_SCORE_{gate.upper().replace('-', '_')}", value)
    else:
        Path("config.yaml").write_text(f"score:\n  {gate}: {value}\n")
        monkeypatch.setenv("S2S_CONFIG", os.path.abspath("config.yaml"))
    assert run(["score", "--model", "en-de", "a.txt", "b.txt"]) == 2
    assert f"--{gate} (from " in capsys.readouterr().err
    assert run(["score", "a.txt", "b.txt"]) == (4 if gate == "fail-under" else 0)


def test_a_preference_of_the_settings_that_does_not_fit_passes_by(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A settings file holds for many runs."""
    monkeypatch.setenv("S2S_SCORE_CONFIDENCE", "1")
    monkeypatch.setenv("S2S_SCORE_TRIALS", "100")
    assert run(["score", "a.txt", "b.txt", "--sentences"]) == 0


@pytest.mark.parametrize(
    "arguments",
    [
        "translate --model=",
        "translate --to= a.txt",
        "score a.txt b.txt --metric=",
        "convert x --output=",
    ],
)
def test_an_empty_value_is_refused(arguments: str, capsys: pytest.CaptureFixture[str]) -> None:
    """It is a variable that is not set; the default that is meant by nobody must not be taken."""
    assert run(arguments.split()) == 2
    assert "is empty" in capsys.readouterr().err


def test_an_empty_argument_is_no_folder(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["translate", "", "-o", "OUT/"]) == 2
    assert "An argument is empty" in capsys.readouterr().err


class _Recorder:
    """Options of formats that know which of them were looked at."""

    def __init__(self, options: FormatOptions) -> None:
        self._options = options
        self.seen: set[str] = set()

    def __getattr__(self, name: str) -> Any:
        self.seen.add(name)
        return getattr(self._options, name)

    def without_fields(self) -> FormatOptions:
        return self._options.without_fields()

    def with_linked(self, _anchors: Iterable[str]) -> _Recorder:
        return self


def _used(kinds: Sequence[str]) -> dict[str, set[str]]:
    """Which options each format looks at as it reads and writes the files of the corpus."""
    found: dict[str, set[str]] = {}
    for path in (path for path in sorted(CORPUS.rglob("*.*")) if path.name != "README.md"):
        kind = path.parent.name if path.parent.name in kinds else format_of(path)
        if kind is None or path.name == "hand-cp1252.txt":
            continue
        # Tables have a column for translations only if the languages are known.
        languages = ("en", "de") if kind in ("csv", "tsv") else ("", "")
        options = FormatOptions(source_language=languages[0], target_language=languages[1])
        seen: Any = _Recorder(options)
        document = read_document(open_format(kind, seen), path.name, path.read_bytes())
        if kind in WRITING:
            list(document.written([*map(upper, document.slots)]))
        found.setdefault(kind, set()).update(seen.seen)
    return found


def test_options_of_formats_are_those_that_the_formats_heed() -> None:
    found = _used(list(FORMATS))
    for option, formats in FORMATS_WITH.items():
        assert {kind for kind, seen in found.items() if option in seen} == set(formats)
