"""The group of commands: a table of names and modules, and what becomes of an exception.

In: arguments. Out: the exit code. Invariants: only the module of the command that runs is imported; what the library raises on
purpose is one message on stderr; any other exception is our bug and keeps its traceback.
"""

from __future__ import annotations

import contextlib
import gc
import importlib
import os
import sys
import warnings
from collections.abc import Sequence
from typing import Any, Final, NoReturn

import click

from sheetengine import __version__
from sheetengine.errors import CircularReferenceWarning, EvaluationBug, SheetEngineError

COMMANDS: Final[dict[str, tuple[str, str]]] = {
    "calc": ("sheetengine.cli.calc", "Print values of a workbook, after edits if you like."),
    "check": ("sheetengine.cli.check", "Compare the values in workbooks with what their formulas give."),
    "deps": ("sheetengine.cli.deps", "Print what a cell reads, or what reads it, as a tree."),
    "digits": ("sheetengine.cli.digits", "Paint a test digit into a workbook whose formulas read it."),
    "draw": ("sheetengine.cli.draw", "Draw a digit in the browser and watch the sheet recompute."),
    "diff": ("sheetengine.cli.diff", "Show the formulas and values that differ between two workbooks."),
    "functions": ("sheetengine.cli.functions", "List the worksheet functions, or explain one."),
    "graph": ("sheetengine.cli.graph", "Draw what a cell rests on, or what rests on it, as an SVG picture."),
    "recalc": ("sheetengine.cli.recalc", "Compute every formula and write the values into the file."),
    "view": ("sheetengine.cli.view", "Look at a workbook in the browser: edit it, trace every edit, save it."),
}
"""Name: module, summary. The module has a click command `command`; a test holds the summaries equal to its first sentence."""

WELL: Final = 0
NOT_WELL: Final = 1
REFUSED: Final = 2
BUG: Final = 3
INTERRUPTED: Final = 130

_EPILOG = """\b
Examples:
  sheetengine digits                                       a network reads a digit
  sheetengine calc model.xlsx Result                       value of a name
  sheetengine calc model.xlsx Data!A1:C9 --set Data!A1=5   after an edit
  sheetengine deps model.xlsx Result --transitive          all it rests on
  sheetengine functions XLOOKUP                            how it is written

\b
Exit codes:
  0  all is well
  1  computed, but something is not well: circular or unsupported cells
  2  a wrong argument, or a file that cannot be read
  3  a bug of sheetengine: please report it

A reference is Sheet!A1, Sheet!A1:C9 or a defined name; a workbook of one sheet needs no sheet name. Every command that answers takes --json.
Colours appear on a terminal only, and never where NO_COLOR is set.
"""


class LazyGroup(click.Group):
    """Commands by the table above, each imported when it is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """All names, sorted."""
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of a name, imported now."""
        if cmd_name not in COMMANDS:
            return None
        command = importlib.import_module(COMMANDS[cmd_name][0]).command
        assert isinstance(command, click.Command)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Names and summaries, from the table: nothing is imported for them."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, COMMANDS[name][1]) for name in self.list_commands(ctx)])


@click.group(cls=LazyGroup, epilog=_EPILOG, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, message="%(prog)s %(version)s")
def command() -> None:
    """Compute Excel workbooks without Excel.

    Formulas are read from the .xlsx file and recalculated here; the file itself is never changed unless a command says so.
    """


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """Run one command line and exit."""
    for stream in (sys.stdout, sys.stderr):
        # A console that has no block characters shows "?" rather than ending the run.
        with contextlib.suppress(AttributeError, ValueError):
            stream.reconfigure(errors="replace")  # type: ignore[union-attr]  # a test's stream may be a StringIO
    # A command lives for a second. Of that second 0.07 went to threads of numpy's matrix library, which nothing here is large enough for,
    # and 0.05 to looking for cycles among what the imports made, once on the way and once at the end.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    gc.set_threshold(100_000, 20, 20)
    code = run(arguments)
    gc.freeze()
    sys.exit(code)


def run(arguments: Sequence[str] | None = None) -> int:
    """Run one command line; its exit code."""
    with warnings.catch_warnings():
        # The commands list circular cells themselves, with an exit code.
        warnings.simplefilter("ignore", CircularReferenceWarning)
        try:
            # Click itself leaves out colours where stdout is no terminal.
            colour = False if os.environ.get("NO_COLOR") else None
            answer: Any = command.main(arguments, prog_name="sheetengine", standalone_mode=False, color=colour)
        except click.ClickException as error:
            error.show()
            return error.exit_code
        except (click.Abort, KeyboardInterrupt):
            click.echo("interrupted", err=True)
            return INTERRUPTED
        except BrokenPipeError:
            # `sheetengine … | head`: the reader has what it wanted. Python would complain once more when it closes stdout.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            return WELL
        except EvaluationBug as error:
            complain(error, "this is a bug of sheetengine, please report it: ")
            return BUG
        except SheetEngineError as error:
            complain(error)
            return REFUSED
        except OSError as error:
            click.echo(f"Error: {error.filename or ''}{': ' if error.filename else ''}{error.strerror or error}", err=True)
            return REFUSED
    return answer if isinstance(answer, int) else WELL


def complain(error: SheetEngineError, before: str = "") -> None:
    """One message on stderr, the notes of the exception below it."""
    lines = [f"Error: {before}{error}", *getattr(error, "__notes__", ())]
    click.echo("\n".join(lines), err=True)
