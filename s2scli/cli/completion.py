"""``s2s completion``."""

from __future__ import annotations

import click
from click.shell_completion import get_completion_class

from s2scli.cli.sections import Command

__all__ = ["command"]


@click.command("completion", cls=Command)
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
@click.pass_context
def command(ctx: click.Context, shell: str) -> None:
    """Print the completion script of a shell.

    \b
    bash:  s2s completion bash > ~/.local/share/bash-completion/completions/s2s
    zsh:   s2s completion zsh > ~/.zfunc/_s2s       (a directory in your fpath)
    fish:  s2s completion fish > ~/.config/fish/completions/s2s.fish
    """
    completion = get_completion_class(shell)
    if completion is None:
        raise click.UsageError(f"There is no completion for {shell}.")
    click.echo(completion(ctx.find_root().command, {}, "s2s", "_S2S_COMPLETE").source())
