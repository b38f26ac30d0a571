"""``s2s caption``."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from s2scli.cli.console import Console
from s2scli.cli.files import STDIN
from s2scli.cli.folder_options import say_skipped
from s2scli.cli.folders import PARTLY_FAILED
from s2scli.cli.jsontext import json_text
from s2scli.cli.monitors import ReplacedNotice
from s2scli.cli.options import (
    PROMPT_RULE,
    SCORES_RULE,
    TextOptions,
    n_best_option,
    prompt_tokens_option,
    text_options,
)
from s2scli.cli.output import choose_format
from s2scli.cli.records import read_lines
from s2scli.cli.running import RUN_RULES, Prompt, RunOptions, run_options, text_run
from s2scli.cli.sections import Command
from s2scli.data import CAPTION, Hypothesis, Result, Segment
from s2scli.errors import MissingInputError, UsageError

if TYPE_CHECKING:
    from s2scli.inference.model import Model

__all__ = ["command"]


@click.command("caption", cls=Command, rules=(SCORES_RULE, PROMPT_RULE, *RUN_RULES))
@click.argument("images", nargs=-1, metavar="[IMAGE]...", type=click.Path())
@click.option(
    "--files-from",
    "lists",
    multiple=True,
    metavar="LIST",
    type=click.Path(),
    help="List of image files, one per line; repeatable.",
)
@click.option(
    "--prompt",
    metavar="TEXT",
    help="What each output begins with, such as <s_cord-v2> (Donut's task).",
)
@prompt_tokens_option
@click.option(
    "--fields", is_flag=True, help="Write the fields of documents (Donut) as JSON, not their text."
)
@text_options
@n_best_option
@run_options
@click.pass_context
def command(
    ctx: click.Context,
    images: tuple[str, ...],
    lists: tuple[str, ...],
    prompt: str | None,
    prompt_tokens: bool,
    fields: bool,
    text: TextOptions,
    n_best: int,
    run: RunOptions,
) -> None:
    """Say what images show, a line for each; or read the text in them, as the model was trained.

    IMAGE is a file, or a folder with all images in it. Without any, paths are read from standard
    input, one per line. An image that cannot be read is named, and gives an empty line.

    \b
    Examples:
      s2s caption -m vit-gpt2 photo.jpg
      s2s caption -m vit-gpt2 photos/ --format jsonl -o captions.jsonl
      find . -name "*.png" | s2s caption -m vit-gpt2
    """
    lists = lists if images or lists else (STDIN,)
    write = choose_format(text.format, scores=text.scores, n_best=n_best)
    paths = _files(images, run.messages.console())
    names = (*paths, *lists)
    asked = Prompt(prompt, prompt_tokens)
    with text_run(
        ctx, CAPTION, run, names, text.output, n_best=n_best, prompt=asked, by_bytes=False
    ) as it:
        from s2scli.tasks.caption import caption

        model = it.session.model
        if fields and not model.field_tokens:
            raise UsageError(
                f"The model {model.manifest.name} marks no fields", "Leave --fields out."
            )
        segments = _segments(paths, lists, text.encoding_errors, it.replaced)
        lost: Counter[str] = Counter()
        seen = caption(segments, *it.engine, it.monitor, lambda what: lost.update([what]))
        for results in seen:
            it.output.write(write(_as_fields(results, model) if fields else results))
            it.monitor.failed += _tell(results, it.console)
        for warning in _of_lost(lost):
            it.console.warn(warning)
    ctx.exit(PARTLY_FAILED if it.monitor.failed else 0)


def _files(images: Sequence[str], console: Console) -> list[str]:
    """The paths of image files that are meant; what else is in their folders is named.

    Raises:
        MissingInputError: one does not exist, or a folder has no images.
        UsageError: standard input is named where images are.
    """
    from s2scli.tasks.gallery import images_in

    found: list[str] = []
    left_out: list[Path] = []
    for name in images:
        path = Path(name)
        if name == STDIN:
            raise UsageError(
                "Standard input holds no image here",
                f"To read paths from it, use: --files-from {STDIN}.",
            )
        if path.is_dir():
            inside = [str(each) for each in images_in(path, left_out.append)]
            if not inside:
                raise MissingInputError(f"The folder {name} has no images")
            found += inside
        elif path.exists():
            found.append(name)
        else:
            raise MissingInputError(f"There is no file {name}")
    say_skipped(left_out, "what is no image", console)
    return found


def _segments(
    paths: Sequence[str], lists: Sequence[str], errors: str, replaced: ReplacedNotice
) -> Iterator[list[Segment]]:
    """A segment for each image: those named, then those of lists."""
    yield [Segment(number, path) for number, path in enumerate(paths)]
    number = len(paths)
    for block in read_lines(lists, errors, replaced):
        yield [Segment(number + line.index, line.text) for line in block]


def _as_fields(results: Sequence[Result], model: Model) -> list[Result]:
    """The results with fields as JSON in the place of texts."""
    from s2scli.text.tagged import fields_of

    def written(hypothesis: Hypothesis) -> Hypothesis:
        text = json_text(fields_of(hypothesis.tagged, model.field_tokens))
        return replace(hypothesis, text=text)

    return [replace(each, hypotheses=tuple(map(written, each.hypotheses))) for each in results]


def _of_lost(lost: Mapping[str, int]) -> Iterator[str]:
    """What is to be said of what the model did not see."""
    from s2scli.inference.images import OTHERS, SEE_THROUGH

    if count := lost.get(OTHERS):
        yield f"files with several images, of which only the first is read: {count}"
    if count := lost.get(SEE_THROUGH):
        yield (
            f"images with transparent parts, which have the color stored beneath (often black), as "
            f"in transformers: {count}"
        )


def _tell(results: Sequence[Result], console: Console) -> int:
    """Name the images that could not be read; how many they are."""
    from s2scli.tasks.caption import Unread

    unread = [result for result in results if isinstance(result, Unread)]
    for result in unread:
        console.say(f"failed: {result.reason}")
    return len(unread)
