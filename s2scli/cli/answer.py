"""``s2s answer``."""

from __future__ import annotations

import os
import shlex
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from s2scli.cli.answer_output import WRITERS
from s2scli.cli.documenttexts import document_text
from s2scli.cli.files import STDIN
from s2scli.cli.group import TEXT
from s2scli.cli.numbers import Real, Whole
from s2scli.cli.options import (
    PROMPT_RULE,
    OptionGroup,
    encoding_option,
    group,
    output_option,
    prompt_tokens_option,
    server_option,
)
from s2scli.cli.records import kind_of, read_lines, read_rows, whole_texts
from s2scli.cli.running import RUN_RULES, Prompt, RunOptions, TextRun, run_options, text_run
from s2scli.cli.sections import Command
from s2scli.errors import BadInputError, UsageError
from s2scli.text.reading import called

if TYPE_CHECKING:
    from s2scli.tasks.answer import Answering, Question

__all__ = ["command"]

SQUAD, JSONL = ".json", ".jsonl"


class AskOptions(OptionGroup):
    """Where questions come from, how they are answered, and how answers are written."""

    questions: str | None
    passages: int | None
    overlap: int | None
    no_answer_threshold: float | None
    prompt: str | None
    prompt_tokens: bool
    output: Path | None
    format: str
    encoding_errors: str

    def answering(self) -> Answering:
        """What is done with long contexts, and which answers count."""
        from s2scli.tasks.answer import Answering

        return Answering(
            Answering.PASSAGES if self.passages is None else self.passages,
            Answering.OVERLAP if self.overlap is None else self.overlap,
            self.no_answer_threshold,
        )

    def facts(self) -> dict[str, object]:
        """What the run's signature says of it."""
        names = ("passages", "overlap", "no_answer_threshold")
        given = {name: getattr(self, name) for name in names}
        return {n.replace("_", "-"): v for n, v in given.items() if v is not None}


ask_options = group(
    "ask",
    AskOptions,
    click.option(
        "--questions",
        type=click.Path(),
        metavar="FILE",
        help="File of questions: one per line, .jsonl (question, context, id) or .json (SQuAD).",
    ),
    click.option(
        "--passages",
        type=Whole(1, 1000),
        metavar="K",
        help="Best passages of a long text to read.  [default: 4]",
    ),
    click.option(
        "--overlap",
        type=Whole(0, 1000),
        metavar="N",
        help="Sentences that a passage shares with the one before.  [default: 1]",
    ),
    click.option(
        "--no-answer-threshold",
        type=Real(-1000, 0),
        metavar="SCORE",
        help="Give no answer below this score (mean log-probability per token).  [default: "
        "always answer]",
    ),
    click.option(
        "--prompt",
        metavar="TEMPLATE",
        help="What the model reads, with {question} and {context}.  [default: the model's]",
    ),
    prompt_tokens_option,
    output_option,
    click.option(
        "--format",
        type=click.Choice(list(WRITERS)),
        default="text",
        show_default=True,
        help="Output format; jsonl has passages, squad is by id.",
    ),
    encoding_option,
)


@click.command("answer", cls=Command, rules=(PROMPT_RULE, *RUN_RULES))
@click.argument("arguments", nargs=-1, metavar="[QUESTION] [CONTEXT]...", type=click.Path())
@ask_options
@server_option
@run_options
@click.pass_context
def command(
    ctx: click.Context,
    arguments: tuple[str, ...],
    ask: AskOptions,
    run: RunOptions,
) -> None:
    """Answer a question from text files or standard input of any length.

    \b
    Examples:
      s2s answer "Who signed it?" contract.txt
      s2s answer --questions questions.txt report.txt --format jsonl
      s2s answer --questions dev-v2.0.json --format squad -o predictions.json
    """
    from s2scli.tasks.answer import answer as answer_questions

    contexts = _contexts(arguments, ask)
    names = (*contexts, *([ask.questions] if ask.questions else ()))
    prompt = Prompt(ask.prompt, ask.prompt_tokens)
    write = WRITERS[ask.format]()
    facts = ask.facts()
    with text_run(
        ctx, "answer", run, names, ask.output, prompt=prompt, by_bytes=False, facts=facts
    ) as it:
        questions = _questions(arguments, contexts, ask, it)
        for answer in answer_questions(questions, *it.engine, ask.answering(), it.monitor):
            it.output.write(write(answer))
            if answer.passages > len(answer.candidates):
                it.console.note(
                    f"question {answer.question.index + 1}: read {len(answer.candidates)} of "
                    f"{answer.passages} passages, ranked by BM25"
                )
        it.output.write(write.end())


def _contexts(arguments: Sequence[str], ask: AskOptions) -> tuple[str, ...]:
    """The files that hold the context; none if the questions bring their own.

    Raises:
        UsageError: there is no question, or there are two kinds of context.
    """
    if ask.questions is None:
        if not arguments:
            raise UsageError(
                "There is no question", 'Try: s2s answer "Who signed it?" contract.txt'
            )
        TEXT(arguments[0])
        return tuple(arguments[1:]) or (STDIN,)
    if kind_of(ask.questions) in (SQUAD, JSONL):
        if kind_of(ask.questions) == SQUAD and arguments:
            raise UsageError(
                f"{ask.questions} already contains contexts; drop the argument {arguments[0]!r}"
            )
        return tuple(arguments)
    return tuple(arguments) or (STDIN,)


def _questions(
    arguments: Sequence[str], contexts: Sequence[str], ask: AskOptions, it: TextRun
) -> Iterator[Question]:
    from s2scli.tasks.answer import Question

    errors, name, replaced = ask.encoding_errors, ask.questions, it.replaced
    texts = (document_text(each, errors, replaced, it.console) for each in contexts)
    context = "\n\n".join(text for _, text in texts)
    if contexts and not context.strip():
        it.console.warn("the context is empty: there is nothing to answer from")
    if name is None:
        if os.path.isfile(arguments[0]):
            it.console.warn(
                f"{arguments[0]} is taken as the question, and there is a file of this name; for "
                f"questions that it holds: --questions {shlex.quote(arguments[0])}"
            )
        yield Question(0, arguments[0], context)
    elif kind_of(name) == SQUAD:
        from s2scli.tasks.squad import read_squad

        ((_, content),) = whole_texts([name], errors, replaced)
        yield from read_squad(name, content, errors, replaced)
    elif kind_of(name) == JSONL:
        for rows in read_rows([name], errors, replaced):
            for row in rows:
                if contexts and "context" in row.values:
                    other = called(contexts[0])
                    raise BadInputError(
                        f"{row.place} has a context of its own, and {other} is one too",
                        "Leave out either.",
                    )
                own = context if contexts else row.text("context")
                others = row.besides("question", "context")
                label = str(row.values.get("id", ""))
                yield Question(row.segment.index, row.text("question"), own, label, (), others)
    else:
        for lines in read_lines([name], errors, replaced):
            for line in lines:
                yield Question(line.index, line.text, context)
