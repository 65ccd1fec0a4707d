"""Commands run in this process, their streams captured."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

from sheetengine.cli.group import run
from tests.cli import books


@dataclass(frozen=True)
class Answer:
    code: int
    out: str
    err: str


@pytest.fixture
def sheetengine(capsys):
    """`sheetengine("calc", path, "A1")`: exit code and streams."""

    def call(*arguments: object) -> Answer:
        code = run([str(one) for one in arguments])
        captured = capsys.readouterr()
        return Answer(code, captured.out, captured.err)

    return call


@pytest.fixture(scope="session")
def loan(tmp_path_factory) -> Path:
    return books.loan(tmp_path_factory.mktemp("books") / "loan.xlsx")


@pytest.fixture(scope="session")
def circle(tmp_path_factory) -> Path:
    return books.circle(tmp_path_factory.mktemp("books") / "circle.xlsx")
