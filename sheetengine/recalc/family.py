"""Formulas of one program scattered over a sheet: arrays of members and of their operands.

In: cells with the operands bound at each. Out: positions of a selection, the operands of one member, the edges for the graph, as a `Block`
gives them. Invariants: `operands` says how a member is spelt, `corners` where its references are now; members that were overwritten are `gone`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

import numpy as np

from sheetengine.compiler.bound import ConstantSlot, Slot
from sheetengine.compiler.compile import Program
from sheetengine.graph.patterns import Cells, Edge, FamilyEdge, Indices, Rect, Selection
from sheetengine.syntax.operands import AnyOperand, Constant
from sheetengine.syntax.scattered import Scattered
from sheetengine.syntax.shift import at_extent, follows
from sheetengine.values import Area


class Family:
    """Formulas of one program scattered over a sheet: arrays of members and of their operands."""

    __slots__ = (
        "_order",
        "array",
        "columns",
        "constants",
        "corners",
        "frozen",
        "gone",
        "holes",
        "id",
        "operands",
        "program",
        "rows",
        "sheet",
        "sheets",
        "spots",
    )

    def __init__(
        self, number: int, sheet: int, program: Program, rows: Indices, columns: Indices,
        slots: Sequence[Sequence[Slot]], operands: Sequence[Sequence[AnyOperand]],
    ) -> None:  # fmt: skip
        self.id = number
        self.sheet = sheet
        self.program = program
        self.rows, self.columns = rows, columns
        self.operands = list(operands)
        self.holes = 0
        self.gone = np.zeros(len(rows), bool)
        self.array: tuple[int, int] | None = None
        self.frozen = False
        """Whether it names what we cannot compute and keeps the values its file had."""
        self._order: dict[int, int] | None = None
        self.spots: dict[int, int] = {}
        """Of operands that have followed their cells since they were spelt: the slots that say where they are now."""
        self.constants: dict[int, list[object]] = {}
        self.corners: dict[int, Indices] = {}
        self.sheets: dict[int, int] = {}
        for index in range(len(slots[0])):
            if type(slots[0][index]) is ConstantSlot:
                self.constants[index] = [member[index].value for member in slots]  # type: ignore[union-attr]
            else:
                self.sheets[index] = slots[0][index].sheet  # type: ignore[union-attr]
                self.corners[index] = np.array([member[index][1:5] for member in slots], np.int64).T.copy()

    @classmethod
    def of_cells(cls, number: int, sheet: int, program: Program, groups: Sequence[Scattered]) -> Family:
        """A family whose operands are constants and single cells of its own sheet."""
        made = cls.__new__(cls)
        made.id, made.sheet, made.program = number, sheet, program
        made.rows = np.concatenate([group.rows for group in groups])
        made.columns = np.concatenate([group.columns for group in groups])
        # All are spelt as the first of their group; where their cells are say the corners.
        made.operands = [group.operands for group in groups for _ in range(len(group.rows))]
        made.holes, made.gone, made.array, made.frozen, made._order = 0, np.zeros(len(made.rows), bool), None, False, None
        made.corners, made.constants = {}, {}
        for index, operand in enumerate(groups[0].operands):
            if type(operand) is Constant:
                made.constants[index] = [group.operands[index].value for group in groups for _ in range(len(group.rows))]  # type: ignore[union-attr]
            else:
                tops, lefts = (np.concatenate([group.cells[index][axis] for group in groups]) for axis in (0, 1))
                made.corners[index] = np.array([tops, lefts, tops, lefts])
        made.sheets = dict.fromkeys(made.corners, sheet)
        made.spots = {index: index for index in made.corners}
        return made

    @classmethod
    def joined(cls, number: int, families: Sequence[Family]) -> Family:
        """One family of the living members of several, which are of one program and read the same sheets, in the order of their cells."""
        first = families[0]
        made = cls.__new__(cls)
        made.id, made.sheet, made.program = number, first.sheet, first.program
        living = [family.all for family in families]
        rows, columns = (
            np.concatenate([getattr(family, axis)[members] for family, members in zip(families, living, strict=True)])
            for axis in ("rows", "columns")
        )
        order = np.lexsort((columns, rows))
        places = order.tolist()

        def lists(of: Callable[[Family], list[Any]]) -> list[Any]:
            every = [
                values[member] for family, members in zip(families, living, strict=True) for values in (of(family),) for member in members
            ]
            return [every[place] for place in places]

        made.rows, made.columns = rows[order], columns[order]
        made.operands = lists(lambda family: family.operands)
        made.holes, made.gone, made.array, made.frozen, made._order = 0, np.zeros(len(order), bool), None, first.frozen, None
        made.constants = {index: lists(lambda family, index=index: family.constants[index]) for index in first.constants}  # type: ignore[misc]
        made.corners = {
            index: np.concatenate([family.corners[index][:, members] for family, members in zip(families, living, strict=True)], axis=1)[
                :, order
            ]
            for index in first.corners
        }
        made.sheets = first.sheets
        # Whose operands are spelt as they are now may as well be read from its corners.
        made.spots = next((family.spots for family in families if family.spots), {})
        return made

    @property
    def all(self) -> Indices:
        """Every member that is still there."""
        return np.flatnonzero(~self.gone)

    @property
    def count(self) -> int:
        """Formulas in it."""
        return len(self.rows) - self.holes

    @property
    def length(self) -> int:
        """Members and holes: so long is a mask over them."""
        return len(self.rows)

    @property
    def rect(self) -> Rect:
        """The least rectangle around its members, as `Block.rect`."""
        return Rect(int(self.rows.min()), int(self.columns.min()), int(self.rows.max()), int(self.columns.max()))

    def cell(self, flat: int) -> tuple[int, int]:
        """Row and column of a member."""
        return int(self.rows[flat]), int(self.columns[flat])

    def flat(self, row: int, column: int) -> int:
        """The member at a row and column."""
        if self._order is None:
            self._order = {key: place for place, key in enumerate((self.rows * 16384 + self.columns).tolist()) if not self.gone[place]}
        return self._order[row * 16384 + column]

    def positions(self, selection: Selection) -> tuple[Indices, Indices]:
        """Rows and columns of a selection's cells."""
        assert not isinstance(selection, Cells)
        return self.rows[selection], self.columns[selection]

    def member_operands(self, flat: int) -> list[object]:
        """The operands of one member as its frame has them."""
        found: list[object] = []
        for index in range(len(self.constants) + len(self.corners)):
            if index in self.constants:
                found.append(self.constants[index][flat])
            else:
                top, left, bottom, right = self.corners[index][:, flat].tolist()
                found.append(Area(self.sheets[index], top, left, bottom, right))
        return found

    @property
    def plain(self) -> bool:
        """Whether each operand is a constant or follows its cells, so that operand `i` is slot `i` and nothing else is."""
        own = self.operands[0]
        return len(self.constants) + len(self.corners) == len(own) and all(
            (type(operand) is Constant and index in self.constants) or (follows(operand) and index in self.corners)
            for index, operand in enumerate(own)
        )

    def syntax_operands(self, flat: int) -> list[AnyOperand]:
        """The operands of one member as its text has them: `operands` says how they are spelt, `corners` where they are."""
        found = list(self.operands[flat])
        for operand, index in self.spots.items():
            top, left, bottom, right = self.corners[index][:, flat].tolist()
            found[operand] = at_extent(found[operand], (top, left, bottom, right))  # type: ignore[arg-type]  # it follows: a reference
        return found

    def spellings(self) -> Iterator[AnyOperand]:
        """The operands of all members; of members that share theirs, once."""
        for own in {id(own): own for own in self.operands}.values():
            yield from own

    def relocated(self, members: Indices, rows: Indices, columns: Indices, corners: dict[int, Indices], spots: dict[int, int]) -> Family:
        """Some of its members at other places, with other corners; its number is the same."""
        twin = Family.__new__(Family)
        twin.id, twin.sheet, twin.program = self.id, self.sheet, self.program
        twin.rows, twin.columns, twin.corners = rows, columns, corners
        twin.operands = [self.operands[member] for member in members.tolist()]
        twin.holes, twin.gone, twin.array, twin.frozen = 0, np.zeros(len(rows), bool), None, self.frozen
        twin._order = None
        twin.spots = spots
        twin.constants = {index: [values[member] for member in members.tolist()] for index, values in self.constants.items()}
        twin.sheets = self.sheets
        return twin

    def all_edges(self) -> Iterator[FamilyEdge]:
        """What its operands are, read or not, one edge each."""
        for index, corners in self.corners.items():
            yield FamilyEdge(self.id, index, self.sheets[index], *corners)

    def edges(self) -> Iterator[Edge]:
        """What it reads, one edge per operand, and one for what lies between the ends of a range."""
        unread = self.program.recipe.unread
        yield from (edge for edge in self.all_edges() if edge.slot not in unread)
        for group in self.hulls():
            tops, lefts, bottoms, rights = zip(*(self.corners[index] for index in group), strict=True)
            least, most = np.minimum.reduce, np.maximum.reduce
            yield FamilyEdge(self.id, group[0], self.sheets[group[0]], least(tops), least(lefts), most(bottoms), most(rights))

    def hulls(self) -> Iterator[list[int]]:
        """As `Block.hulls`."""
        for group in self.program.recipe.hulls:
            yield from by_sheet([(self.sheets[index], index) for index in group if index in self.corners])

    def fits(self, program: Program, slots: Sequence[Slot], operands: Sequence[AnyOperand], row: int, column: int) -> bool:
        """A family takes no further members: its arrays are made once."""
        return False


def by_sheet(operands: Sequence[tuple[int, int]]) -> Iterable[list[int]]:
    """Operands, each with its sheet before it, in one list for each sheet."""
    found: dict[int, list[int]] = {}
    for sheet, index in operands:
        found.setdefault(sheet, []).append(index)
    return found.values()


__all__ = ["Family", "by_sheet"]
