"""Print how the package is built: sizes, circles of imports, names that stand for two things.

From the root of the repository::

    python scripts/measure_house.py

The table is Markdown. Sizes are lines of files as they are, blank lines and docstrings included.
``tests/test_house.py`` holds the bounds.
"""

from __future__ import annotations

import ast
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

PACKAGE = Path(__file__).parents[1] / "s2scli"
FUNCTIONS = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True)
class Function:
    """A function or a method.

    Attributes:
        place: its module and name.
        lines: from ``def`` to its last line.
    """

    place: str
    lines: int


@dataclass(frozen=True)
class House:
    """A package as data.

    Attributes:
        lines: of each module.
        functions: all of them, the shortest first.
        imports: of each module the modules of the package that it imports, within functions too;
            not those that only a type checker imports.
        classes: of each public class name the modules that define it.
    """

    lines: Mapping[str, int]
    functions: tuple[Function, ...]
    imports: Mapping[str, set[str]]
    classes: Mapping[str, list[str]]

    @classmethod
    def of(cls, package: Path) -> House:
        """Read the source of a package."""
        trees = {_name(path, package): path for path in sorted(package.rglob("*.py"))}
        lines, imports = {}, {}
        functions: list[Function] = []
        classes: defaultdict[str, list[str]] = defaultdict(list)
        for name, path in trees.items():
            text = path.read_text(encoding="utf-8")
            tree = ast.parse(text)
            lines[name] = len(text.splitlines())
            imports[name] = set(_imports(tree, name, path.name == "__init__.py", set(trees)))
            for node in _statements(tree):
                if isinstance(node, FUNCTIONS):
                    size = (node.end_lineno or node.lineno) - node.lineno + 1
                    functions.append(Function(f"{name}:{node.name}", size))
                elif isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                    classes[node.name].append(name)
        functions.sort(key=lambda function: function.lines)
        return cls(lines, tuple(functions), imports, classes)

    def percentile(self, share: float) -> int:
        """The lines that this share of the functions does not exceed."""
        return self.functions[min(int(len(self.functions) * share), len(self.functions) - 1)].lines

    def rooms(self) -> Counter[str]:
        """The lines of each room: a folder of the package, or a module beside these."""
        found: Counter[str] = Counter()
        for name, lines in self.lines.items():
            found[".".join(name.split(".")[1:2]) or "__init__"] += lines
        return found

    def circles(self) -> list[list[str]]:
        """The groups of modules that import each other, directly or in a ring."""
        reached = {name: _reached(name, self.imports) for name in self.imports}
        groups = {
            frozenset(other for other in reached[name] if name in reached[other])
            for name in self.imports
            if name in reached[name]
        }
        return sorted(sorted(group) for group in groups)

    def twice(self) -> dict[str, list[str]]:
        """The public class names that several modules define."""
        return {name: places for name, places in sorted(self.classes.items()) if len(places) > 1}


def _name(path: Path, package: Path) -> str:
    parts = path.relative_to(package.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def _statements(node: ast.AST, *, runs: bool = False) -> Iterator[ast.AST]:
    """The statements in another, and in those.

    Args:
        node: the module, or a statement.
        runs: without those that only a type checker looks at.
    """
    for name in ("body", "handlers", "cases", "orelse", "finalbody"):
        is_typing = name == "body" and isinstance(node, ast.If) and _is_typing(node.test)
        for inner in () if runs and is_typing else getattr(node, name, ()):
            yield inner
            yield from _statements(inner, runs=runs)


def _is_typing(test: ast.expr) -> bool:
    return "TYPE_CHECKING" in ast.dump(test)


def _imports(tree: ast.Module, name: str, is_package: bool, known: set[str]) -> Iterator[str]:
    """The modules of the package that a module imports when it runs."""
    for node in _statements(tree, runs=True):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name in known - {name})
        elif isinstance(node, ast.ImportFrom):
            base = name.split(".")[: -node.level + is_package or None] if node.level else []
            module = ".".join([*base, *([node.module] if node.module else [])])
            for alias in node.names:
                found = f"{module}.{alias.name}"
                found = found if found in known else module
                if found in known and found != name:
                    yield found


def _reached(start: str, imports: Mapping[str, set[str]]) -> set[str]:
    """The modules that a module imports, and those that these import, and so on."""
    found: set[str] = set()
    todo = list(imports[start])
    while todo:
        name = todo.pop()
        if name not in found:
            found.add(name)
            todo += imports[name]
    return found


def main() -> None:
    """Print the table."""
    house = House.of(PACKAGE)
    total, longest = sum(house.lines.values()), house.functions[-1]
    module, most = max(house.lines.items(), key=lambda row: row[1])
    room, size = house.rooms().most_common(1)[0]
    circles, twice = house.circles(), house.twice()
    rows = [
        ("modules", f"{len(house.lines)}", ""),
        ("lines", f"{total:,}", ""),
        ("functions", f"{len(house.functions):,}", ""),
        ("median of functions, lines", f"{house.percentile(0.5)}", ""),
        ("95th percentile of functions, lines", f"{house.percentile(0.95)}", "30"),
        ("longest function, lines", f"{longest.lines} (`{longest.place}`)", "65"),
        ("longest module, lines", f"{most} (`{module}`)", "400"),
        ("modules in circles of imports", f"{sum(map(len, circles))}", "0"),
        ("public class names that stand twice", f"{len(twice)}", "0"),
        ("largest room", f"{size / total:.0%} (`{room}`)", "25%"),
    ]
    print("| what | now | bound |\n| --- | --- | --- |")
    print("\n".join(f"| {' | '.join(row)} |".replace("|  |", "| |") for row in rows))
    for ring in circles:
        print("\ncircle: " + ", ".join(ring))
    for name, places in twice.items():
        print(f"\n{name}: " + ", ".join(places))


if __name__ == "__main__":
    main()
