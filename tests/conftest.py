"""What holds for all tests: how hard hypothesis tries, and that Excel would open every workbook that a test saves.

`SHEETENGINE_PROFILE` chooses dev (the default), ci (the same examples in every run) or thorough.
"""

from __future__ import annotations

import functools
import os
from collections.abc import Iterator
from typing import BinaryIO

import pytest
from hypothesis import HealthCheck, settings

from sheetengine.workbook import saving
from tests.io.repair import faults, problems

collect_ignore = ["workbook/uno_edits.py"]
"""Run by LibreOffice's Python, which has the module it imports."""

_SLOW = (HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much)

settings.register_profile("dev", max_examples=15, deadline=None, database=None, suppress_health_check=_SLOW)
settings.register_profile("ci", max_examples=60, deadline=None, database=None, derandomize=True, suppress_health_check=_SLOW)
settings.register_profile("thorough", max_examples=2_000, deadline=None, database=None, suppress_health_check=_SLOW)
settings.load_profile(os.environ.get("SHEETENGINE_PROFILE", "dev"))

_MOST_CHECKED = 1 << 20


@pytest.fixture(autouse=True, scope="session")
def _no_repair_dialogue() -> Iterator[None]:
    """Every package that is saved is checked for what Excel would repair, unless the one it came from has faults itself."""
    write = saving._Saving.write

    @functools.wraps(write)
    def checked(self: saving._Saving, stream: BinaryIO) -> None:
        package = self.document.package
        start = stream.tell()
        write(self, stream)
        if stream.tell() - start > _MOST_CHECKED or package is None or not stream.readable() or faults(package.data):
            return
        stream.seek(start)
        found = problems(stream.read())
        assert not found, "Excel would repair this: " + "; ".join(found[:9])

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(saving._Saving, "write", checked)
        yield
