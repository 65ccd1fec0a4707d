"""The public names are those that docs/public-api.txt lists: a change of either is a decision, not an accident."""

from __future__ import annotations

import re
import subprocess
import sys

import sheetengine
from tests.needs import PROJECT


def test_public_names_are_those_of_the_list():
    listed = (PROJECT / "docs" / "public-api.txt").read_text("utf-8").split()
    assert sorted(sheetengine.__all__) == listed


def test_every_public_name_exists_and_is_sorted():
    assert all(hasattr(sheetengine, name) for name in sheetengine.__all__)
    assert list(sheetengine.__all__) == sorted(sheetengine.__all__)


def test_the_exceptions_are_those_of_the_tree():
    from sheetengine import errors

    drawn = re.findall(r"[├└]── (\w+)", errors.__doc__ or "")
    assert sorted([*drawn, "SheetEngineError", "CircularReferenceWarning", "StaleValueWarning"]) == sorted(errors.__all__)
    assert set(errors.__all__) <= set(sheetengine.__all__)


def test_importing_loads_lark_and_numpy_alone():
    """scipy, click and the file libraries load when they are needed; `import` alone loads not even the engine, so one is made."""
    heavy = (
        "scipy",
        "click",
        "xlsxwriter",
        "pandas",
        "polars",
        "pyarrow",
        "matplotlib",
        "hypothesis",
        "starlette",
        "xml.etree.ElementTree",
    )
    code = f"import sys, sheetengine; sheetengine.Workbook(); print([name for name in {heavy!r} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=PROJECT)
    assert done.stdout.strip() == "[]"


def test_links_between_documents_lead_somewhere():
    for page in [PROJECT / "README.md", PROJECT / "CONTRIBUTING.md", *sorted((PROJECT / "docs").rglob("*.md"))]:
        for target in re.findall(r"\]\(([^)#\s]+?)(?:#[^)]*)?\)", page.read_text("utf-8")):
            if "://" not in target:
                assert (page.parent / target).exists(), f"{page.relative_to(PROJECT)} points at {target}, which is not there"
