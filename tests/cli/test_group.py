"""The group of commands: lazy, documented, and without tracebacks for what a user did."""

from __future__ import annotations

import subprocess
import sys

import click
import pytest
from click.testing import CliRunner

import sheetengine
from sheetengine.cli import group, reference
from sheetengine.errors import EvaluationBug, UnknownReference
from tests.needs import PROJECT


def run_python(code: str) -> str:
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=PROJECT).stdout


def test_help_loads_no_numpy():
    code = (
        "import sys\nfrom sheetengine.cli.group import run\nassert run(['--help']) == 0\n"
        "print([name for name in ('numpy', 'lark', 'scipy', 'sheetengine.workbook') if name in sys.modules])"
    )
    out = run_python(code)
    assert "Usage: sheetengine" in out
    assert out.splitlines()[-1] == "[]"


def test_a_command_imports_its_own_module_alone():
    code = "import sys\nfrom sheetengine.cli.group import run\nrun(['deps', '--help'])\nprint('sheetengine.cli.calc' in sys.modules)"
    assert run_python(code).splitlines()[-1] == "False"


@pytest.mark.parametrize("name", sorted(group.COMMANDS))
def test_the_table_says_what_the_command_says(name):
    command = group.command.get_command(click.Context(group.command), name)
    assert command is not None
    assert command.name == name
    assert (command.help or "").splitlines()[0] == group.COMMANDS[name][1]
    serves = name in ("draw", "view")
    assert serves or any("--json" in parameter.opts for parameter in command.params), "every command that answers takes --json"


def test_module_and_script_are_one_program():
    done = subprocess.run([sys.executable, "-m", "sheetengine", "--version"], capture_output=True, text=True, check=True, cwd=PROJECT)
    assert done.stdout == f"sheetengine {sheetengine.__version__}\n"


def test_an_unknown_command_is_a_usage_error(capsys):
    assert group.run(["calculate"]) == 2
    assert "No such command" in capsys.readouterr().err


def _raising(error: BaseException):
    @click.command("fail")
    def command() -> None:
        raise error

    return command


@pytest.mark.parametrize(
    ("error", "code", "message"),
    [
        (UnknownReference("there is no sheet 'Costs'"), 2, "Error: there is no sheet 'Costs'\n"),
        (EvaluationBug("Sheet1!A1 =SUM(A2): boom"), 3, "Error: this is a bug of sheetengine, please report it: Sheet1!A1 =SUM(A2): boom\n"),
        (PermissionError(13, "Permission denied", "locked.xlsx"), 2, "Error: locked.xlsx: Permission denied\n"),
        (KeyboardInterrupt(), 130, "\ninterrupted\n"),
    ],
)
def test_what_becomes_of_an_exception(monkeypatch, capsys, error, code, message):
    monkeypatch.setattr(group.LazyGroup, "get_command", lambda self, ctx, name: _raising(error))
    assert group.run(["fail"]) == code
    assert capsys.readouterr().err == message


def test_the_notes_of_an_exception_follow_it(monkeypatch, capsys):
    error = UnknownReference("no")
    error.add_note("in --set X=1")
    monkeypatch.setattr(group.LazyGroup, "get_command", lambda self, ctx, name: _raising(error))
    assert group.run(["fail"]) == 2
    assert capsys.readouterr().err == "Error: no\nin --set X=1\n"


def test_our_own_bugs_keep_their_traceback(monkeypatch):
    monkeypatch.setattr(group.LazyGroup, "get_command", lambda self, ctx, name: _raising(ZeroDivisionError()))
    with pytest.raises(ZeroDivisionError):
        group.run(["fail"])


def test_a_reader_that_leaves_is_no_error():
    """`sheetengine functions | head -1`."""
    shell = f"{sys.executable} -m sheetengine functions --json | head -1; echo ${{PIPESTATUS[0]}}"
    done = subprocess.run(["bash", "-c", shell], capture_output=True, text=True, check=True, cwd=PROJECT)
    assert done.stdout == "[\n0\n"
    assert done.stderr == ""


def test_the_page_is_what_the_code_says():
    assert (PROJECT / "docs" / "cli.md").read_text("utf-8") == reference.text(), "stale: make docs"


def test_the_page_does_not_depend_on_the_terminal(monkeypatch):
    wide = reference.text()
    monkeypatch.setenv("COLUMNS", "40")
    assert reference.text() == wide


def test_colours_on_a_terminal_only(monkeypatch):
    result = CliRunner().invoke(group.command, ["functions", "PMT"])
    assert result.exit_code == 0
    assert "\x1b" not in result.output
