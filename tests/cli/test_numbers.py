"""Every number that a command takes has two bounds, and within them it can be run."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from importlib import import_module
from typing import Any

import click
import pytest

from s2scli import load
from s2scli.cli import COMMANDS
from s2scli.cli.group import LazyGroup
from s2scli.cli.numbers import Numbers, Real, Whole
from s2scli.errors import UsageError
from s2scli.limits import LIMITS, SAMPLING
from tests.cli.test_models import complaint
from tests.conftest import Run

NEVER = ("nan", "inf", "-inf", "1e400", "9" * 30, "-" + "9" * 30, "9" * 5000, "", "x", "1,nan")
FORMS_OF_PYTHON = ("1_0", "１", "٢", "0x1", "1__0")
# Options whose values hold numbers in a form of their own.
FORMS = {"--shard": "1/{}", "--length": "{} words", "--fail-under": "bleu={}"}
MAX_LENGTH = 20  # tokens


def commands() -> Iterator[tuple[str, click.Command]]:
    context = click.Context(click.Command("s2s"))
    for name, (place, _) in COMMANDS.items():
        module, _, attribute = place.partition(":")
        command = getattr(import_module(module), attribute)
        if isinstance(command, LazyGroup):
            for inner in command.table:
                found = command.get_command(context, inner)
                assert found
                yield f"{name} {inner}", found
        else:
            yield name, command


def numbers() -> Iterator[tuple[str, click.Command, click.Option]]:
    for name, command in commands():
        for option in command.params:
            kind = option.type
            assert kind not in (click.INT, click.FLOAT), f"{name} {option.name} has no bounds"
            if isinstance(kind, click.IntRange | click.FloatRange | Numbers):
                assert isinstance(kind, Whole | Real | Numbers), f"{name} {option.name}"
                assert isinstance(option, click.Option)
                yield name, command, option


ALL = [pytest.param(c, o, id=f"{name} {o.opts[-1]}") for name, c, o in numbers()]


def parsed(command: click.Command, option: click.Option, value: str) -> Any:
    """What the command makes of a value of an option."""
    with click.Context(command) as context:
        return option.type_cast_value(context, value)


def test_there_are_numbers_in_many_commands() -> None:
    assert len({name for name, _, _ in numbers()}) >= 7
    assert len(ALL) >= 60


@pytest.mark.parametrize(("command", "option"), ALL)
def test_both_bounds(command: click.Command, option: click.Option) -> None:
    kind = option.type.kind if isinstance(option.type, Numbers) else option.type
    assert isinstance(kind, Whole | Real)
    least, most = kind.min, kind.max
    assert least is not None
    assert most is not None
    assert math.isfinite(least)
    assert math.isfinite(most)
    for value in (least, most):
        found = parsed(command, option, str(value))
        assert found == ((value,) if isinstance(option.type, Numbers) else value)
    for text in (str(least - 1), str(most + 1), *NEVER, *FORMS_OF_PYTHON):
        with pytest.raises(click.BadParameter) as caught:
            parsed(command, option, text)
        assert len(caught.value.message) < 200


@pytest.mark.parametrize(
    "arguments",
    [
        ("translate", "--beam", "9" * 23),
        ("translate", "--threads", "100000"),
        ("translate", "--length-penalty", "nan"),
        ("translate", "--repetition-penalty", "inf"),
        ("score", "a", "b", "--seed", "-1"),
        ("score", "a", "b", "--resamples", "9" * 12),
        ("evaluate", "--beam", "1,0"),
        *(
            (command, "/", option, form.format(number))
            for command, option in (
                ("translate", "--shard"),
                ("summarize", "--length"),
                ("score", "--fail-under"),
            )
            for form in (FORMS[option],)
            for number in ("9" * 5000, "-1", "nan", "1e400")
            if (option, number) != ("--fail-under", "-1")  # a gate may be below 0
        ),
    ],
)
def test_one_line(s2s: Run, arguments: tuple[str, ...]) -> None:
    complaint(s2s(*arguments, stdin=b"Hello!\n"), 2)


@pytest.mark.parametrize("field", LIMITS)
@pytest.mark.parametrize("end", [0, 1])
def test_the_engine_works_at_the_bounds(s2s: Run, field: str, end: int) -> None:
    options = {"beam_size": "--beam", "no_repeat_ngram_size": "--no-repeat-ngram"}
    option = options.get(field, f"--{field.replace('_', '-')}")
    value = LIMITS[field][end]
    if field.endswith("_ratio"):  # in options, such a number has an x
        with load("en-de", threads=1) as model:
            (result,) = model.translate(["Hello!"], max_length=MAX_LENGTH, **{field: value})
            assert result.text
        return
    drawn = ["--sample"] * (field in SAMPLING)
    # Of what is drawn from all pieces alike, none may be the end for long.
    length = [] if field.endswith("_length") else ["--max-length", MAX_LENGTH]
    arguments = ("translate", "--format", "jsonl", *drawn, *length, option, value, "--threads", 1)
    done = s2s(*arguments, stdin=b"Hello!\n")
    if option == "--min-length" and end:
        complaint(done, 2)
        return
    assert done.returncode == 0, done.stderr
    row = json.loads(done.stdout)
    assert row["target"].isprintable()
    assert all(math.isfinite(each["score"]) for each in row["hypotheses"])


def test_python_has_the_same_bounds() -> None:
    with load("en-de", threads=1) as model:
        for field, (least, most) in LIMITS.items():
            for value in (least - 1, most + 1, float("nan"), 10**20):
                with pytest.raises(UsageError, match=f"{field} is "):
                    model.decoding("translate", **{field: value})
        assert model.decoding("translate", no_repeat_ngram_size=0).no_repeat_ngram_size == 0
        assert model.decoding("translate", length_penalty=0).length_penalty == 0
    with pytest.raises(UsageError, match="100000 threads are too many"):
        load("en-de", threads=100000)


@pytest.mark.parametrize("value", ["-1x", "+2x", "1,5x", "1.5xx", "x", "1e1x", "abc"])
def test_what_is_no_length_is_told_what_one_is(s2s: Run, value: str) -> None:
    line = complaint(s2s("translate", "--max-length", value, stdin=b"Hello!\n"), 2)
    assert "give a number of tokens (40), or a multiple of the source's (1.5x)" in line
