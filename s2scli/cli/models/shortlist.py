"""``s2s models shortlist``."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from s2scli.cli.console import Console
from s2scli.cli.device_options import threads_option
from s2scli.cli.numbers import Real, Whole
from s2scli.cli.options import complete_model, quiet_option
from s2scli.cli.sections import Command
from s2scli.cli.unused import Rule
from s2scli.errors import UsageError

if TYPE_CHECKING:
    from s2scli.models.store import Installed

__all__ = ["add_shortlist", "shortlist"]

LEAST_EQUAL = 97.0
MOST_LONGEST = 100_000  # tokens
WORTH = 1.1  # times as fast; below, a note says so
RULES = (
    Rule(
        ("texts", "check", "reference", "source", "target", "equal", "longest", "threads"),
        lambda given: not given["remove"],
        "has no effect with --remove",
    ),
    Rule(("reference",), lambda given: given["check"], "belongs to --check"),
)


@click.command("shortlist", cls=Command, rules=RULES)
@click.argument("model", type=click.Path(), shell_complete=complete_model)
@click.option(
    "--text",
    "texts",
    multiple=True,
    metavar="FILE",
    type=click.Path(),
    help="Text in the source language, a sentence per line; repeatable.",
)
@click.option(
    "--check",
    metavar="FILE",
    type=click.Path(),
    help="Lines to check the shortlist on.  [default: a tenth of the others, held out]",
)
@click.option(
    "--reference",
    metavar="FILE",
    type=click.Path(),
    help="A translation of each of these lines, for BLEU.",
)
@click.option(
    "--equal",
    type=Real(0.0, 100.0),
    metavar="PERCENT",
    default=LEAST_EQUAL,
    show_default=True,
    help="Translations that surely stay the same, in percent.",
)
@click.option(
    "--longest",
    type=Whole(1, MOST_LONGEST),
    metavar="TOKENS",
    help="Use it only for lines of at most so many tokens.  [default: for all]",
)
@click.option("--from", "source", metavar="LANG", help="Language of the text.")
@click.option("--to", "target", metavar="LANG", help="Language of the output.")
@threads_option
@click.option("--remove", is_flag=True, help="Delete the model's shortlist.")
@quiet_option
def shortlist(
    model: str,
    texts: tuple[str, ...],
    check: str | None,
    reference: str | None,
    equal: float,
    longest: int | None,
    source: str | None,
    target: str | None,
    threads: int | None,
    remove: bool,
    quiet: bool,
) -> None:
    """Make a model faster: limit its search to the words that a text may yield.

    The model translates the text, and its attention tells which tokens each source token yields.
    The list is checked on lines that were held out, at beam sizes 1 and 4, and grows until surely
    97% of their translations stay the same (and BLEU within 0.1).

    \b
    Example:
      s2s models shortlist opus-mt-en-fr --text english.txt
    """
    from s2scli.models.store import Wish, find_model

    console = Console(quiet=quiet, progress=True)
    found = find_model(Wish(model, "translate", source, target, option=""))
    if remove:
        _remove(model, found, console)
        return
    if not texts:
        raise UsageError(
            "A shortlist is made from text in the source language", "Give --text FILE."
        )
    add_shortlist(
        found,
        texts,
        console,
        check=check,
        reference=reference,
        equal=equal,
        longest=longest,
        languages=(source, target),
        threads=threads,
    )


def add_shortlist(
    found: Installed,
    texts: Sequence[str],
    console: Console,
    *,
    check: str | None = None,
    reference: str | None = None,
    equal: float = LEAST_EQUAL,
    longest: int | None = None,
    languages: tuple[str | None, str | None] = (None, None),
    threads: int | None = None,
) -> None:
    """Make a shortlist for an installed model, and say how good it is.

    Args:
        found: the model.
        texts: the files to count on.
        console: for progress and the figures.
        check: the file to check on; None for a part of the texts.
        reference: the file with a translation of each of its lines.
        equal: how many translations must stay the same, in percent.
        longest: how many tokens a line has at most that it is used for; None for any number.
        languages: of the source and of the target, if they are given.
        threads: CPU threads; None for one per core.
    """
    from s2scli.cli.files import check_inputs
    from s2scli.cli.installation import shown_progress
    from s2scli.inference.device import place
    from s2scli.inference.frame import Job
    from s2scli.inference.model import Model
    from s2scli.models.catalogue import shortlist_facts
    from s2scli.tasks.shortlist.making import Material, make_shortlist

    _refuse_bundled(found)
    beside = [name for name in (check, reference) if name]
    check_inputs([*texts, *beside], None)
    content = [_text_of(name) for name in texts]
    material = Material.of(content, *(_text_of(name).split("\n") for name in beside))
    where = place("cpu", threads=threads or 0, engine=found.manifest.engine)
    job = Job("translate", *languages)
    model = Model(found.directory, where, job=job, manifest=found.manifest)
    with shown_progress(console) as tell:
        record = make_shortlist(
            model, found.directory, material, tell, equal=equal / 100, longest=longest or 0
        )
    facts = {"model": found.manifest.name, **shortlist_facts(record)}
    console.table(("", ""), [(name.replace("_", " "), fact) for name, fact in facts.items()])
    if record.faster and record.faster < WORTH:
        console.say(
            "note: with this shortlist the model is hardly faster on the lines that it was checked "
            "on, if at all; --remove deletes it"
        )


def _remove(name: str, found: Installed, console: Console) -> None:
    from s2scli.models.shortlist import remove_shortlist

    _refuse_bundled(found)
    if found.manifest.shortlist is None:
        raise UsageError(f"{name} has no shortlist")
    remove_shortlist(found.directory, found.manifest)
    console.say(f"removed the shortlist of {name}")


def _refuse_bundled(found: Installed) -> None:
    """Refuse to change what is part of the package.

    Raises:
        UsageError: it is.
    """
    if found.bundled:
        raise UsageError(
            f"{found.manifest.name} is part of the package and stays as it is",
            f"Copy the directory {found.directory}, and name the copy.",
        )


def _text_of(name: str) -> str:
    """The text of a file, without its last line break."""
    from s2scli.cli.records import whole_texts

    ((_, text),) = whole_texts([name])
    return text.removesuffix("\n")
