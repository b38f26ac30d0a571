"""No value that a user gives for a search is lost or changed on its way to the engine's call.

The model's own manifest sets another value for each, so that a lost one is seen.
"""

from __future__ import annotations

import json
import math
import shutil
from collections.abc import Callable, Mapping
from dataclasses import fields
from pathlib import Path
from typing import Any

import ctranslate2
import pytest

import s2scli
from s2scli.api import TextModel
from s2scli.cli.main import run
from s2scli.cli.search_options import SearchOptions
from s2scli.data import Decoding
from s2scli.errors import UsageError
from s2scli.inference.decoding import lengths_at_odds
from s2scli.inference.model import Model
from s2scli.inference.ratios import with_ratios
from s2scli.limits import LIMITS

Calls = list[dict[str, Any]]

# What the model's makers wished.
OWN = {
    "beam_size": 2,
    "length_penalty": 2.0,
    "max_length": 9,
    "min_length": 3,
    "patience": 1.5,
    "repetition_penalty": 1.2,
    "no_repeat_ngram_size": 3,
    "no_unknown": True,
    "suppress": [["<unk>"]],
    "ends": ["</s>"],
    "forced_end": False,
}
# Field → the engine's argument, and values to give: the least, the one that turns it off, another.
NUMBERS: dict[str, tuple[str, tuple[float, ...]]] = {
    "beam_size": ("beam_size", (1, 3)),
    "n_best": ("num_hypotheses", (1, 2)),
    "length_penalty": ("length_penalty", (0, 0.0, 1, -0.5)),
    "max_length": ("max_decoding_length", (4, 7)),
    "min_length": ("min_decoding_length", (0, 1, 5)),
    "patience": ("patience", (1, 2.5)),
    "repetition_penalty": ("repetition_penalty", (0.01, 1, 1.0, 1.7)),
    "no_repeat_ngram_size": ("no_repeat_ngram_size", (0, 1, 4)),
}
# These take more than one argument of the engine, and have tests of their own.
COMPOSED = {"coverage_penalty", "min_ratio", "max_ratio"}
PREFIX = "prefix"  # see tests/tasks/test_prefixes.py
# What is done with outputs; see tests/tasks/test_copying.py.
LATER = {"alignment", "detail", "replace_unknowns"}
SEARCH = "search"  # see tests/inference/test_recomputing.py, tests/oracle/test_reference_search.py
SHORTLIST = "shortlist"  # see tests/tasks/test_shortlist.py
SAMPLED = {"temperature", "top_k", "top_p", "seed"}  # see tests/inference/test_sampling.py
OTHERS: dict[str, tuple[str, tuple[Any, ...]]] = {
    "suppress": ("suppress_sequences", ((), (("<s>",), ("<pad>", "<unk>")))),
    "ends": ("end_token", ((), ("</s>", "<pad>"))),
    "forced_end": ("", (False, True)),
    "no_unknown": ("disable_unk", (True, False)),
}
TASKS = ("translate", "summarize", "answer", "generate")
TEXT = "A first sentence of some words."


@pytest.fixture(scope="module")
def directory(tmp_path_factory: pytest.TempPathFactory, small_models: Mapping[str, Path]) -> Path:
    """A model with wishes of its own, for every task."""
    made = tmp_path_factory.mktemp("wishes") / "bart"
    shutil.copytree(small_models["bart"], made)
    manifest = json.loads((made / "s2s.json").read_text())
    manifest |= {"decoding": OWN, "job_decoding": {}, "tasks": list(TASKS)}
    (made / "s2s.json").write_text(json.dumps(manifest))
    return made


@pytest.fixture(scope="module")
def ending(tmp_path_factory: pytest.TempPathFactory, directory: Path) -> Path:
    """The same model, whose makers wish that an output ends at the maximum length."""
    made = tmp_path_factory.mktemp("ending") / "bart"
    shutil.copytree(directory, made)
    manifest = json.loads((made / "s2s.json").read_text())
    manifest["decoding"]["forced_end"] = True
    (made / "s2s.json").write_text(json.dumps(manifest))
    return made


