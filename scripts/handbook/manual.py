"""Manual pages (``man s2s-translate``), made from the commands."""

from __future__ import annotations

import re

import click

from handbook.commands import command_of, command_paths
from s2scli.cli import COMMANDS
from s2scli.cli.group import long_name
from s2scli.cli.main import cli
from s2scli.cli.sections import SECTIONS, places_of

__all__ = ["manual_pages"]

EXIT = """0 on success, 2 for wrong usage, 3 if some documents failed, 4 if a quality gate failed,
and others that the documentation lists."""


def manual_pages() -> dict[str, str]:
    """The text of each page, by the name of its file."""
    pages = {"s2s.1": _page((), cli)}
    for path in command_paths():
        pages[f"s2s-{'-'.join(path)}.1"] = _page(path, command_of(path))
    return pages


def _page(path: tuple[str, ...], command: click.Command) -> str:
    name = "-".join(("s2s", *path))
    context = click.Context(command, info_name=" ".join(("s2s", *path)))
    about = (command.help or "").split("\n\n")[0]
    parts = [
        f'.TH "{name.upper()}" "1" "" "s2s" "s2s manual"',
        f".SH NAME\n{_text(name)} \\- {_text(_summary(path, about))}",
        f".SH SYNOPSIS\n.B {_text(context.command_path)}\n"
        + _text(" ".join(command.collect_usage_pieces(context))),
        f".SH DESCRIPTION\n{_paragraphs(command.help or '')}",
        *_options(command, context),
        *_commands(path, command),
        f".SH EXIT STATUS\n{EXIT}",
        f".SH SEE ALSO\n{_others(path)}",
    ]
    return "\n".join(parts) + "\n"


def _summary(path: tuple[str, ...], about: str) -> str:
    text = COMMANDS[path[0]][1] if len(path) == 1 else " ".join(about.split())
    return text.rstrip(".")


def _options(command: click.Command, context: click.Context) -> list[str]:
    titles = [title for title, _, _ in SECTIONS]
    placed = places_of({long_name(option) for option in command.get_params(context)})
    found: dict[str, list[str]] = {title: [] for title in titles}
    for option in command.get_params(context):
        record = option.get_help_record(context) if isinstance(option, click.Option) else None
        if record:
            title, _ = placed.get(long_name(option), (titles[-1], False))
            found[title].append(f".TP\n.B {_text(record[0])}\n{_text(' '.join(record[1].split()))}")
    return [
        f".SH {title.upper()}\n" + "\n".join(entries) for title, entries in found.items() if entries
    ]


def _commands(path: tuple[str, ...], command: click.Command) -> list[str]:
    if not isinstance(command, click.Group):
        return []
    inner = [each for each in command_paths() if each[:-1] == path]
    rows = [f".TP\n.B {_text('-'.join(('s2s', *each)))}(1)" for each in inner]
    texts = [
        _text(" ".join((command_of(each).help or "").split("\n\n")[0].split())) for each in inner
    ]
    return [
        ".SH COMMANDS\n"
        + "\n".join(f"{row}\n{text}" for row, text in zip(rows, texts, strict=True))
    ]


def _others(path: tuple[str, ...]) -> str:
    if path:
        return ".BR s2s (1)"
    return ",\n".join(f".BR s2s\\-{name} (1)" for name in COMMANDS)


def _paragraphs(text: str) -> str:
    """Paragraphs of a docstring; after ``\\b`` the lines stay as they are."""
    parts = []
    for paragraph in text.split("\n\n"):
        if paragraph.startswith("\b"):
            kept = _text(paragraph[1:].strip())
            parts.append(f".nf\n{kept}\n.fi")
        else:
            parts.append(_text(" ".join(paragraph.split())))
    return "\n.PP\n".join(parts)


def _text(text: str) -> str:
    """Text in roff: backslashes, hyphens, and lines that would be requests."""
    text = text.replace("\\", "\\e").replace("-", "\\-").replace("…", "...")
    return re.sub(r"^([.'])", r"\\&\1", text, flags=re.MULTILINE)
