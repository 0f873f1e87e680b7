"""``curtilage completion``: the script that completes commands, options and paths in a shell."""

from __future__ import annotations

from typing import Final

import click

SHELLS: Final = ("bash", "zsh", "fish")
_VARIABLE: Final = "_CURTILAGE_COMPLETE"


@click.command()
@click.argument("shell", type=click.Choice(SHELLS))
def completion(*, shell: str) -> int:
    """Print the script that completes commands in a shell.

    \b
    bash:  curtilage completion bash > ~/.local/share/bash-completion/completions/curtilage
    zsh:   curtilage completion zsh > "${fpath[1]}/_curtilage"
    fish:  curtilage completion fish > ~/.config/fish/completions/curtilage.fish
    """  # noqa: D301 - click's own mark for lines that are not folded
    click.echo(write_script(shell))
    return 0


def write_script(shell: str) -> str:
    """Return the completion script of one of :data:`SHELLS`."""
    from click.shell_completion import get_completion_class

    from curtilage.cli.main import curtilage

    kind = get_completion_class(shell)
    assert kind is not None
    made = kind(curtilage, {}, "curtilage", _VARIABLE)
    # The script itself and not source(), which first runs the shell to ask for its version.
    return made.source_template % made.source_vars()
