"""``s2s judge make``."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from s2scli.cli.console import Console
from s2scli.cli.numbers import Real, Whole
from s2scli.cli.options import OptionGroup, group, quiet_option
from s2scli.cli.score_options import seed_option
from s2scli.cli.sections import Command
from s2scli.cli.unused import Rule
from s2scli.errors import UsageError
from s2scli.judging.kinds import DIRECT, KINDS, PERCENT

if TYPE_CHECKING:
    from s2scli.judging.design import Design
    from s2scli.judging.planning import JudgingPlan
    from s2scli.tasks.judged_files import Judged

__all__ = ["make"]

MANY = 1_000_000
SCALES = (str(PERCENT), "7", "5")
CONTROL_PERCENT = 10.0
NONE = "none"
RULES = (Rule(("scale",), lambda given: given["kind"] == DIRECT, "is for --kind direct"),)


class _ControlType(click.ParamType[Any]):
    """A sort of control and its share in percent, or that there are none."""

    name = "control"
    percent = Real(0, 100)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """The sort and the percent."""
        from s2scli.judging.design import CONTROLS
        from s2scli.plugs import suggestion

        name, _, number = str(value).partition("=")
        if value == NONE:
            return NONE, 0.0
        if name not in CONTROLS:
            self.fail(f"There is no control {name!r}. {suggestion(name, (*CONTROLS, NONE))}")
        if not number:
            self.fail(f"{value!r} has no share; for 10 percent, write {name}=10.", param, ctx)
        return name, self.percent.convert(number, param, ctx)


class SheetOptions(OptionGroup):
    """What is asked of whom."""

    kind: str
    scale: str
    annotators: int
    items: int | None
    overlap: int
    control: tuple[tuple[str, float], ...]
    seed: int

    def plan(self, *, has_references: bool) -> JudgingPlan:
        """What is wanted of the design.

        Raises:
            UsageError: there is nothing to make a control of, or one sort has two shares.
        """
        from s2scli.judging.planning import JudgingPlan

        return JudgingPlan(
            self.kind,
            self.annotators,
            self.items,
            self.overlap,
            self.seed,
            int(self.scale),
            _controls(self.control, has_references),
        )


def _controls(given: tuple[tuple[str, float], ...], has_references: bool) -> dict[str, float]:
    """The share of each sort of control."""
    from s2scli.judging.design import CONTROLS, REFERENCE

    named = dict(given)
    if twice := [name for name, count in Counter(name for name, _ in given).items() if count > 1]:
        raise UsageError(f"--control {twice[0]} is given twice", "Give each sort once.")
    own = {} if NONE in named else dict.fromkeys(CONTROLS, CONTROL_PERCENT)
    own |= named
    if not has_references:
        if named.get(REFERENCE):
            raise UsageError("--control reference needs references", "Give --reference FILE.")
        own.pop(REFERENCE, None)
    return {name: percent / 100 for name, percent in own.items() if name != NONE}


sheet_options = group(
    "sheets",
    SheetOptions,
    click.option(
        "--kind",
        type=click.Choice([*KINDS]),
        metavar="KIND",
        default=DIRECT,
        show_default=True,
        help="What is asked: direct (ratings of translations), relative (the better of two), mqm "
        "(errors) or summary (ratings of summaries).",
    ),
    click.option(
        "--scale",
        type=click.Choice(SCALES),
        metavar="N",
        default=SCALES[0],
        show_default=True,
        help="Best rating: 100 (from 0), 7 or 5 (from 1).",
    ),
    click.option(
        "--annotators",
        type=Whole(1, 1000),
        default=1,
        show_default=True,
        help="Number of people who judge.",
    ),
    click.option("--items", type=Whole(1, MANY), help="Segments to judge.  [default: all]"),
    click.option(
        "--overlap",
        type=Whole(1, 1000),
        default=1,
        show_default=True,
        help="Number of annotators who see each item.",
    ),
    click.option(
        "--control",
        type=_ControlType(),
        multiple=True,
        metavar="SORT=PERCENT",
        help="Control items, per 100 others: reference, damaged or repeat; or none; repeatable.  "
        "[default: 10 of each]",
    ),
    seed_option,
)


@click.command("make", cls=Command, rules=RULES)
@click.argument("source", type=click.Path())
@click.argument("systems", nargs=-1, required=True, metavar="SYSTEM...", type=click.Path())
@click.option(
    "-o",
    "--output",
    required=True,
    type=click.Path(path_type=Path),
    help="New folder for the sheets and their key.",
)
@click.option("--reference", type=click.Path(), metavar="FILE", help="References.")
@click.option(
    "--documents",
    type=click.Path(),
    metavar="FILE",
    help="Names of documents, one per segment; segments of one stay together.",
)
@sheet_options
@quiet_option
def make(
    source: str,
    systems: tuple[str, ...],
    output: Path,
    reference: str | None,
    documents: str | None,
    sheets: SheetOptions,
    quiet: bool,
) -> None:
    """Make blind sheets on which people judge outputs of systems.

    SOURCE and each SYSTEM have a segment per line (or JSON lines, or a folder of files). Each
    annotator gets a page for a browser, which needs no network, and the same as CSV.
    FOLDER/design.json says which output is whose: keep it from them.

    \b
    Examples:
      s2s judge make test.en a.de b.de --reference test.de -o evaluation
      s2s judge make test.en a.de b.de --kind mqm --annotators 4 --overlap 2 \\
        --items 100 --documents test.docs -o evaluation
    """
    from s2scli.judging.folder import check_new, write_folder
    from s2scli.judging.planning import planned
    from s2scli.tasks.judged_files import JudgedFiles, read_judged

    check_new(output)
    plan = sheets.plan(has_references=reference is not None)
    judged = read_judged(JudgedFiles(source, systems, reference, documents))
    design = planned(plan, judged.segments)
    write_folder(output, design)
    _report(Console(quiet=quiet), output, judged, design)


def _report(console: Console, folder: Path, judged: Judged, design: Design) -> None:
    from s2scli.judging.cells import LONGEST_CELL
    from s2scli.judging.sheets import longer_than

    if judged.blank_sources:
        console.warn(f"segments left out, since their source is blank: {judged.blank_sources:,}")
    for system, count in judged.blank_outputs.items():
        console.warn(f"blank outputs of {system}: {count:,}")
    if long := longer_than(design, LONGEST_CELL):
        console.warn(
            f"texts longer than the {LONGEST_CELL:,} characters of a spreadsheet's cell: {long:,}; "
            "use the pages, not the CSV files"
        )
    controls = Counter(task.control for task in design.tasks)
    plain = controls.pop("", 0)
    named = ", ".join(f"{name} {count:,}" for name, count in sorted(controls.items()))
    loads = Counter(task.annotator for task in design.tasks).values()
    console.say(
        f"{folder}: sheets: {len(design.annotators):,}; items: {len(design.segments):,}; tasks: "
        f"{plain:,}; controls: {named or 'none'}; for each annotator: "
        + (f"{min(loads):,} to {max(loads):,}" if min(loads) < max(loads) else f"{max(loads):,}")
    )
