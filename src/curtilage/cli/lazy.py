"""A group of commands that imports a command only when it is run or its own help is asked for."""

from __future__ import annotations

import importlib
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

Table = Mapping[str, tuple[str, str]]
"""Command; the ``module:attribute`` that holds it, and the line that help shows, so that help imports nothing."""


class LazyGroup(click.Group):
    """A group whose commands stand in tables.

    Attributes:
        sections: Tables by the heading that help shows above them.
        table: All of them as one, in the order in which people meet them.
    """

    def __init__(
        self,
        *args: Any,
        table: Table | None = None,
        sections: Mapping[str, Table] | None = None,
        **settings: Any,
    ) -> None:
        """Take one table, or several with headings."""
        super().__init__(*args, **settings)
        self.sections = sections or {"Commands": table or {}}
        self.table: Table = {name: row for each in self.sections.values() for name, row in each.items()}

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names in the order in which people meet them."""
        return list(self.table)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import and return one command; None where there is none of that name."""
        if cmd_name not in self.table:
            return None
        module, _, attribute = self.table[cmd_name][0].partition(":")
        command = getattr(importlib.import_module(module), attribute)
        assert isinstance(command, click.Command)
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command that is asked for; a misspelt one gets the nearest name.

        Raises:
            click.UsageError: There is no such command.
        """
        if args and args[0] not in self.table and not args[0].startswith("-"):
            import difflib

            near = difflib.get_close_matches(args[0], self.table, n=1)
            hint = f" Did you mean {near[0]}?" if near else f" See: {ctx.command_path} --help"
            raise click.UsageError(f"There is no command {args[0]!r}. Nothing was done.{hint}", ctx)
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the list of commands without importing any, the lines of all sections below one another."""
        width = max(map(len, self.table), default=0)
        for heading, table in self.sections.items():
            with formatter.section(heading):
                formatter.write_dl([(name.ljust(width), line) for name, (_, line) in table.items()])

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        """Return the commands that begin so, without importing any, and the options."""
        from click.shell_completion import CompletionItem

        found = [
            CompletionItem(name, help=line)
            for name, (_, line) in self.table.items()
            if name.startswith(incomplete)
        ]
        return [*found, *click.Command.shell_complete(self, ctx, incomplete)]
