"""Installing a model on behalf of a command: what is shown, what is asked, what is reported."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from s2scli.addressspace import peak_memory_bytes
from s2scli.cli.console import Console
from s2scli.cli.options import ModelOptions
from s2scli.errors import UsageError

if TYPE_CHECKING:
    from s2scli.cli.install_options import InstallOptions
    from s2scli.models.convert.run import Report
    from s2scli.models.install import InstallPlan, Request, Tell
    from s2scli.models.store import Installed

__all__ = [
    "Beside",
    "carry_out",
    "check_name",
    "convert_files",
    "obtain_model",
    "show_report",
    "shown_progress",
]


class Beside(NamedTuple):
    """What a user names beside a checkpoint; see ``s2scli.models.convert.run.convert``."""

    target_tokenizer: Path | None = None
    encoder: Path | None = None
    layer: int | None = None


SETTINGS = 10  # how many names of settings a line lists


def obtain_model(options: ModelOptions, task: str, console: Console) -> Installed:
    """The model that the options ask for; downloaded if the user agrees.

    Raises:
        NotInstalledError: it is not installed, and nobody said that it may be fetched.
    """
    from s2scli.models.store import NotInstalledError, Wish, find_model

    wish = Wish(
        options.model, task, options.source_language, options.target_language, options.registry
    )
    try:
        return find_model(wish)
    except NotInstalledError as missing:
        if options.offline or not (
            options.yes or console.ask(f"{missing.message}. Download {missing.name}?")
        ):
            raise
        return _pull(missing.name, options.registry, console)


def _pull(name: str, registry: Path | None, console: Console) -> Installed:
    from s2scli.models.install import Request
    from s2scli.models.store import Installed

    plan, report = carry_out(Request(name, registry=registry), console)
    if report:
        _warn_of_settings(report, console)
    return Installed.at(plan.target)


def carry_out(request: Request, console: Console) -> tuple[InstallPlan, Report | None]:
    """Install what is asked for; say first how much will be fetched."""
    from s2scli.models.install import install, prepare

    plan = prepare(request)
    if plan.note:
        console.say(plan.note)
    if plan.is_done:
        console.say(f"{plan.labels.name} is installed already: {plan.target}")
        return plan, None
    if plan.download_bytes:
        console.say(
            f"downloading {plan.labels.checkpoint}, {plan.download_bytes / 1e6:,.1f} MB, "
            f"license {plan.labels.licence or 'unknown'}"
        )
    with shown_progress(console) as tell:
        return plan, install(plan, tell)


def check_name(name: str) -> None:
    """Make sure that ``-m NAME`` will mean a model of the store, and this one.

    Raises:
        UsageError: it would mean another model, a directory or several models, or it cannot be
            written in a line.
    """
    from s2scli.models.store import bundled_directory

    if not name.isprintable() or name != name.strip() or not name:
        why = "has blanks around it, or signs that cannot be seen"
    elif name.startswith((".", "~", "/")) or "," in name:
        why = "would be read as a directory or as several models where a model is asked for"
    elif bundled_directory(name).is_dir():
        why = "is the name of a model of the package"
    else:
        return
    raise UsageError(f"{name!r} {why}", "Give another name with --name.")


def convert_files(
    model: str,
    output: Path | None,
    name: str | None,
    beside: Beside,
    install: InstallOptions,
    console: Console,
    *,
    lists: bool = False,
) -> Path:
    """Convert a directory or an archive of the user's, from disk or from an address; where to.

    ``lists`` is whether a shortlist is made next.
    """
    from s2scli.disk.archivenames import archive_name, is_archive
    from s2scli.models.archives import opened
    from s2scli.models.cometencoder import cached_encoder
    from s2scli.models.convert.location import locate
    from s2scli.models.convert.opening import ScoringParts
    from s2scli.models.convert.run import Labels, check_target, convert
    from s2scli.models.store import model_directory

    place = locate(Path(model))
    real = Path(model).resolve()
    own = real.stem if real.is_file() else real.name
    own = archive_name(model) if is_archive(model) else place.hub_id or own
    name = name or (output.resolve().name if output else own)
    if not output:
        check_name(name)
    target = output or model_directory(name, place.revision, install.stored)
    check_target(target, force=install.force)
    with (
        shown_progress(console) as tell,
        opened(model, lambda done, total: tell("downloading", done, total)) as directory,
    ):
        report = convert(
            directory,
            target,
            quantization=install.quantization,
            force=install.force,
            labels=Labels(name=name),
            target_tokenizer=beside.target_tokenizer,
            onnx=install.onnx,
            long_inputs=install.long_inputs,
            scoring=ScoringParts(beside.encoder or cached_encoder(directory), beside.layer),
            progress=lambda share: tell("converting", share, 1.0),
        )
    show_report(report, console, lists=lists)
    return report.directory


class _Quiet:
    """Reports only that it waits."""

    def __init__(self, console: Console) -> None:
        self._console = console

    def __call__(self, stage: str, _done: float, _total: float) -> None:
        if stage == "waiting":
            self._console.say("another s2s is installing this model: waiting for it")


@contextmanager
def shown_progress(console: Console) -> Iterator[Tell]:
    """A display of the stages on a terminal, else next to nothing."""
    if not console.has_display:
        yield _Quiet(console)
        return
    from s2scli.cli.progress import Stages

    stages = Stages()
    try:
        yield stages
    finally:
        stages.close()


def show_report(report: Report, console: Console, *, lists: bool = False) -> None:
    """The closing table of a conversion, on stderr.

    Args:
        report: what it did.
        console: where to write.
        lists: whether a shortlist is made next.
    """
    for remark in report.remarks:
        console.say(remark)
    _warn_of_settings(report, console)
    _say_what_is_lost(report, console, lists=lists)
    manifest = report.manifest
    console.table(
        ("", ""),
        [
            ("model", manifest.name),
            ("directory", str(report.directory)),
            ("family", manifest.family),
            ("parameters", f"{manifest.parameters / 1e6:,.1f} million"),
            ("checkpoint", f"{report.checkpoint_bytes / 1e6:,.1f} MB"),
            (manifest.quantization, f"{report.model_bytes / 1e6:,.1f} MB"),
            ("time", f"{report.seconds:.1f} s"),
            ("peak memory", f"{peak_memory_bytes() / 1e6:,.0f} MB"),
        ],
    )


def _warn_of_settings(report: Report, console: Console) -> None:
    """Name the checkpoint's settings that the engine has nothing for."""
    if names := list(report.manifest.unsupported):
        some = ", ".join(names[:SETTINGS]) + (" …" if len(names) > SETTINGS else "")
        console.say(
            f"settings of the checkpoint without effect: {some} (s2s models show {_called(report)})"
        )


def _say_what_is_lost(report: Report, console: Console, *, lists: bool) -> None:
    """Name what the model that was replaced had beside the model."""
    import json

    from s2scli.models.convert.replaced import lost_settings

    before = report.before
    if before.shortlist and not lists:
        record = before.manifest.shortlist if before.manifest else None
        languages = zip(("--from", "--to"), record.languages if record else (), strict=False)
        options = "".join(f" {name} {code}" for name, code in languages if code)
        console.say(
            "the shortlist of the model that was replaced is gone; make it again: "
            f"s2s models shortlist {_called(report)} --text FILE{options}"
        )
    for name, value in lost_settings(before.manifest, report.manifest).items():
        console.say(
            f"s2s.json of the model that was replaced had another {name}: "
            f"{json.dumps(value, ensure_ascii=False)}"
        )


def _called(report: Report) -> str:
    """The model as an argument of commands: its name in the store, else its directory."""
    from shlex import quote

    from s2scli.models.store import home

    in_store = report.directory.parent == home() / "models"
    return quote(report.manifest.name if in_store else str(report.directory))
