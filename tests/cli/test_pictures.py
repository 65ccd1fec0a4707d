"""`graph` and `digits --plot`: files that can be opened."""

from __future__ import annotations

import builtins
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
import xlsxwriter
from click.testing import CliRunner

from sheetengine.cli.group import command
from sheetengine.errors import MissingDependency


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "book.xlsx"
    with xlsxwriter.Workbook(path) as book:
        page = book.add_worksheet("Data")
        page.write_column(0, 0, [1, 2, 3])
        for row in range(3):
            page.write_formula(row, 1, f"=A{row + 1}*2", None, 2 * (row + 1))
        page.write_formula(0, 2, "=SUM(B1:B3)", None, 12)
        book.define_name("Total", "=Data!$C$1")
    return path


def titles(svg: str) -> list[str | None]:
    tree = ElementTree.fromstring(svg)
    return [text.text for text in tree.iter("{http://www.w3.org/2000/svg}text") if text.get("font-weight") == "600"]


def test_graph_writes_a_picture(file: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.svg"
    ran = CliRunner().invoke(command, ["graph", str(file), "Total", "-o", str(out)])
    assert ran.exit_code == 0 and ran.stdout == ""
    assert titles(out.read_text("utf-8")) == ["Data!C1", "Data!B1:B3", "Data!A1:A3"]


def test_graph_prints_where_no_file_is_named(file: Path) -> None:
    ran = CliRunner().invoke(command, ["graph", str(file), "Data!A2", "--dependents"])
    assert ran.exit_code == 0
    assert titles(ran.stdout) == ["Data!A2", "Data!B1:B3", "Data!C1"]


def test_graph_as_json(file: Path) -> None:
    ran = CliRunner().invoke(command, ["graph", str(file), "Total", "--json"])
    answer = json.loads(ran.stdout)
    assert [box["cells"] for box in answer["boxes"]] == ["Data!C1", "Data!B1:B3", "Data!A1:A3"]
    assert answer["edges"] == [["Data!B1:B3", "Data!C1"], ["Data!A1:A3", "Data!B1:B3"]] and answer["left_out"] == ""


def test_digits_draws_its_network(tmp_path: Path) -> None:
    pytest.importorskip("matplotlib")
    out = tmp_path / "four.png"
    ran = CliRunner().invoke(command, ["digits", "--index", "4", "--delay", "0", "--plot", str(out)])
    assert ran.exit_code == 0, ran.output
    data = out.read_bytes()
    assert data[:8] == b"\x89PNG\r\n\x1a\n" and 20_000 < len(data) < 400_000


def test_without_matplotlib_the_extra_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found: Callable[..., Any] = builtins.__import__

    def without(name: str, *rest: Any) -> Any:
        if name.startswith("matplotlib"):
            raise ImportError(name)
        return found(name, *rest)

    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(MissingDependency, match=r"sheetengine\[plot\]"):
        CliRunner().invoke(command, ["digits", "--plot", str(tmp_path / "x.png")], catch_exceptions=False)