@pytest.fixture
def calls(monkeypatch: pytest.MonkeyPatch) -> Calls:
    """The arguments of every call of the engine, which does its work."""
    found: Calls = []

    class Recording:
        def __init__(self, *arguments: Any, **options: Any) -> None:
            self._engine = ctranslate2.Translator(*arguments, **options)

        def __getattr__(self, name: str) -> Any:
            return getattr(self._engine, name)

        def translate_batch(self, *arguments: Any, **options: Any) -> Any:
            found.append(options)
            return self._engine.translate_batch(*arguments, **options)

    class Module:
        Translator = Recording

        def __getattr__(self, name: str) -> Any:
            return getattr(ctranslate2, name)

    monkeypatch.setattr("s2scli.inference.engines.ctranslate2.ctranslate2", Module())
    return found


def given(model: TextModel, task: str, **options: Any) -> None:
    """A task with options, as a user of the library gives them."""
    work: dict[str, Callable[..., object]] = {
        "translate": lambda **o: model.translate(TEXT, **o),
        "summarize": lambda **o: model.summarize(TEXT, **o),
        "answer": lambda **o: model.answer(("Who?", TEXT), **o),
        "generate": lambda **o: model.generate(TEXT, **o),
    }
    work[task](**options)


def wanted(field: str, value: Any, decoding: Mapping[str, Any]) -> tuple[str, Any]:
    """The engine's argument and what it must be."""
    if field == "max_length" or field == "forced_end":
        most = value if field == "max_length" else decoding["max_length"]
        forced = value if field == "forced_end" else decoding["forced_end"]
        return "max_decoding_length", max(1, most - forced)
    name, _ = {**NUMBERS, **OTHERS}[field]
    if field in OTHERS:
        if isinstance(value, bool):
            return name, value
        return name, [list(row) if field == "suppress" else row for row in value] or None
    return name, value


@pytest.mark.parametrize("task", TASKS)
def test_values_of_keywords_reach_the_engine(task: str, directory: Path, calls: Calls) -> None:
    tested = {*NUMBERS, *OTHERS, *COMPOSED, *SAMPLED, PREFIX, SEARCH, SHORTLIST, "sample", *LATER}
    assert tested == {field.name for field in fields(Decoding)}
    assert NUMBERS.keys() | COMPOSED | SAMPLED == LIMITS.keys()
    with s2scli.load(directory, task, threads=1) as model:
        for field, (_, values) in {**NUMBERS, **OTHERS}.items():
            if field == "n_best" and task in ("summarize", "answer"):
                continue
            for value in values:
                calls.clear()
                given(model, task, **{field: value})
                name, expected = wanted(field, value, OWN)
                assert [call[name] for call in calls] == [expected], (field, value)


@pytest.mark.parametrize("task", TASKS)
def test_what_is_not_given_is_the_models(task: str, directory: Path, calls: Calls) -> None:
    with s2scli.load(directory, task, threads=1) as model:
        given(model, task, **dict.fromkeys(OWN))  # None is not given
        given(model, task)
    for call in calls:
        for field, value in OWN.items():
            name, expected = wanted(field, value, OWN)
            assert call[name] == expected, field


def test_an_end_is_not_forced_if_nobody_wants_it(ending: Path, calls: Calls) -> None:
    with s2scli.load(ending, threads=1) as model:
        model.translate(TEXT)
        model.translate(TEXT, forced_end=False)
    assert [call["max_decoding_length"] for call in calls] == [8, 9]


@pytest.mark.parametrize("task", TASKS)
def test_what_is_no_number_is_refused(task: str, directory: Path, calls: Calls) -> None:
    """False is no 0: whoever gives it means something else."""
    with s2scli.load(directory, task, threads=1) as model:
        for field in LIMITS:
            for value in (False, True, "1", [1]):
                with pytest.raises(UsageError, match=field):
                    given(model, task, **{field: value})
        with pytest.raises(UsageError, match="forced_end"):
            given(model, task, forced_end=0)
    assert not calls


