"""The graph of rectangles answers as a graph of cells made from the texts, to the cell, direct and transitive, either way."""

from __future__ import annotations

from collections.abc import Iterable

from hypothesis import given, strategies as st

from sheetengine.syntax.operands import Reference
from sheetengine.syntax.shape import lift
from sheetengine.testing import Step, apply, ranges
from sheetengine.testing.references import HEIGHT, WIDTH
from sheetengine.testing.scripts import SHEETS, new_workbook, plain_steps
from sheetengine.workbook import Range, Workbook
from tests.laws.laws import check_invariants, circles_welcome, effort

Cell = tuple[str, int, int]


def cells_of(found: Iterable[Range]) -> set[Cell]:
    """The cells of ranges, within the part of the grid that the scripts use."""
    return {
        (one.sheet.name, row, column)
        for one in found
        for row in range(one.row, min(one.row + one.shape[0], HEIGHT + 9))
        for column in range(one.column, min(one.column + one.shape[1], WIDTH + 9))
    }


def naive_graph(workbook: Workbook) -> dict[Cell, set[Cell]]:
    """What the formula of each cell reads, from its text alone."""
    graph: dict[Cell, set[Cell]] = {}
    for sheet in workbook:
        for cell in sheet.cells_with(formula=True):
            read: set[Cell] = set()
            for operand in lift(cell.formula)[1]:
                if isinstance(operand, Reference) and operand.first is not None:
                    first, last = operand.first, operand.last or operand.first
                    rows = (0, HEIGHT + 8) if first.row is None else sorted((first.row, last.row))
                    columns = (0, WIDTH + 8) if first.column is None else sorted((first.column, last.column))
                    name = workbook[operand.sheet].name if operand.sheet else sheet.name
                    read |= {
                        (name, row + 1, column + 1)
                        for row in range(rows[0], min(rows[1], HEIGHT + 7) + 1)
                        for column in range(columns[0], min(columns[1], WIDTH + 7) + 1)
                    }
            graph[sheet.name, cell.row, cell.column] = read
    return graph


def transitive(graph: dict[Cell, set[Cell]], start: set[Cell]) -> set[Cell]:
    """All that is reached from some cells along edges."""
    found: set[Cell] = set()
    waiting = [start]
    while waiting:
        following = set().union(*(graph.get(cell, set()) for cell in waiting.pop()))
        if following - found:
            waiting.append(following - found)
            found |= following
    return found


@effort(1)
@given(
    st.lists(plain_steps(), min_size=1, max_size=9), st.lists(st.tuples(st.sampled_from(SHEETS), ranges(most=4)), min_size=2, max_size=4)
)
def test_precedents_and_dependents_are_exact(script: list[Step], asked: list[tuple[str, str]]) -> None:
    with circles_welcome():
        workbook = new_workbook()
        apply(workbook, script)
        check_invariants(workbook)
        reads = naive_graph(workbook)
        readers: dict[Cell, set[Cell]] = {}
        for cell, read in reads.items():
            for one in read:
                readers.setdefault(one, set()).add(cell)
        for sheet, place in asked:
            here = workbook[sheet][place]
            own = cells_of([here])
            assert cells_of(here.dependents()) == set().union(*(readers.get(cell, set()) for cell in own))
            assert cells_of(here.dependents(transitive=True)) == transitive(readers, own)
            assert cells_of(here.precedents()) == set().union(*(reads.get(cell, set()) for cell in own))
            assert cells_of(here.precedents(transitive=True)) == transitive(reads, own)


def test_a_range_between_two_sheets_reads_no_more_than_its_ends() -> None:
    workbook = Workbook()
    workbook.add_sheet("Other")
    sheet = workbook["Sheet1"]
    sheet["C1"] = "=SUM(A$1:Other!A5)"
    sheet["C2"] = "=SUM(IF(B1,A1,Other!A1):Other!A5)"
    assert cells_of(sheet["C1"].precedents()) == {("Sheet1", 1, 1), ("Other", 5, 1)}
    assert cells_of(sheet["C2"].precedents()) >= {("Other", row, 1) for row in range(1, 6)}
    workbook["Other"]["A1:A5"] = [[1]] * 5
    assert sheet["C2"].value == 5.0
    workbook["Other"]["A3"] = 4
    assert sheet["C2"].value == 8.0
