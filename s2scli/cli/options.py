"""Options that several commands share, in groups: each group reaches the command as one object."""

from __future__ import annotations

import errno
import functools
import os
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, TypeVar

import click

from s2scli.cli.console import Console
from s2scli.cli.files import STDIN, own_descriptor
from s2scli.cli.numbers import Real, TokenLength, Whole
from s2scli.cli.output import FORMATS
from s2scli.cli.unused import Rule
from s2scli.errors import CannotCreateError
from s2scli.handover import State
from s2scli.limits import LIMITS
from s2scli.models.manifest import FILE_NAME

__all__ = [
    "PROMPT_RULE",
    "REGISTRY_RULE",
    "SCORES_RULE",
    "LateFile",
    "MessageOptions",
    "ModelOptions",
    "OptionGroup",
    "TextOptions",
    "complete_model",
    "encoding_option",
    "group",
    "limited",
    "max_length_option",
    "message_options",
    "min_length_option",
    "model_options",
    "n_best_option",
    "offline_option",
    "origin",
    "output_option",
    "prompt_tokens_option",
    "quiet_option",
    "registry_option",
    "server_option",
    "text_options",
]

F = TypeVar("F", bound=Callable[..., Any])


class OptionGroup:
    """The values of a group of options; each kind of group names and types them.

    Not a dataclass: to make one takes Python long, and each command makes a dozen before it begins.

    Args:
        values: all values of a command, by parameter.
    """

    def __init__(self, values: Mapping[str, Any]) -> None:
        for name in self.names():
            setattr(self, name, values[name])

    @classmethod
    def names(cls) -> tuple[str, ...]:
        """The parameters of its options."""
        return tuple(cls.__annotations__)


def group(parameter: str, cls: type[OptionGroup], *options: Callable[[F], F]) -> Callable[[F], F]:
    """A decorator that adds options and passes them to the command as one ``cls``.

    Args:
        parameter: name of the command's parameter.
        cls: the kind of group.
        options: click's decorators, in the order of the help text.
    """

    def decorate(function: F) -> F:
        @functools.wraps(function)
        def wrapper(*args: Any, **kwargs: Any) -> Any:
            values: Any = cls(kwargs)
            for name in cls.names():
                del kwargs[name]
            return function(*args, **kwargs, **{parameter: values})

        decorated: Any = wrapper
        for option in reversed(options):
            decorated = option(decorated)
        result: F = decorated
        return result

    return decorate


def limited(field: str) -> Whole | Real:
    """The type of an option that sets a number of ``Decoding``."""
    least, most = LIMITS[field]
    if isinstance(least, int) and isinstance(most, int):
        return Whole(least, most)
    return Real(least, most)


class LateFile(click.Path):
    """A file that is written at the end of a run; what is in its way is said at the beginning."""

    def __init__(self) -> None:
        super().__init__(path_type=Path)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """The path.

        Raises:
            CannotCreateError: its folder is missing or cannot be written, or it is a folder.
        """
        path = Path(os.fsdecode(super().convert(value, param, ctx)))
        if str(path) != STDIN and not path.exists():
            for stands, number in (
                (path.parent.is_dir(), errno.ENOENT),
                (os.access(path.parent, os.W_OK), errno.EACCES),
            ):
                if not stands:
                    raise CannotCreateError(f"Cannot create {path}: {os.strerror(number)}")
        elif path.is_dir():
            raise CannotCreateError(f"Cannot create {path}: {os.strerror(errno.EISDIR)}")
        return _plain(path)


class PlaceType(click.Path):
    """A file or folder, by its path or by the URL of one on another file system.

    What ends with a slash is a folder: it is made if it is not there, and removed at the end if
    nothing was written to it.
    """

    def __init__(self) -> None:
        super().__init__(path_type=Path)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """The path; a URL's has the methods of one.

        Raises:
            CannotCreateError: the folder cannot be made.
        """
        if isinstance(value, str) and "://" in value:
            from s2scli.disk.places import place

            return place(value)
        found = Path(os.fsdecode(super().convert(value, param, ctx)))
        if isinstance(value, str) and value.endswith(os.sep):
            missing = [path for path in (found, *found.parents) if not path.exists()]
            try:
                found.mkdir(parents=True, exist_ok=True)
            except OSError as error:
                raise CannotCreateError(f"Cannot create {value}: {error.strerror}") from error
            if ctx:
                ctx.find_root().call_on_close(lambda: _remove_empty(missing))
        return _plain(found)


def _plain(path: Path) -> Path:
    """A path; that of standard output by its shortest name."""
    return Path(STDIN) if own_descriptor(path) == 1 else path


def _remove_empty(folders: Iterable[Path]) -> None:
    """Remove folders, each before the one that it is in, up to one that something is in."""
    with suppress(OSError):
        for folder in folders:
            folder.rmdir()


def complete_model(_ctx: click.Context, _param: click.Parameter, incomplete: str) -> list[Any]:
    """Shell completion: aliases, then directories."""
    from click.shell_completion import CompletionItem

    from s2scli.models.store import known_aliases

    aliases = [alias for alias in known_aliases() if alias.startswith(incomplete)]
    return [*map(CompletionItem, aliases), CompletionItem(incomplete, type="dir")]


