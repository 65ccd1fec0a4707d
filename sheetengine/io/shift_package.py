"""An opened package after lines and cells were inserted, deleted and moved in its sheets: the base that changed cells are then patched into.

In: a `Document` with its package, the shifts of its sheets. Out: a package with everything that stands on cells where the cells are now:
sheets, drawings, comments, charts, pivot tables and their sources, the chain of calculation. Tables and names follow from the engine's own. Raises `CannotMove`.
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Mapping, Sequence

from sheetengine.address import Address
from sheetengine.errors import FormulaSyntaxError
from sheetengine.io.calc_chain import patch_chain
from sheetengine.io.document import Document
from sheetengine.io.markup import ATTRIBUTES
from sheetengine.io.package import Package
from sheetengine.io.package_edit import PackageEdit
from sheetengine.io.part_references import Rewrite, rewrite_references
from sheetengine.io.sheet_shift import CannotMove, Way, area_text, formula_cells, shift_sheet
from sheetengine.io.shift_parts import HARMLESS, MOVERS
from sheetengine.io.workbook_patch import sheet_numbers
from sheetengine.io.xlsx_read import part_of, workbook_path
from sheetengine.syntax.operands import AnyOperand, Reference
from sheetengine.syntax.printer import print_formula
from sheetengine.syntax.shape import lift
from sheetengine.syntax.shift import Shift, follow

_SOURCE = re.compile(rb"<(?:\w+:)?worksheetSource\b" + ATTRIBUTES + rb"/?>")
_SHEET = re.compile(rb'\ssheet="([^"]*)"')
_REF = re.compile(rb'(\sref=")([^"]*)"')


def shifted_package(document: Document, shifts: Mapping[int, Sequence[Way]]) -> bytes:
    """The package, by place of the sheet the shifts it went through, in order."""
    package = document.package
    assert package is not None
    return _Moving(document, package, shifts).packed()


class _Moving:
    def __init__(self, document: Document, package: Package, shifts: Mapping[int, Sequence[Way]]) -> None:
        self.document = document
        self.package = package
        self.shifts = shifts
        self.edit = PackageEdit(package)

    def packed(self) -> bytes:
        for place, shifts in self.shifts.items():
            for shift in shifts:
                self._shift(place, shift)
                self._chain(place, shift)
        stream = io.BytesIO()
        self.edit.write(stream)
        return stream.getvalue()

    def _shift(self, place: int, shift: Way) -> None:
        sheet = self.document.sheets[place]
        path = sheet.path or ""
        own = sheet.name.lower()
        done = {path.lower()}
        for arrow in self.package.relationships(path).values():
            if arrow.kind == "table" and not arrow.external:
                self.edit.put(arrow.target, rewrite_references(self.edit.part(arrow.target), _following(own, own, shift)))
                done.add(arrow.target.lower())
            if arrow.external or arrow.kind in HARMLESS:
                continue
            mover = MOVERS.get(arrow.kind)
            if mover is None:
                raise CannotMove(f"the {arrow.kind} of sheet {sheet.name!r}")
            self.edit.put(arrow.target, mover(self.edit.part(arrow.target), shift))
        self.edit.put(path, shift_sheet(self.edit.part(path), shift, _following(own, own, shift)))
        elsewhere = _following(own, None, shift)
        sheets = {one.path.lower() for one in self.document.sheets if one.path}
        for entry in self.package.entries:
            name = entry.filename.replace("\\", "/").lower()
            if not name.endswith(".xml") or name in done:
                continue
            if name in sheets:
                self.edit.put(name, _outside_cells(self.edit.part(name), lambda data: rewrite_references(data, elsewhere)))
            elif any(word in name for word in ("chart", "drawing", "table")) and "pivot" not in name:
                self.edit.put(name, rewrite_references(self.edit.part(name), elsewhere))
            elif "pivotcachedefinition" in name:
                self.edit.put(name, _SOURCE.sub(lambda match: _source(match[0], own, shift), self.edit.part(name)))

    def _chain(self, place: int, shift: Way) -> None:
        """The chain of calculation must not name a cell that has no formula: Excel repairs a file whose chain does."""
        path = part_of(self.package, "calcChain")
        if path is None or path not in self.edit:
            return
        # Where single cells moved, formulas that shared a text may have lost it: those that get one again come to the chain again.
        holders = (
            None if isinstance(shift, Shift) and shift.whole else formula_cells(self.edit.part(self.document.sheets[place].path or ""))
        )
        number = sheet_numbers(self.package.read(workbook_path(self.package)))[place]

        def now(sheet: int, cell: str) -> str | None:
            if sheet != number:
                return cell
            old = Address.parse(cell)
            new = shift.cell(old.row, old.column)
            moved = None if new is None else str(Address(*new))
            return moved if holders is None or moved in holders else None

        moved = patch_chain(self.edit.part(path), now)
        if moved is None:
            self.edit.remove(workbook_path(self.package), path)
        else:
            self.edit.put(path, moved)


def _outside_cells(data: bytes, change: Callable[[bytes], bytes]) -> bytes:
    begin, end = data.find(b"sheetData"), data.rfind(b"sheetData>")
    if not 0 <= begin < end:
        return change(data)
    return change(data[:begin]) + data[begin:end] + change(data[end:])


def _source(element: bytes, sheet: str, shift: Way) -> bytes:
    named = _SHEET.search(element)
    if named is None or named[1].decode("utf-8", "replace").lower() != sheet:
        return element
    return _REF.sub(lambda match: match[1] + (area_text(match[2], shift) or match[2]) + b'"', element)


def _following(sheet: str, home: str | None, shift: Way) -> Rewrite:
    """What becomes of formulas that name cells of a sheet; `home` is the sheet they stand on, where that is this one."""

    def moved(operand: AnyOperand) -> AnyOperand:
        if type(operand) is not Reference:
            return operand
        named = home if operand.sheet is None else operand.sheet.lower()
        return follow(operand, shift.area) if named == sheet else operand

    def rewrite(text: str) -> str:
        try:
            shape, operands = lift("=" + text)
        except FormulaSyntaxError:
            return text
        new = [moved(operand) for operand in operands]
        return text if new == list(operands) else print_formula(shape, new)[1:]

    return rewrite


__all__ = ["CannotMove", "shifted_package"]
