"""Changes to what formulas name, as the journal keeps them: names, user functions, sheets.

In: the state to bring back. Out: the state that was. Each binds anew the formulas that mention what it changes.
"""

from __future__ import annotations

from dataclasses import dataclass

from sheetengine.functions.library import FunctionSpec
from sheetengine.names import DefinedName
from sheetengine.recalc.book import SheetRecord
from sheetengine.recalc.engine import Engine


@dataclass(frozen=True, slots=True)
class NameChange:
    """A defined name of one scope; `definition` None: there is none."""

    sheet: int | None
    key: str
    definition: DefinedName | None

    def swap(self, engine: Engine) -> NameChange:
        names = engine.book.names
        before = names.pop((self.sheet, self.key), None)
        if self.definition is not None:
            names[(self.sheet, self.key)] = self.definition
        engine.mentioned([f"name:{self.key}", f"function:{self.key}"])
        return NameChange(self.sheet, self.key, before)

    @property
    def size(self) -> int:
        return 8


@dataclass(frozen=True, slots=True)
class FunctionChange:
    """A user function; `spec` None: there is none."""

    key: str
    spec: FunctionSpec | None

    def swap(self, engine: Engine) -> FunctionChange:
        functions = engine.book.functions
        before = functions.pop(self.key, None)
        if self.spec is not None:
            functions[self.key] = self.spec
        engine.mentioned([f"function:{self.key.lower()}", f"name:{self.key.lower()}"])
        return FunctionChange(self.key, before)

    @property
    def size(self) -> int:
        return 8


@dataclass(frozen=True, slots=True)
class SheetAdded:
    """A sheet that is there: swapping takes it out."""

    sheet: int

    def swap(self, engine: Engine) -> SheetTaken:
        record, at = engine.take_sheet(self.sheet)
        return SheetTaken(record, at)

    @property
    def size(self) -> int:
        return 8


@dataclass(frozen=True, slots=True)
class SheetTaken:
    """A sheet that was taken out, with the place of its tab: swapping puts it back."""

    record: SheetRecord
    at: int

    def swap(self, engine: Engine) -> SheetAdded:
        engine.put_sheet(self.record, self.at)
        return SheetAdded(self.record.id)

    @property
    def size(self) -> int:
        return 1_000
