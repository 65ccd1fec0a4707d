"""The two forms of a formula: its value for one member, and for many members at once.

In: members of blocks, what a reader reads. Out: values as they land: scalars, grids that spill, flat grids. Nothing is written. A form that
breaks off says why: `NeedsCells`, `NeedsParts`, a user function's error, or our own bug with the cell and formula that met it.
"""

from __future__ import annotations

from sheetengine.coerce import settle
from sheetengine.compiler.frame import AreaLanes, Frame, NeedsCells, NeedsParts
from sheetengine.errors import SheetEngineError
from sheetengine.graph.patterns import Selection
from sheetengine.grid import Grid, TooLarge
from sheetengine.recalc.batch import BlockBatch
from sheetengine.recalc.blocks import AnyBlock, flats
from sheetengine.recalc.circles import Circles
from sheetengine.recalc.displayed import Displayed
from sheetengine.recalc.failures import bug
from sheetengine.recalc.formulas import FormulaField
from sheetengine.recalc.landing import land
from sheetengine.recalc.live import Member
from sheetengine.recalc.reader import EngineReader
from sheetengine.recalc.watch import Tally
from sheetengine.values import MISSING, CellError, Lambda, Reference, Scalar


class Forms:
    """Runs the forms of one workbook's formulas."""

    def __init__(self, field: FormulaField, reader: EngineReader, displayed: Displayed, circles: Circles, tally: Tally) -> None:
        self._field = field
        self._reader = reader
        self._displayed = displayed
        self._circles = circles
        self._tally = tally
        self.largest = 1 << 25
        """Cells of the largest array that a formula may fill."""

    def scalar(self, member: Member) -> object:
        """One member's value as it lands: a scalar, or a Grid that spills."""
        self._tally.cell()
        block = self._field.blocks[member[0]]
        row, column = block.cell(member[1])
        stuck = self._circles.stuck
        if stuck and (block.sheet, row, column) in stuck:
            return 0.0
        program = block.program
        frame = Frame(self._reader, block.sheet, row, column, block.member_operands(member[1]), [])
        try:
            value = land(program.scalar(frame), program.mode, frame, self.largest)
        except TooLarge:
            value = CellError("#NUM!", "an array is too large to be held")
        except (SheetEngineError, MemoryError):
            raise
        except Exception as error:
            raise bug(self._field, block, member[1], error) from error
        return self._displayed.landed(block.sheet, row, column, value) if self._displayed.on else value

    def vector(self, block: AnyBlock, selection: Selection, cache: dict[object, object] | None, fired: frozenset[int]) -> Grid:
        """The values of some members as a flat grid, by one array expression.

        `cache` holds what the expression keeps of its operands from one run to the next, `fired` which of them were written since.
        """
        batch = BlockBatch(self._reader, block, selection)
        batch.cache = cache
        batch.fired = fired
        program = block.program
        assert program.vector is not None
        plain = None if cache is None or self._displayed.on else program.plain
        try:
            if plain is not None and (numbers := plain(batch)) is not None:
                return Grid(numbers)
            result = program.vector(batch)
        except TooLarge as error:
            raise NeedsCells from error
        except (NeedsCells, NeedsParts, SheetEngineError, MemoryError):
            raise
        except Exception as error:
            raise bug(self._field, block, int(flats(block, selection)[0]), error) from error
        flat = _flat(result, batch.count)
        return self._displayed.flat(block.sheet, *block.positions(selection), flat) if self._displayed.on else flat


def _flat(result: object, count: int) -> Grid:
    """What a vector form answers, as one value for each member."""
    if isinstance(result, Grid):
        if result.numbers.ndim != 3 or result.shape[1:] != (1, 1):
            raise NeedsCells
        flat = result.reshape((result.shape[0],))
        return settle(flat if result.shape[0] == count else flat.broadcast((count,)))
    if isinstance(result, Reference | Lambda | AreaLanes):
        raise NeedsCells
    value: Scalar = 0.0 if result is None or result is MISSING else result  # type: ignore[assignment]
    return Grid.full((count,), value)