@pytest.mark.parametrize("task", ["summarize", "answer"])
def test_several_hypotheses_where_one_is_used_are_refused(task: str, directory: Path) -> None:
    with s2scli.load(directory, task, threads=1) as model:
        given(model, task, n_best=1)
        with pytest.raises(UsageError, match="n_best"):
            given(model, task, n_best=2)


def test_more_than_a_model_can_is_said(directory: Path, calls: Calls) -> None:
    with s2scli.load(directory, threads=1) as model:
        longest = model.model.manifest.max_target_tokens
        with pytest.warns(UserWarning, match=f"max_length is {longest + 1}"):
            model.translate(TEXT, max_length=longest + 1)
        assert calls[-1]["max_decoding_length"] == longest
        with pytest.warns(UserWarning, match=f"max_length is {longest + 1}"):
            model.translate(TEXT, max_length=longest + 1)  # each time
        with pytest.raises(UsageError, match="min_length is 10"):
            model.translate(TEXT, min_length=10)  # than the model's own maximum


def test_options_that_compare_equal_are_of_their_own_type(directory: Path, calls: Calls) -> None:
    with s2scli.load(directory, threads=1) as model:
        model.translate(TEXT, beam_size=1)
        for value in (True, 1.0):
            with pytest.raises(UsageError, match="beam_size is"):
                model.translate(TEXT, beam_size=value)
        model.translate(TEXT, beam_size=2)
        assert [call["beam_size"] for call in calls] == [1, 2]


