"""``s2s explain``."""

from __future__ import annotations

import os
import shlex
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from s2scli.cli.console import Console
from s2scli.cli.device_options import (
    THREADS_RULE,
    compute_type_option,
    device_option,
    threads_option,
)
from s2scli.cli.files import STDIN, open_page
from s2scli.cli.installation import obtain_model
from s2scli.cli.jsontext import json_text
from s2scli.cli.numbers import Whole
from s2scli.cli.options import (
    PROMPT_RULE,
    REGISTRY_RULE,
    LateFile,
    ModelOptions,
    OptionGroup,
    group,
    model_options,
    prompt_tokens_option,
    quiet_option,
)
from s2scli.cli.running import choose_decoding
from s2scli.cli.search_options import SEARCH_RULES, SearchOptions, search_options
from s2scli.cli.sections import Command
from s2scli.cli.unused import Rule
from s2scli.errors import BadInputError

if TYPE_CHECKING:
    from s2scli.session import Session

__all__ = ["command"]

TASK = "translate"
MOST_ALTERNATIVES = 100
RULES = (
    *SEARCH_RULES,
    Rule(("yes",), lambda given: not given["offline"], "has no effect with --offline"),
    THREADS_RULE,
    REGISTRY_RULE,
    PROMPT_RULE,
)


class ExplainOptions(OptionGroup):
    """Where the model runs, what it reads, and what is shown of it."""

    device: str
    compute_type: str
    threads: int | None
    prompt: str | None
    prompt_tokens: bool
    prefix: str | None
    top: int
    html: Path | None
    as_json: bool
    quiet: bool

    def open(self, model: ModelOptions, console: Console) -> Session:
        """The loaded model."""
        from s2scli.inference.device import place
        from s2scli.inference.frame import Job
        from s2scli.session import Session

        found = obtain_model(model, TASK, console)
        languages = (model.source_language, model.target_language)
        job = Job(TASK, *languages, self.prompt, self.prompt_tokens)
        where = place(
            self.device, threads=self.threads or 0, single=True, engine=found.manifest.engine
        )
        return Session.open(found, job, where, self.compute_type, undecided=False)


explain_options = group(
    "options",
    ExplainOptions,
    click.option(
        "--top",
        type=Whole(1, MOST_ALTERNATIVES),
        default=5,
        show_default=True,
        help="How many of the most likely tokens to show in each place.",
    ),
    click.option(
        "--html",
        type=LateFile(),
        metavar="FILE",
        help="Write a page for a browser instead, which needs no network.",
    ),
    click.option("--json", "as_json", is_flag=True, help="Print JSON, for scripts."),
    click.option("--prompt", metavar="TEMPLATE", help="What the model reads; {text} is the text."),
    prompt_tokens_option,
    click.option("--prefix", metavar="TEXT", help="Text that the translation begins with."),
    device_option,
    compute_type_option,
    threads_option,
    quiet_option,
)


@click.command("explain", cls=Command, rules=RULES)
@click.argument("text", required=False)
@explain_options
@model_options
@search_options
@click.pass_context
def command(
    ctx: click.Context,
    text: str | None,
    options: ExplainOptions,
    model: ModelOptions,
    search: SearchOptions,
) -> None:
    """Translate a text, and show how the model came to it: where it looked for each token, how sure
    it was, what it could have written instead, and what else the search found.

    \b
    Examples:
      s2s explain "Where is the station?"
      s2s explain --html why.html < letter.txt
    """
    console = Console(quiet=options.quiet)
    given = _text(text, console)
    session = options.open(model, console)
    decoding = choose_decoding(ctx, session, search, console, prefix=options.prefix)
    from s2scli.tasks.explanation import explain
    from s2scli.tasks.signature import run_signature

    signature = run_signature(session.model, TASK, decoding)
    with open_page(options.html) as page:
        found = explain(given, session.model, decoding, session.flow, options.top, signature)
        if page:
            from s2scli.tasks.explanation.page import render

            page.write(render(found))
    if options.as_json:
        sys.stdout.write(json_text(found.record(), indent=2) + "\n")
    elif not page:
        from s2scli.cli.explain_output import print_explanation

        print_explanation(found)


def _text(given: str | None, console: Console) -> str:
    """The text: the argument, or all of standard input.

    Raises:
        BadInputError: there is none.
    """
    from s2scli.cli.records import whole_texts

    if given is None or given == STDIN:
        console.hint_at_terminal([STDIN])
        ((_, given),) = whole_texts([STDIN])
    elif os.path.isfile(given):
        console.warn(
            f"{given} is taken as the text, and there is a file of this name; for what it holds: "
            f"s2s explain < {shlex.quote(given)}"
        )
    if not given.strip():
        raise BadInputError("There is no text to translate")
    return given.strip("\r\n")
