"""`docs/functions.md`, written from the declarations.

In: the catalogue. Out: the page's text. Invariant: everything on it comes from a declaration, so it cannot say what is not so.
"""

from __future__ import annotations

from itertools import groupby

from sheetengine.functions.library import FunctionSpec, catalogue

_HEAD = """\
# Worksheet functions

{count} functions, written from their declarations by `make docs`; a test fails where this page is stale. `sheetengine functions NAME` shows
one with its examples. Parameters in brackets may be left off; `…` repeats. How a block of many calls is computed:

| form | what it means |
|---|---|
| vector | one array operation for the block |
| batch | one array operation, each call's ranges a slice of it |
| lazy | by the compiler, argument by argument as needed |
| scalar | call by call |
"""


def text() -> str:
    """The page."""
    specs = sorted(catalogue().values(), key=lambda spec: (spec.category, spec.name))
    parts = [_HEAD.format(count=len(specs))]
    for category, members in groupby(specs, key=lambda spec: spec.category):
        rows = [_row(spec) for spec in members]
        parts.append(
            f"## {category} ({len(rows)})\n\n| name | syntax | what it answers | form | since |\n|---|---|---|---|---|\n" + "\n".join(rows)
        )
    return "\n".join(parts).replace("\n## ", "\n\n## ").replace("\n\n\n", "\n\n") + "\n"


def _row(spec: FunctionSpec) -> str:
    form = spec.form + (", volatile" if spec.volatile else "")
    return f"| {spec.name} | `{spec.syntax}` | {spec.summary.replace('|', chr(92) + '|')} | {form} | {spec.since} |"
