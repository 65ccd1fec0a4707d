"""`sheetengine digits`: the main job."""

from __future__ import annotations

import json
import os
import pty
import shutil
import subprocess
import sys
import tomllib

import numpy as np
import pytest

from sheetengine.cli import digits
from sheetengine.digits_data import forward, parameters, test_digits as packed_digits
from tests.needs import PROJECT


@pytest.mark.parametrize("index", [0, 8, 999])
def test_a_digit_is_painted_and_read(sheetengine, index):
    answer = sheetengine("digits", "--json", "--index", index)
    assert answer.code == 0
    found = json.loads(answer.out)
    pictures, labels = packed_digits()
    assert found["label"] == labels[index]
    assert found["recomputed"] == [41]
    assert found["pixels"] == (pictures[index] > 0).sum() == len(found["strokes"])
    assert found["numpy"]["equal"]
    assert found["numpy"]["difference"] <= 1e-12
    assert found["prediction"] == found["numpy"]["prediction"]
    np.testing.assert_allclose(found["outputs"], forward(pictures[index] / 255, parameters())[-1], rtol=0, atol=1e-12)


def test_the_summary_where_there_is_no_terminal(sheetengine):
    answer = sheetengine("digits")
    assert answer.code == 0
    assert "\x1b" not in answer.out
    lines = answer.out.splitlines()
    assert lines[-3] == "test digit 0: the workbook reads 7, which is right"
    assert lines[-2].startswith("116 pixels painted, 41 cells recomputed for each, ")
    assert lines[-1].startswith("equal to numpy: 40 neurons differ by at most ")
    assert any("7 ████████████████████████  1.000  ◀" in line for line in lines)


def test_a_wrong_reading_is_said_but_is_not_our_error(sheetengine):
    answer = sheetengine("digits", "--index", 149)
    assert answer.code == 0
    assert "test digit 149: the workbook reads 4, which is wrong: it is a 2" in answer.out


def test_a_network_that_differs_from_numpy_is_an_error(sheetengine, monkeypatch):
    layers = parameters()
    layers[1][1][7] += 1e-6
    monkeypatch.setattr(digits.digits_data, "parameters", lambda: layers)
    answer = sheetengine("digits")
    assert answer.code == 1
    assert "NOT equal to numpy" in answer.out


def test_a_digit_by_chance(sheetengine, monkeypatch):
    monkeypatch.setattr(digits.chance, "randrange", lambda count: count - 1)
    assert json.loads(sheetengine("digits", "--random", "--json").out)["index"] == 999


@pytest.mark.parametrize("index", ["1000", "-1", "seven"])
def test_an_index_that_is_none(sheetengine, index):
    answer = sheetengine("digits", f"--index={index}")
    assert answer.code == 2
    assert "--index" in answer.err


def test_from_the_installed_files_alone(tmp_path):
    """What a wheel holds, by pyproject's own table, in an empty folder: no source tree, no `workbooks/`."""
    wheel = tomllib.loads((PROJECT / "pyproject.toml").read_text("utf-8"))["tool"]["hatch"]["build"]["targets"]["wheel"]
    assert wheel["packages"] == ["sheetengine"]
    shutil.copytree(PROJECT / "sheetengine", tmp_path / "site" / "sheetengine", ignore=shutil.ignore_patterns("__pycache__"))
    for source, target in wheel["force-include"].items():
        shutil.copy(PROJECT / source, tmp_path / "site" / target)
    empty = tmp_path / "empty"
    empty.mkdir()
    done = subprocess.run(
        [sys.executable, "-m", "sheetengine", "digits", "--json"],
        capture_output=True,
        text=True,
        cwd=empty,
        env={**os.environ, "PYTHONPATH": str(tmp_path / "site"), "PYTHONDONTWRITEBYTECODE": "1"},
    )
    assert (done.returncode, done.stderr) == (0, "")
    found = json.loads(done.stdout)
    assert (found["prediction"], found["recomputed"], found["numpy"]["equal"]) == (7, [41], True)
    assert not list(empty.iterdir())


def _on_a_terminal(**environment: str) -> str:
    """What the command writes to a pseudo-terminal."""
    parent, child = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "sheetengine", "digits", "--delay", "0"],
        stdout=child,
        stderr=child,
        cwd=PROJECT,
        env={**os.environ, "TERM": "xterm-256color", **environment},
    )
    os.close(child)
    parts = []
    while True:
        try:
            part = os.read(parent, 65_536)
        except OSError:  # the end of a pseudo-terminal, on Linux
            break
        if not part:
            break
        parts.append(part)
    os.close(parent)
    assert process.wait(60) == 0
    return b"".join(parts).decode()


def test_on_a_terminal_it_is_painted_frame_by_frame():
    shown = _on_a_terminal()
    assert "pixel 1 of 116: Draw!" in shown
    assert "pixel 116 of 116: Draw!" in shown
    assert shown.count("41 cells recomputed in ") == 116
    assert shown.count("\x1b[17A") == 115, "each frame is drawn over the last one"
    assert "\x1b[38;5;" in shown


def test_no_colours_where_they_are_not_wanted():
    shown = _on_a_terminal(NO_COLOR="1")
    assert "\x1b[38;5;" not in shown
    assert "█" in shown


@pytest.mark.parametrize("environment", [{"COLUMNS": "60"}, {"LINES": "12"}, {"TERM": "dumb"}])
def test_a_terminal_without_room_gets_the_summary(environment):
    """Frames that wrap or scroll could not be drawn over."""
    shown = _on_a_terminal(**environment)
    assert "pixel 1 of 116" not in shown
    assert "the workbook reads 7, which is right" in shown
