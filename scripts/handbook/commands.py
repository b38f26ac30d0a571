"""The pages about commands: their help, and what settings each takes."""

from __future__ import annotations

import contextlib
import io
import os
from collections.abc import Iterator
from unittest import mock

import click

from s2scli.cli.group import LazyGroup, options_by_name
from s2scli.cli.main import cli

__all__ = [
    "command_of",
    "command_paths",
    "commands_page",
    "has_more_help",
    "help_text",
    "settings_page",
]

SURROUNDINGS = {"COLUMNS": "80", "S2S_CONFIG": os.devnull}
COMMANDS_HEAD = """# Commands

Every option of every command, as `--help-all` prints it on a terminal of 80 columns. `--help` is
shorter: it leaves out what few people need.
"""
SETTINGS_HEAD = """# Settings

Every option can be given in three ways. A flag on the command line comes first, then an
environment variable, then the settings file; after these come the model's own values and the
defaults of s2s. `-v` shows where each value comes from.

```sh
s2s translate --beam 2 letter.txt
S2S_TRANSLATE_BEAM=2 s2s translate letter.txt
```

The settings file is `~/.config/s2s/config.yaml` (on macOS
`~/Library/Application Support/s2s/config.yaml`). It has one section per command:

```yaml
translate:
  beam: 2
  threads: 4
models:
  pull:
    quantization: float32
```

Values are read as on the command line, so `to: no` is Norwegian. An option that can be repeated
takes a list, and its variable one value a line, for a value may have blanks; between paths, and
patterns of paths, stands `:` there. A file that `S2S_CONFIG` names must exist. A key, or a variable
that begins with `S2S_`, that names no option is refused.

## Variables

| variable | meaning |
| --- | --- |
| `S2S_CONFIG` | the settings file to read |
| `S2S_HOME` | where models are kept; default `~/.local/share/s2s` |
| `S2S_SERVER` | the [server](../guides/serve.md#commands-without-their-start) that runs commands |
| `S2S_COMMAND_OPTION` | an option of a command; the tables below list them all |
| `HF_TOKEN`, `HF_HOME`, `HF_ENDPOINT` | as Hugging Face's own tools read them |
| `HF_HUB_OFFLINE`, `TRANSFORMERS_OFFLINE` | the same |
| `LD_LIBRARY_PATH` | not needed for a GPU: the `cuda` extra finds its own libraries |
"""


def help_text(path: tuple[str, ...], option: str = "--help") -> str:
    """What ``s2s COMMAND --help`` prints on a terminal of 80 columns."""
    shown = io.StringIO()
    with mock.patch.dict(os.environ, SURROUNDINGS), contextlib.redirect_stdout(shown):
        cli.main([*path, option], prog_name="s2s", standalone_mode=False)
    return shown.getvalue()


def command_paths() -> Iterator[tuple[str, ...]]:
    """Every command and group, by the words that call it."""
    context = click.Context(cli)
    for name in cli.list_commands(context):
        yield (name,)
        command = cli.get_command(context, name)
        if isinstance(command, LazyGroup):
            yield from ((name, inner) for inner in command.list_commands(context))


def has_more_help(path: tuple[str, ...]) -> bool:
    """Whether a command has ``--help-all``."""
    return any("--help-all" in param.opts for param in command_of(path).params)


def commands_page() -> str:
    """The help of every command."""
    parts = [COMMANDS_HEAD, f"```text\n{help_text(())}```\n"]
    for path in command_paths():
        level = "#" * (1 + len(path))
        text = help_text(path, "--help-all" if has_more_help(path) else "--help")
        parts.append(f"{level} s2s {' '.join(path)}\n\n```text\n{text}```\n")
    return "\n".join(parts)


def settings_page() -> str:
    """Every option of every command, with its variable and its key in the settings file."""
    parts = [SETTINGS_HEAD]
    for path in command_paths():
        command = command_of(path)
        if isinstance(command, click.Group):
            continue
        by_name = {param.name: param for param in command.params}
        rows = [
            f"| `{key}` | `{by_name[name].envvar}` | {_default(by_name[name])} |"
            for key, name in options_by_name(command).items()
            if by_name[name].envvar and key != "help-all"
        ]
        if rows:
            head = "| key | variable | default |\n| --- | --- | --- |\n"
            parts.append(f"## {' '.join(path)}\n\n{head}" + "\n".join(rows) + "\n")
    return "\n".join(parts)


def command_of(path: tuple[str, ...]) -> click.Command:
    """The command that some words call."""
    found: click.Command = cli
    for name in path:
        assert isinstance(found, LazyGroup)
        inner = found.get_command(click.Context(found), name)
        assert inner is not None
        found = inner
    return found


def _default(param: click.Parameter) -> str:
    """A default as the settings file would have it; empty where there is none."""
    value = param.to_info_dict()["default"]
    if value is None or value == () or value == "" or "UNSET" in repr(value):
        return ""
    if isinstance(value, bool):
        return f"`{str(value).lower()}`"
    return f"`{value}`"
