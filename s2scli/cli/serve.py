"""``s2s serve``."""

from __future__ import annotations

import re
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from click.core import ParameterSource

from s2scli.cli.console import Console
from s2scli.cli.detaching import Started, detach
from s2scli.cli.device_options import THREADS_RULE, device_option, threads_option
from s2scli.cli.numbers import Real, Whole
from s2scli.cli.options import OptionGroup, complete_model, group
from s2scli.cli.sections import Command
from s2scli.cli.unused import Rule
from s2scli.cli.warming import own_place, report, serve_commands
from s2scli.errors import BadInputError, UnavailableError
from s2scli.handover.addresses import require_linux

if TYPE_CHECKING:
    from s2scli.server.service import Service

__all__ = ["command"]

LOOPBACK = ("127.0.0.1", "localhost", "::1")


class _Origin(click.types.StringParamType):
    """What a browser calls the site that a page is of."""

    name = "origin"

    def split_envvar_value(self, rv: str) -> Sequence[str]:
        """The origins in a variable: none has a blank."""
        return rv.split()

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """The origin, as browsers write it."""
        if not re.fullmatch(r"\*|null|[a-z][a-z\d+.-]*://[^\s/?#]+/?", value, re.IGNORECASE):
            self.fail(
                f"{value!r} is no origin, such as https://example.org or http://localhost:3000.",
                param,
                ctx,
            )
        return value.removesuffix("/").lower()


class PlaceOptions(OptionGroup):
    """Where the server listens."""

    host: str
    port: int
    unix: Path | None
    detach: bool

    def paths(self, ctx: click.Context) -> tuple[Path | None, Path | None]:
        """Where commands reach the server, and where requests do; None for nowhere, and for an
        address of the network."""
        if self.detach:
            require_linux()
        path = self.unix.absolute() if self.unix else own_place() if self.detach else None
        sources = map(ctx.get_parameter_source, ("host", "port"))
        is_default = all(source is ParameterSource.DEFAULT for source in sources)
        return path, path if self.unix or is_default else None


class ModelsOptions(OptionGroup):
    """What it serves."""

    models: tuple[str, ...]
    memory_limit: int | None
    device: str
    threads: int | None


class LimitOptions(OptionGroup):
    """Who may ask, and how much."""

    api_key_file: Path | None
    max_chars: int
    max_file_size: int
    request_timeout: float
    rate_limit: int | None
    concurrency: int
    queue: int
    cors: tuple[str, ...]


place_options = group(
    "place",
    PlaceOptions,
    click.option("--host", default="127.0.0.1", show_default=True, metavar="HOST", help="Address."),
    click.option(
        "--port", type=Whole(0, 65535), default=5000, show_default=True, help="Port; 0 for any."
    ),
    click.option(
        "--unix",
        type=click.Path(path_type=Path),
        metavar="PATH",
        help="Listen on a Unix socket instead, and run commands (--server unix:PATH).",
    ),
    click.option(
        "--detach",
        is_flag=True,
        help="Go on in the background; --unix is a place of your own unless an address is given.",
    ),
)
models_options = group(
    "what",
    ModelsOptions,
    click.option(
        "-m",
        "--model",
        "models",
        multiple=True,
        metavar="MODEL",
        shell_complete=complete_model,
        help="Model to serve; repeatable.  [default: all that are installed]",
    ),
    click.option(
        "--memory-limit",
        type=Whole(1, 1 << 24),
        metavar="MB",
        help="Memory of loaded models; the least recently used leave.  [default: none]",
    ),
    device_option,
    threads_option,
)
limit_options = group(
    "limits",
    LimitOptions,
    click.option(
        "--api-key-file",
        type=click.Path(path_type=Path),
        metavar="FILE",
        help="Keys of clients, one per line.  [default: anyone may ask]",
    ),
    click.option(
        "--max-chars",
        type=Whole(1, 1 << 30),
        default=100_000,
        show_default=True,
        help="Maximum characters of a request.",
    ),
    click.option(
        "--max-file-size",
        type=Whole(1, 1 << 20),
        default=64,
        show_default=True,
        metavar="MB",
        help="Maximum size of an uploaded document.",
    ),
    click.option(
        "--request-timeout",
        type=Real(0.1, 86400.0),
        default=300.0,
        show_default=True,
        metavar="SECONDS",
        help="How long a request may take.",
    ),
    click.option(
        "--rate-limit",
        type=Whole(1, 1 << 20),
        help="Requests of a client per minute.  [default: any number]",
    ),
    click.option(
        "--concurrency",
        type=Whole(1, 1000),
        default=64,
        show_default=True,
        help="Requests that run at the same time.",
    ),
    click.option(
        "--queue",
        type=Whole(0, 100_000),
        default=1000,
        show_default=True,
        help="Requests that may wait; more are told to come again.",
    ),
    click.option(
        "--cors",
        multiple=True,
        type=_Origin(),
        metavar="ORIGIN",
        help="Origin whose pages may ask; repeatable.  [default: none]",
    ),
)
RULES = (
    Rule(("host", "port"), lambda given: given["unix"] is None, "has no effect with --unix"),
    THREADS_RULE,
)


