"""What stands in a folder of plug-ins stands in its table, and the tables agree with each other."""

from __future__ import annotations

import ast
import inspect
import pkgutil
from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

import s2scli
from s2scli.cli import COMMANDS
from s2scli.cli.score import command as score
from s2scli.data import CAPTION, SCORED_TASKS, TASKS
from s2scli.documents import BEGINNINGS, EXTENSIONS, FORMATS, UNITS, WRITTEN_AS
from s2scli.documents.base import FormatOptions
from s2scli.errors import UsageError
from s2scli.inference.frame import Job
from s2scli.inference.tokenizers import TOKENIZERS, Tokenizer
from s2scli.metrics import LEARNED, METRICS
from s2scli.metrics.base import Metric, load_metric
from s2scli.models.convert import FAMILIES
from s2scli.models.convert.family import Conversion
from s2scli.models.store import DEFAULT_MODEL, bundled_directory
from s2scli.text.templates import Template

PACKAGE = Path(s2scli.__file__).parent
ROOMS_OF_FORMATS = ("documents", "markup", "catalogues", "office")


def modules(package: str) -> Iterator[ModuleType]:
    """All modules below a package."""
    found = import_module(package)
    for each in pkgutil.walk_packages(found.__path__, f"{package}."):
        yield import_module(each.name)


def plugins(package: str, is_one: Callable[[Any], bool]) -> set[str]:
    """What the modules of a folder define that could stand in its table."""
    return {
        f"{module.__name__}:{name}"
        for module in modules(package)
        for name, value in vars(module).items()
        if getattr(value, "__module__", "") == module.__name__ and is_one(value)
    }


def gives(kind: type) -> Callable[[Any], bool]:
    """Whether something is a function that gives a kind of objects, or one of its kinds."""

    def names(each: type) -> set[str]:
        return {each.__name__}.union(*map(names, each.__subclasses__()))

    return lambda value: (
        inspect.isfunction(value) and value.__annotations__.get("return") in names(kind)
    )


def test_each_metric_of_the_folder_is_in_its_table() -> None:
    found = plugins("s2scli.metrics", gives(Metric))
    assert found - {f"{load_metric.__module__}:load_metric"} == {
        target for target, _, _ in METRICS.values()
    }


def test_each_learned_metric_is_in_its_table() -> None:
    found = plugins("s2scli.tasks.learned", gives(Metric))
    assert found == {each.target for each in LEARNED.values()}


def test_each_family_of_the_folder_is_in_its_table() -> None:
    found = plugins(
        "s2scli.models.convert",
        lambda value: gives(Conversion)(value) and value.__name__ == "convert",
    )
    assert found == set(FAMILIES.values())


def test_each_tokenizer_of_the_folder_is_in_its_table() -> None:
    methods = [name for name in vars(Tokenizer) if not name.startswith("_")]
    found = plugins(
        "s2scli.inference.tokenizers",
        lambda value: inspect.isclass(value) and all(hasattr(value, name) for name in methods),
    )
    assert found - {f"{Tokenizer.__module__}:Tokenizer"} == set(TOKENIZERS.values())


def imported(module: str) -> set[str]:
    """The modules that a module names in its imports, those within functions too."""
    path = PACKAGE.parent.joinpath(*module.split("."))
    file = path / "__init__.py" if path.is_dir() else path.with_suffix(".py")
    found = set()
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module, *(f"{node.module}.{name.name}" for name in node.names)}
    return found


def test_each_file_of_the_formats_is_of_a_format_in_their_table() -> None:
    """The parts of a format have modules of their own, which that of the format leads to."""
    names = {each.__name__ for room in ROOMS_OF_FORMATS for each in modules(f"s2scli.{room}")}
    everybody = {each.__name__ for each in modules("s2scli") if each.__name__ not in names}
    waiting = [target.partition(":")[0] for target in FORMATS.values()]
    waiting += [name for each in everybody for name in imported(each) & names]
    reached: set[str] = set()
    while waiting:
        if (name := waiting.pop()) not in reached:
            reached.add(name)
            waiting += imported(name) & names
    files = {name for name in names if not hasattr(import_module(name), "__path__")}
    assert files - reached == set()


def test_the_tables_of_formats_agree() -> None:
    assert WRITTEN_AS.keys() <= FORMATS.keys()
    assert BEGINNINGS.keys() <= EXTENSIONS.keys()
    assert FormatOptions().unit == UNITS[0]


def test_the_table_of_tasks_agrees_with_those_of_commands_and_metrics() -> None:
    assert TASKS.keys() <= COMMANDS.keys()
    for name, task in TASKS.items():
        assert set(task.metrics) <= METRICS.keys()
        assert set(task.compared) <= set(task.metrics)
        assert bool(Template.parse(task.prompt).slots) == (name != CAPTION)
    (option,) = [param for param in score.params if param.name == "task"]
    assert list(getattr(option.type, "choices", ())) == list(SCORED_TASKS)


def test_a_task_that_nobody_knows_is_refused_with_the_nearest() -> None:
    with pytest.raises(UsageError, match="Did you mean summarize"):
        Job("sumarize")
    with pytest.raises(UsageError, match="Did you mean summarize"):
        s2scli.load(bundled_directory(DEFAULT_MODEL), "sumarize")
