"""What some tests need and not every machine has: the shared folder, LibreOffice, Chromium.

A test that lacks it is skipped with a message; under `.ci/run`, which brings all of it, a skip is a failure.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import NoReturn

import pytest

PROJECT = Path(__file__).resolve().parents[1]
SHARED = PROJECT.parent / "shared"


def lacks(what: str) -> NoReturn:
    """Skip the test, or fail it where all must be there."""
    if os.environ.get("SHEETENGINE_REQUIRE_ALL"):
        pytest.fail(f"{what}, and this run may not skip")
    pytest.skip(what)


def shared(*parts: str) -> Path:
    """A file or folder under `../shared`, or the test is skipped."""
    path = SHARED.joinpath(*parts)
    if not path.exists():
        lacks(f"{path} is not there")
    return path


def program(*names: str) -> str:
    """The path of the first of these programs that is installed, or the test is skipped."""
    for name in names:
        found = shutil.which(name)
        if found:
            return found
    lacks(f"{' or '.join(names)} is not installed")


def libreoffice() -> str:
    """The path of LibreOffice, or the test is skipped."""
    return program("soffice", "libreoffice")


def chromium() -> str:
    """The path of Chromium, or the test is skipped."""
    return program("chromium", "chromium-browser", "google-chrome")
