"""`docs/cli.md`, written from the commands.

In: the table of commands. Out: the page's text: what `--help` prints, command by command, at one width.
"""

from __future__ import annotations

import click

from sheetengine.cli.group import COMMANDS, command

_HEAD = """\
# Command line

Written from the code by `make docs`; a test fails where this page is stale. `python -m sheetengine` is the same program.
"""
_WIDTH = 100


def text() -> str:
    """The page."""
    top = _context(command, "sheetengine", None)
    parts = [_HEAD, _block(command.get_help(top))]
    for name in sorted(COMMANDS):
        one = command.get_command(top, name)
        assert one is not None
        parts.append(f"## sheetengine {name}\n")
        parts.append(_block(one.get_help(_context(one, name, top))))
    return "\n".join(parts)


def _context(one: click.Command, name: str, parent: click.Context | None) -> click.Context:
    # The width is that of the page, not of the terminal that happens to write it.
    names = one.context_settings.get("help_option_names")
    return click.Context(one, info_name=name, parent=parent, terminal_width=_WIDTH, max_content_width=_WIDTH, help_option_names=names)


def _block(help_text: str) -> str:
    return f"```text\n{help_text.rstrip()}\n```\n"
