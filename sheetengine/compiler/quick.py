"""The quick form of a program: Python source for formulas of plain values, compiled once a program.

In: a bound tree. Out: a function of the cells' planes that answers like the scalar form, or None where it cannot say: a blank, an
error, a number that is not finite, two numbers that are nearly equal. The caller then asks the scalar form, which is the specification:
what is answered here is equal to it, to the bit. A call takes 0.2-0.5 us where closures over a frame take 2-8.

Each cell comes as three arguments: its plane of kinds, its plane of payloads and its place in both; a constant as one; a range, which
must be a short piece of one column, as five: planes, place, the kinds it must have and its first row.
"""

from __future__ import annotations

from sheetengine.compiler import bound as b
from sheetengine.compiler.inlining import inlined
from sheetengine.compiler.quick_writer import NoQuickForm, Quick, Writer
from sheetengine.grid import NUMBER, TEXT

MOST_DOWN = 64
"""Rows of a range that a quick form reads."""


class QuickForm:
    """A program's quick form. `run(text, *arguments)`: `text` gives the text of an id; the arguments are those of the slots named."""

    __slots__ = ("areas", "cells", "constants", "run")

    def __init__(self, run: Quick, cells: tuple[int, ...], areas: tuple[int, ...], constants: tuple[int, ...]) -> None:
        self.run = run
        self.cells = cells
        self.areas = areas
        self.constants = constants


class _PlaneWriter(Writer):
    """Reads cells from planes of kinds `k`, planes of payloads `p`, at a place `i`; of a range `o` are the kinds, `r` its first row."""

    def __init__(self) -> None:
        super().__init__()
        self.cells: set[int] = set()
        self.areas: set[int] = set()

    def cell(self, index: int, kind: str) -> str:
        self.cells.add(index)
        found = self.known.get((kind, index))
        if found is not None:
            return found
        wanted = NUMBER if kind == "number" else TEXT
        self.put(f"if k{index}[i{index}] != {wanted}: return None")
        payload = f"p{index}[i{index}]"
        name = self.fresh(payload if kind == "number" else f"text(int({payload}))")
        self.known[(kind, index)] = name
        return name

    def cell_of_any_kind(self, index: int) -> str:
        for kind in ("number", "text"):
            if (kind, index) in self.known:
                return self.known[(kind, index)]
        self.cells.add(index)
        kind, payload = self.fresh(f"k{index}[i{index}]"), f"p{index}[i{index}]"
        return self.known_one(f"{payload} if {kind} == {NUMBER} else text(int({payload})) if {kind} == {TEXT} else None")

    def area(self, index: int) -> str:
        self.areas.add(index)
        self.put(f"if k{index}[i{index} : i{index} + len(o{index})] != o{index}: return None")
        return f"(p{index}[i{index} : i{index} + len(o{index})].tolist(), r{index})"


def compile_quick(tree: b.Bound) -> QuickForm | None:
    """The quick form of a formula, None where it has none."""
    writer = _PlaneWriter()
    try:
        answer = writer.any(inlined(tree, {}))
    except NoQuickForm:
        return None
    cells, areas, constants = tuple(sorted(writer.cells)), tuple(sorted(writer.areas)), tuple(sorted(writer.constants))
    parameters = ["text"]
    for index in cells:
        parameters += [f"k{index}", f"p{index}", f"i{index}"]
    for index in areas:
        parameters += [f"k{index}", f"p{index}", f"i{index}", f"o{index}", f"r{index}"]
    parameters += [f"c{index}" for index in constants]
    run = writer.function(parameters, answer)
    return None if run is None else QuickForm(run, cells, areas, constants)