@pytest.fixture
def text_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file that commands read, in the folder that they run in."""
    monkeypatch.chdir(tmp_path)
    Path("text").write_text(TEXT + "\n")


COMMANDS = {
    "translate": ("translate", "text"),
    "summarize": ("summarize", "text"),
    "answer": ("answer", "Who?", "text"),
    "generate": ("generate", "--prompt", "{text}", "text"),
}
# Field → its option.
SPELLED = {"no_repeat_ngram_size": "--no-repeat-ngram", "beam_size": "--beam"}


@pytest.mark.usefixtures("text_file")
@pytest.mark.parametrize("task", TASKS)
@pytest.mark.parametrize("setting", ["flag", "environment"])
def test_values_of_options_reach_the_engine(
    task: str,
    setting: str,
    directory: Path,
    calls: Calls,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    named = [name for name in SearchOptions.names() if name in NUMBERS]
    named += ["n_best"] * (task in ("translate", "generate"))
    common = ("-m", str(directory), "--threads", "1", "-o", "out", "--report", "report")
    form = ("--format", "jsonl") if "n_best" in named else ()
    for field in named:
        option = SPELLED.get(field, f"--{field.replace('_', '-')}")
        for value in NUMBERS[field][1]:
            calls.clear()
            flag = (f"{option}={value}",) if setting == "flag" else ()
            variable = f"S2S_{task}_{option[2:]}".upper().replace("-", "_")
            with monkeypatch.context() as patch:
                if not flag:
                    patch.setenv(variable, str(value))
                assert run([*COMMANDS[task], *common, *form, *flag]) == 0
            name, expected = wanted(field, value, OWN)
            assert [call[name] for call in calls] == [expected], (field, value)
            assert json.loads(Path("report").read_text())["decoding"][field] == value


# Option → its value, and what the engine must get: by its argument, from the source's tokens.
RELATIVE: dict[tuple[str, str], tuple[str, Callable[[int], int]]] = {
    ("max_length", "1.5x"): ("max_decoding_length", lambda n: math.ceil(1.5 * n)),
    ("max_length", "0.1x"): ("max_decoding_length", lambda n: max(1, math.ceil(0.1 * n))),
    ("min_length", ".5x"): ("min_decoding_length", lambda n: max(3, n // 2)),
}


@pytest.mark.usefixtures("text_file")
@pytest.mark.parametrize("task", TASKS)
@pytest.mark.parametrize("way", ["keyword", "flag", "environment"])
def test_lengths_relative_to_the_source(
    task: str,
    way: str,
    directory: Path,
    calls: Calls,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    counts: list[int] = []
    submit = Model.submit

    def counting(model: Model, sources: Any, decoding: Decoding) -> Any:
        counts.extend(map(len, sources))
        return submit(model, sources, decoding)

    monkeypatch.setattr(Model, "submit", counting)
    common = ("-m", str(directory), "--threads", "1", "-o", "out", "--report", "report")
    for (field, value), (name, expected) in RELATIVE.items():
        calls.clear()
        counts.clear()
        option = field.replace("_", "-")
        more = {"max_length": 60} if field == "min_length" else {}
        if way == "keyword":
            with s2scli.load(directory, task, threads=1) as model:
                given(model, task, **{field: value}, **more)
        else:
            flags = ["--max-length=60"] if more else []
            with monkeypatch.context() as patch:
                if way == "flag":
                    flags.append(f"--{option}={value}")
                else:
                    patch.setenv(f"S2S_{task}_{field}".upper(), value)
                assert run([*COMMANDS[task], *common, *flags]) == 0
            ratio = json.loads(Path("report").read_text())["decoding"][f"{field[:3]}_ratio"]
            assert ratio == float(value[:-1])
        assert [call[name] for call in calls] == [expected(counts[0])], (field, value)


@pytest.mark.usefixtures("text_file")
@pytest.mark.parametrize("task", TASKS)
@pytest.mark.parametrize("way", ["keyword", "flag", "environment"])
def test_words_and_penalties_reach_the_engine(
    task: str,
    way: str,
    directory: Path,
    calls: Calls,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    words = {"suppress_words": ["first", "some"], "coverage_penalty": 0.5, "no_unknown": True}
    if way == "keyword":
        with s2scli.load(directory, task, threads=1) as model:
            given(model, task, **words)
    else:
        flags = ["--suppress=first", "--suppress=some", "--coverage-penalty=0.5", "--no-unk"]
        if way == "environment":
            flags = []
            monkeypatch.setenv(f"S2S_{task}_SUPPRESS".upper(), "first\nsome")
            monkeypatch.setenv(f"S2S_{task}_COVERAGE_PENALTY".upper(), "0.5")
            monkeypatch.setenv(f"S2S_{task}_NO_UNK".upper(), "1")
        assert run([*COMMANDS[task], "-m", str(directory), "-o", "out", *flags]) == 0
    call = calls[0]
    assert call["disable_unk"] is True
    assert call["num_hypotheses"] == OWN["beam_size"]  # all are ranked
    assert "".join(call["suppress_sequences"][0]) == "<unk>"  # the model's own stay
    written = {"".join(row) for row in call["suppress_sequences"][1:]}
    assert written >= {"first", "some"}


def test_what_makes_no_sense_together_is_refused(directory: Path) -> None:
    with s2scli.load(directory, threads=1) as model:
        for options, reason in (
            ({"min_length": "2x", "max_length": "1x"}, "min_ratio"),
            ({"max_length": "0x"}, "above 0"),
            ({"min_length": 900, "max_length": "0.1x"}, "For every source"),
            ({"min_length": "5x", "max_length": 2}, "For every source"),
            ({"max_length": "2000x"}, "out of range"),
            ({"suppress_words": "first"}, "must be a list"),
            ({"suppress_words": [" "]}, "not a word"),
            ({"suppress_words": [7]}, "not a word"),
        ):
            with pytest.raises(UsageError, match=reason):
                model.translate(TEXT, **options)


@pytest.mark.parametrize(
    ("least", "most", "which"),
    [(5, "1.5x", "fewer than 4"), ("0.5x", 20, "40 or more"), (1, "2x", ""), ("0.5x", "1x", "")],
)
def test_lengths_that_exclude_each_other_for_some_sources(
    least: int | str, most: int | str, which: str
) -> None:
    given = {"min_length": least, "max_length": most}
    named = {"min_length": 1, "max_length": 500, **with_ratios(given)}
    note = lengths_at_odds(Decoding(**named), given, 500)
    assert (f"for sources of {which} tokens" in note) == bool(note) == bool(which)
    if which:
        border = int(which.split()[-1 if "fewer" in which else 0])
        for size in range(1, 500):
            least_now = max(named["min_length"], int(named.get("min_ratio", 0) * size))
            gives_way = Decoding(**named).sized(size).min_length < least_now
            assert gives_way == ((size < border) == ("fewer" in which))
