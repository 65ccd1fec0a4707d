"""The command line: `sheetengine COMMAND …`.

In: arguments. Out: text or JSON on stdout, messages on stderr, an exit code. Invariants: a command's module loads when the command
runs, so `--help` costs no numpy; bad input ends with one message and code 2, never with a traceback. Each command is one module of
this package; `group` has their table.
"""

from sheetengine.cli.group import main

__all__ = ["main"]