output_option = click.option(
    "-o",
    "--output",
    type=PlaceType(),
    help="Write to this file or folder instead of standard output.",
)
encoding_option = click.option(
    "--encoding-errors",
    type=click.Choice(["strict", "replace"]),
    default="strict",
    show_default=True,
    help="Refuse input that is not UTF-8, or replace it by U+FFFD.",
)


class TextOptions(OptionGroup):
    """How the input is read and the output written."""

    output: Path | None
    format: str
    scores: bool
    encoding_errors: str


text_options = group(
    "text",
    TextOptions,
    output_option,
    click.option(
        "--format",
        type=click.Choice(list(FORMATS)),
        metavar="FORMAT",
        default="text",
        show_default=True,
        help="Format: text, jsonl, tsv or nbest.",
    ),
    click.option(
        "--scores",
        is_flag=True,
        help="Add scores to text and tsv: mean log-probability per token.",
    ),
    encoding_option,
)


SCORES_RULE = Rule(
    ("scores",),
    lambda given: given["format"] in ("text", "tsv"),
    "is for --format text and tsv; the other formats have the scores anyway",
)


def _hand_over(ctx: click.Context, _param: click.Parameter, value: str | None) -> None:
    """Hand the command over, unless that has been tried: what is given on the command line is seen
    before click is imported (``s2scli.start``), what the settings say is seen here."""
    if value and State.arguments is not None and not ctx.resilient_parsing:
        from s2scli.handover.addresses import require_linux

        require_linux()
        from s2scli.handover.client import hand_over

        hand_over(value, State.arguments)


server_option = click.option(
    "--server",
    metavar="ADDRESS",
    expose_value=False,
    callback=_hand_over,
    help="Use the loaded models of a server: unix:PATH, or auto for the one that is there, if any.",
)


class MessageOptions(OptionGroup):
    """How much is said on stderr."""

    quiet: bool
    verbose: bool
    no_progress: bool
    report: Path | None
    signature: bool

    def console(self) -> Console:
        """The console that obeys them."""
        return Console(quiet=self.quiet, verbose=self.verbose, progress=not self.no_progress)


quiet_option = click.option("-q", "--quiet", is_flag=True, help="Print errors only.")
message_options = group(
    "messages",
    MessageOptions,
    quiet_option,
    click.option("-v", "--verbose", is_flag=True, help="Print settings and speed."),
    click.option("--no-progress", is_flag=True, help="Hide the progress display."),
    click.option(
        "--report",
        type=LateFile(),
        help="Write counts, speed, memory and settings as JSON.",
    ),
    click.option(
        "--signature",
        is_flag=True,
        help="Print what decides on the outputs in one line: model, search, steps, versions.",
    ),
)


prompt_tokens_option = click.option(
    "--prompt-tokens",
    is_flag=True,
    help="Read special tokens in --prompt, such as <sep>, as tokens.",
)
PROMPT_RULE = Rule(
    ("prompt_tokens",),
    lambda given: given["prompt"] is not None,
    "has no effect without --prompt",
)
offline_option = click.option("--offline", is_flag=True, help="Never use the network.")
registry_option = click.option(
    "--registry",
    type=click.Path(exists=True, path_type=Path),
    help="Additional models.yaml with your own models.",
)


REGISTRY_RULE = Rule(
    ("registry",),
    lambda given: not given["model"] or not (Path(given["model"]) / FILE_NAME).is_file(),
    "has no effect with a model directory, which is not a name to look up",
)


class ModelOptions(OptionGroup):
    """Which model: an alias, a hub id or a directory, and the languages."""

    model: str | None
    source_language: str | None
    target_language: str | None
    yes: bool
    offline: bool
    registry: Path | None


model_options = group(
    "model",
    ModelOptions,
    click.option(
        "-m",
        "--model",
        type=click.Path(),
        metavar="MODEL",
        shell_complete=complete_model,
        help="Alias, hub id or directory.  [default: by languages]",
    ),
    click.option(
        "--from",
        "source_language",
        metavar="LANG",
        help="Language of the input, such as en or German.",
    ),
    click.option("--to", "target_language", metavar="LANG", help="Language of the output."),
    click.option("-y", "--yes", is_flag=True, help="Download the model if needed, without asking."),
    offline_option,
    registry_option,
)


max_length_option = click.option(
    "--max-length",
    type=TokenLength(limited("max_length")),
    help="Maximum tokens or 1.5x the source's.  [default: the model's]",
)
min_length_option = click.option(
    "--min-length",
    type=TokenLength(limited("min_length")),
    help="Minimum tokens per output, or 0.5x the source's.  [default: the model's]",
)
n_best_option = click.option(
    "--n-best",
    type=limited("n_best"),
    default=1,
    show_default=True,
    help="Hypotheses per line.",
)


def origin(ctx: click.Context, parameter: str) -> str:
    """Where the value of a parameter comes from, in a person's words."""
    source = ctx.get_parameter_source(parameter)
    names = {"COMMANDLINE": "flag", "ENVIRONMENT": "environment", "DEFAULT_MAP": "settings file"}
    return names.get(source.name if source else "", "default")
