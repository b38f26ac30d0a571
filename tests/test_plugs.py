"""Loading by name, and advice for names that nobody knows."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

import click
import pytest

from s2scli.cli.group import LazyGroup
from s2scli.cli.main import cli
from s2scli.documents import FORMATS, open_format
from s2scli.documents.base import FormatOptions
from s2scli.errors import S2SError
from s2scli.inference.engines import ENGINES, ON_GPUS, PACKAGES
from s2scli.inference.tokenizers import TOKENIZERS, open_tokenizer
from s2scli.metrics import METRICS
from s2scli.metrics.base import load_metric
from s2scli.models.convert import FAMILIES
from s2scli.models.convert.refusals import refusal
from s2scli.models.manifest import TokenizerRecipe
from s2scli.pipelines import pipeline
from s2scli.plugs import load, nearest, suggestion
from s2scli.tasks import STRATEGIES
from s2scli.tasks.summary import Strategy


def _format(name: str) -> None:
    open_format(name, FormatOptions())


def _tokenizer(name: str) -> None:
    open_tokenizer(TokenizerRecipe(name, "source", "target"), Path("model"))


def _family(name: str) -> None:
    raise refusal("checkpoint", {"model_type": name}, FAMILIES)


# What a person names → the table, and what is done with a name.
TABLES: dict[str, tuple[Iterable[str], Callable[[str], object]]] = {
    "formats": (FORMATS, _format),
    "metrics": (METRICS, load_metric),
    "tokenizers": (TOKENIZERS, _tokenizer),
    "families": (FAMILIES, _family),
    "strategies": (STRATEGIES, Strategy),
    "pipelines": (("translation", "summarization", "question-answering"), pipeline),
}


@pytest.mark.parametrize("table", TABLES)
def test_the_error_of_an_unknown_name_says_what_is_nearest(table: str) -> None:
    names, use = TABLES[table]
    for name in names:
        wrong = f"{name[:-1]}-{name[-1]}"
        with pytest.raises(S2SError) as caught:
            use(wrong)
        assert repr(wrong) in str(caught.value)
        near = nearest(wrong, names)
        # "t-5" is like nothing that there is.
        assert (f"Did you mean {near[0]}?" if near else "Known") in str(caught.value)


@pytest.mark.parametrize("table", TABLES)
def test_the_error_of_a_name_unlike_all_lists_what_there_is(table: str) -> None:
    names, use = TABLES[table]
    with pytest.raises(S2SError) as caught:
        use("quuxquuxquux")
    assert all(name in str(caught.value) for name in names)


@pytest.mark.parametrize("path", [(), ("models",), ("memory",)])
def test_a_command_that_is_near_is_said_in_each_group(path: tuple[str, ...]) -> None:
    group = cli
    ctx = click.Context(cli)
    for name in path:
        found = group.get_command(ctx, name)
        assert isinstance(found, LazyGroup)
        group = found
    for name in group.table:
        with pytest.raises(click.UsageError, match=f"Did you mean {name}\\?"):
            cli.main([*path, f"{name}x"], standalone_mode=False)


def test_every_engine_can_be_opened_and_says_what_it_depends_on() -> None:
    assert ENGINES.keys() == PACKAGES.keys() >= ON_GPUS
    for target in ENGINES.values():
        assert callable(load(target))


def test_load_imports_what_is_named() -> None:
    assert load("s2scli.plugs:nearest") is nearest
    with pytest.raises(AttributeError):
        load("s2scli.plugs:farthest")
    with pytest.raises(ImportError):
        load("s2scli.no_such_module:nearest")


def test_the_nearest_names_come_first_and_case_does_not_count() -> None:
    assert nearest("BLUE", ["chrf", "bleu", "ter"]) == ["bleu"]
    assert nearest("rougel", ["rouge1", "rougeL"]) == ["rougeL"]
    assert nearest("wmt1", ["wmt13", "wmt14", "iwslt17"], 2) in (
        ["wmt13", "wmt14"],
        ["wmt14", "wmt13"],
    )
    assert nearest("x", ["chrf"]) == []
    assert nearest("", ["chrf"]) == []


def test_a_suggestion_is_a_sentence() -> None:
    assert suggestion("blue", ["bleu", "ter"]) == "Did you mean bleu?"
    assert suggestion("x", ["bleu", "ter"]) == "Known: bleu, ter."
    assert suggestion("x", ["bleu", "ter"], "List them with --list.") == "List them with --list."
    assert suggestion("x", ["bleu", "ter"], "") == ""
