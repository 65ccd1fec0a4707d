"""Builds `formula.table`, the LALR table that ships: `python -m sheetengine.syntax.build_table`."""

from __future__ import annotations

import io
from pathlib import Path

from sheetengine.syntax.parser import build_lark


def build() -> bytes:
    """The table of the present grammar."""
    buffer = io.BytesIO()
    build_lark().save(buffer)
    return buffer.getvalue()


if __name__ == "__main__":
    Path(__file__).with_name("formula.table").write_bytes(build())
