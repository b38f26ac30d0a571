"""``s2s models pull``, ``remove``, ``verify`` and ``default``."""

from __future__ import annotations

import click

from s2scli.cli.console import Console
from s2scli.cli.install_options import (
    INSTALL_RULES,
    InstallCommand,
    InstallOptions,
    complete_known,
    install_options,
    is_files,
)
from s2scli.cli.installation import Beside, carry_out, convert_files, show_report
from s2scli.cli.options import complete_model, quiet_option
from s2scli.cli.sections import Command
from s2scli.cli.unused import Rule
from s2scli.data import SCORE, TASKS
from s2scli.errors import InvalidModelError, UnavailableError, UsageError

__all__ = ["default", "pull", "remove", "verify"]


@click.command("pull", cls=InstallCommand, rules=INSTALL_RULES, shown=("shortlist",))
@click.argument(
    "models", nargs=-1, required=True, metavar="MODEL...", shell_complete=complete_known
)
@install_options
@click.option(
    "--shortlist",
    metavar="FILE",
    type=click.Path(),
    help="Make a shortlist from this text too; see 's2s models shortlist'.",
)
def pull(models: tuple[str, ...], install: InstallOptions, shortlist: str | None) -> None:
    """Download models from the hub and convert them into the store.

    MODEL is an alias of 's2s models list' or a model of the hub (OWNER/NAME), of which an
    interrupted download is resumed; or a directory or an archive (.tar.gz, .zip) of a checkpoint
    or of Marian's files: a file or its address (http, https).

    \b
    Examples:
      s2s models pull opus-mt-en-fr
      s2s models pull ./ende.student.tiny11.tar.gz
    """
    from s2scli.cli.files import check_inputs
    from s2scli.cli.models.shortlist import add_shortlist
    from s2scli.models.store import Installed

    console = Console(quiet=install.quiet, progress=True)
    if shortlist:
        check_inputs([shortlist], None)
    for name in models:
        if is_files(name):
            directory = convert_files(
                name, None, None, Beside(), install, console, lists=bool(shortlist)
            )
        else:
            plan, report = carry_out(install.request(name), console)
            directory = plan.target
            if report:
                show_report(report, console, lists=bool(shortlist))
        if shortlist:
            add_shortlist(Installed.at(directory), [shortlist], console)


@click.command("remove", cls=Command)
@click.argument(
    "models", nargs=-1, required=True, metavar="MODEL...", shell_complete=complete_model
)
@quiet_option
def remove(models: tuple[str, ...], quiet: bool) -> None:
    """Delete installed models: all copies of that name, and what is left of their download."""
    from s2scli.models.choices import defaults, set_default
    from s2scli.models.store import home, installed, is_called
    from s2scli.models.store import remove as delete

    console = Console(quiet=quiet)
    for name in models:
        copies = [model for model in installed() if is_called(model, name)]
        if not copies:
            raise UnavailableError(
                f"{name} is not installed",
                "List installed models with: s2s models list --installed.",
            )
        delete(copies)
        for copy in copies:
            console.say(f"removed {copy.directory}")
        for job, chosen in defaults(home()).items():
            if any(is_called(copy, chosen) for copy in copies):
                set_default(home(), job, None)
                console.say(f"no default any more for: {job}")


@click.command("verify", cls=Command)
@click.argument(
    "models", nargs=-1, type=click.Path(), metavar="[MODEL]...", shell_complete=complete_model
)
def verify(models: tuple[str, ...]) -> None:
    """Check the files of installed models, or of those named, against their hashes."""
    from s2scli.models.integrity import damaged_files
    from s2scli.models.store import damaged_directories, installed, is_called

    chosen = [
        model
        for model in installed()
        if not models or any(is_called(model, name) for name in models)
    ]
    if missing := [name for name in models if not any(is_called(m, name) for m in chosen)]:
        raise UnavailableError(f"{missing[0]} is not installed")
    unreadable = [] if models else damaged_directories()
    for path in unreadable:
        click.echo(f"{path.name}\tdamaged: s2s.json\t{path}")
    bad = len(unreadable)
    for model in chosen:
        damaged = list(damaged_files(model.directory, model.manifest))
        bad += bool(damaged)
        state = f"damaged: {', '.join(damaged)}" if damaged else "good"
        click.echo(f"{model.manifest.name}\t{state}\t{model.directory}")
    if bad:
        raise InvalidModelError(
            f"{bad} of {len(chosen) + len(unreadable)} models are damaged",
            "Download them again: s2s models pull --force.",
        )


DEFAULT_RULES = (
    Rule(
        ("task", "source", "target"),
        lambda given: given["model"] or given["unset"],
        "belongs to a MODEL or to --unset",
        "Without these, all choices are listed.",
    ),
)


@click.command("default", cls=Command, rules=DEFAULT_RULES)
@click.argument("model", required=False, type=click.Path(), shell_complete=complete_model)
@click.option(
    "--task",
    type=click.Choice(tuple(task for task in TASKS if task != SCORE)),
    default="translate",
    show_default=True,
    help="Task to choose the model for.",
)
@click.option("--from", "source", metavar="LANG", help="Language of the input.")
@click.option("--to", "target", metavar="LANG", help="Language of the output.")
@click.option("--unset", is_flag=True, help="Forget the choice.")
def default(
    model: str | None, task: str, source: str | None, target: str | None, unset: bool
) -> None:
    """Choose the model to use without -m; without MODEL, list the choices.

    \b
    Examples:
      s2s models default opus-mt-en-fr --from en --to fr
      s2s models default bart-cnn --task summarize
    """
    from s2scli.models.choices import default_key, defaults, set_default
    from s2scli.models.store import Wish, find_model, home

    if model and unset:
        raise UsageError("--unset forgets a choice and takes no model")
    if model:
        from s2scli.cli.misfits import warn_of_misfits
        from s2scli.inference.frame import Job

        found = find_model(Wish(model, task, source, target, option=""))
        warn_of_misfits(found.manifest, Job(task, source, target), Console(), via=False)
        set_default(home(), default_key(task, source, target), model)
    elif unset:
        set_default(home(), default_key(task, source, target), None)
    else:
        for job, name in defaults(home()).items():
            click.echo(f"{job}\t{name}")
