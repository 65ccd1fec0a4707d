"""`sheetengine functions`: the catalogue of worksheet functions.

In: a name, or none. Out: what the declaration says of it, its examples with their results.
"""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING, Any

import click

from sheetengine.cli.output import json_option, plain, print_json
from sheetengine.display.text import table, typed

if TYPE_CHECKING:
    from sheetengine.functions.library import FunctionSpec


@click.command("functions")
@click.argument("name", required=False)
@click.option("--category", metavar="WORD", help="Only the functions of a category, such as financial.")
@json_option
def command(name: str | None, category: str | None, as_json: bool) -> int:
    """List the worksheet functions, or explain one.

    \b
      sheetengine functions --category financial
      sheetengine functions PMT
    """
    from sheetengine.functions.library import catalogue  # noqa: PLC0415  # the category modules load here

    known = catalogue()
    if name is not None:
        spec = known.get(name.upper())
        if spec is None:
            near = difflib.get_close_matches(name.upper(), known, n=4)
            raise click.BadParameter(f"there is no function {name.upper()}" + (f"; {', '.join(near)}?" if near else ""), param_hint="NAME")
        if as_json:
            print_json(_described(spec))
        else:
            click.echo(_explained(spec))
        return 0
    categories = sorted({spec.category for spec in known.values()})
    if category is not None and category not in categories:
        raise click.BadParameter(f"there is no category {category!r}; {', '.join(categories)}", param_hint="--category")
    chosen = [spec for spec in known.values() if category in (None, spec.category)]
    if as_json:
        print_json([_described(spec) for spec in chosen])
        return 0
    for one in categories if category is None else [category]:
        specs = [spec for spec in chosen if spec.category == one]
        click.echo(click.style(f"{one} ({len(specs)})", bold=True))
        click.echo(table([[f"  {spec.name}", spec.summary] for spec in specs]) + "\n")
    return 0


def _described(spec: FunctionSpec) -> dict[str, Any]:
    return {
        "name": spec.name,
        "category": spec.category,
        "syntax": spec.syntax,
        "summary": spec.summary,
        "form": spec.form,
        "volatile": spec.volatile,
        "since": spec.since,
        "source": spec.source,
        "examples": {formula: plain(result) for formula, result in spec.examples.items()},
    }


def _explained(spec: FunctionSpec) -> str:
    lines = [click.style(spec.syntax, bold=True), f"  {spec.summary}", ""]
    lines += [f"  {formula}  ->  {_shown(result)}" for formula, result in spec.examples.items()]
    facts = [("category", spec.category), ("computed", spec.form), ("since", spec.since), ("source", spec.source)]
    if spec.volatile:
        facts.insert(2, ("volatile", "computed anew in every round"))
    lines += ["", table([[f"  {what}", text] for what, text in facts if text])]
    return "\n".join(lines)


def _shown(result: object) -> str:
    if isinstance(result, list):
        return "{" + ";".join(",".join(typed(one) for one in row) for row in result) + "}"
    return typed(result)
