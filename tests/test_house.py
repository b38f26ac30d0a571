"""``scripts/measure_house.py``, and what the package's plan must not become."""

from __future__ import annotations

import re
from importlib import import_module
from pathlib import Path
from types import ModuleType

import pytest

import s2scli

SCRIPTS = Path(__file__).parents[1] / "scripts"
PACKAGE = Path(s2scli.__file__).parent


@pytest.fixture
def measuring(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    monkeypatch.syspath_prepend(SCRIPTS)
    return import_module("measure_house")


def test_sizes_rings_and_names(measuring: ModuleType) -> None:
    house = measuring.House.of(PACKAGE)
    assert house.circles() == []
    assert house.twice() == {}
    assert house.percentile(0.95) <= 30
    longest = house.functions[-1]
    assert longest.lines <= 65, longest.place
    module, lines = max(house.lines.items(), key=lambda row: row[1])
    assert lines <= 400, module
    room, lines = house.rooms().most_common(1)[0]
    assert lines <= 0.25 * sum(house.lines.values()), room


def test_what_is_measured(measuring: ModuleType, tmp_path: Path) -> None:
    """Imports within functions count, those for a type checker do not."""
    house = tmp_path / "house"
    (house / "room").mkdir(parents=True)
    (house / "__init__.py").write_text("")
    (house / "room" / "__init__.py").write_text("class A:\n    pass\n")
    (house / "a.py").write_text("def f():\n    from house import b\n\n\nclass A:\n    pass\n")
    (house / "b.py").write_text("from . import c\n")
    (house / "c.py").write_text("import house.a\nfrom .room import A\n")
    (house / "d.py").write_text(
        "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import house.e\n"
    )
    (house / "e.py").write_text("import house.d\n")
    found = measuring.House.of(house)
    assert found.circles() == [["house.a", "house.b", "house.c"]]
    assert found.imports["house.c"] == {"house.a", "house.room"}
    assert found.imports["house.d"] == set()
    assert found.twice() == {"A": ["house.a", "house.room"]}
    assert found.rooms()["room"] == 2
    assert found.functions == (measuring.Function("house.a:f", 2),)


def test_messages_are_written_by_the_console_alone() -> None:
    """Progress displays are drawn by rich; all else that goes to stderr is a ``Console``'s."""
    written = re.compile(r"sys\.stderr\.(write|buffer)|\berr=True|stderr=True|file=sys\.stderr")
    found = {
        str(path.relative_to(PACKAGE))
        for path in PACKAGE.rglob("*.py")
        if written.search(path.read_text("utf-8"))
    }
    assert found == {"cli/console.py", "cli/progress.py"}