@click.command("serve", cls=Command, rules=RULES)
@place_options
@models_options
@limit_options
@click.option("-q", "--quiet", is_flag=True, help="Log no requests.")
@click.pass_context
def command(
    ctx: click.Context, place: PlaceOptions, what: ModelsOptions, limits: LimitOptions, quiet: bool
) -> None:
    """Answer over HTTP with models that stay loaded: LibreTranslate's and DeepL's APIs, and s2s's.

    \b
    Examples:
      s2s serve
      s2s serve -m en-de --port 8080 --api-key-file keys.txt
      s2s serve --detach && echo "Good morning!" | s2s translate --server auto
    """
    try:
        from s2scli.server.running import serve
    except ModuleNotFoundError as error:
        raise UnavailableError(
            f"s2s serve needs the package {error.name}", "Install it: pip install 's2scli[serve]'."
        ) from error
    console = Console(quiet=quiet)
    path, unix = place.paths(ctx)
    background = None
    if path and place.detach:
        forked = detach(Path(f"{path}.log"))
        if isinstance(forked, Started):
            ctx.exit(report(forked, path, console))
        background = forked
    service = _service(what, limits)
    is_open = unix is None and place.host not in LOOPBACK and not service.limits.keys
    commands = serve_commands(path, service) if path and sys.platform == "linux" else None

    def listening(address: str) -> None:
        if is_open:
            console.warn(
                f"anyone who can reach {place.host} may use this server; give --api-key-file, or "
                "put it behind a proxy that asks for a password"
            )
        console.say(f"listening on {address}")
        if commands:
            places = list(dict.fromkeys((address, f"unix:{path}")))
            commands.serve(service.pool, service.metrics, places)
        if background:
            background.tell(address)

    serve(service, place.host, place.port, unix, limits.cors, listening, log=not quiet)


def _service(what: ModelsOptions, limits: LimitOptions) -> Service:
    """What the options ask for.

    Raises:
        UnavailableError: a model is not installed.
        MissingInputError: the file of keys cannot be read.
    """
    from s2scli.cli.records import whole_texts
    from s2scli.models.store import Wish, find_model, installed
    from s2scli.server.limits import Rates, RequestLimits, read_keys
    from s2scli.server.loading import loader
    from s2scli.server.pool import Pool
    from s2scli.server.service import Service
    from s2scli.server.work import Workers

    keys: tuple[str, ...] = ()
    if limits.api_key_file:
        ((name, text),) = whole_texts([str(limits.api_key_file)])
        if not (keys := read_keys(text.splitlines())):
            raise BadInputError(f"There is no key in {name}", "Write one on each line.")
    models = [find_model(Wish(name)) for name in what.models] or installed()
    texts = [model for model in models if model.manifest.images is None]
    limit = None if what.memory_limit is None else what.memory_limit << 20
    return Service(
        Pool(texts, loader(what.device, what.threads), limit),
        Workers(limits.concurrency, limits.queue, limits.request_timeout),
        RequestLimits.of(keys, limits.max_chars, limits.max_file_size << 20),
        Rates(limits.rate_limit),
    )
