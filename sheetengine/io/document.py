"""A workbook as plain columns: what a file says, before any formula of it is understood.

In: filled by the readers, or built by hand with `SheetBuilder`. Out: `Document`, what the engine loads and the writers write.
Invariants: the cells of a sheet stand in row-major order, each once; kinds and payload are as in `grid` (a text's payload is
its place in `Document.texts`, which holds each text once; an error's is its `values.error_id`); numbers are finite and never
-0.0; every place lies on the grid.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sheetengine.address import Range
from sheetengine.grid import BLANK, BOOLEAN, ERROR, NUMBER, TEXT
from sheetengine.names import ExternalBook, Table
from sheetengine.syntax.fill import ColumnPredictor, column_predictor
from sheetengine.syntax.shape import lift
from sheetengine.values import NUM_ID, CellError, Scalar, error_from_id, error_id

if TYPE_CHECKING:
    from sheetengine.io.package import Package

Mode = Literal["auto", "autoNoTable", "manual"]
Visibility = Literal["visible", "hidden", "veryHidden"]
SheetKind = Literal["worksheet", "chartsheet", "dialogsheet", "macrosheet"]

NO_GROUP: Final = -1
"""In `SheetDocument.shared`: the formula belongs to no shared group."""
FIRST_PREDICTED: Final = 1 << 24
"""Groups from here on are none of the file's: each formula has its own text there, which is the fill of its group's first one."""


@dataclass(slots=True)
class Calculation:
    """How the file wants to be calculated."""

    mode: Mode = "auto"
    iterate: bool = False
    iterate_count: int = 100
    iterate_delta: float = 0.001
    full_calc_on_load: bool = False
    full_precision: bool = True


class NameText(NamedTuple):
    """A defined name and its formula's text without `=`; `sheet` is the place of its sheet in the document, None: the workbook."""

    name: str
    text: str
    sheet: int | None = None
    hidden: bool = False
    comment: str = ""


class ArrayFormula(NamedTuple):
    """The rectangle an array formula fills; `dynamic` where it spills, else it was entered with Ctrl+Shift+Enter."""

    area: Range
    dynamic: bool = False


class DataTable(NamedTuple):
    """A what-if table: the rectangle of its results, its input cells as text, and which way it runs.

    With `two_inputs`, `first` is the row input cell and `second` the column input cell; else `first` is the only one, and
    `by_row` says that the values to try stand in a row.
    """

    area: Range
    first: str
    second: str | None = None
    two_inputs: bool = False
    by_row: bool = False

    @property
    def dynamic(self) -> bool:
        """A table never spills."""
        return False


class ColumnSpan(NamedTuple):
    """Columns that look alike, 0-based and both included; `style` is what their empty cells have."""

    first: int
    last: int
    width: float | None = None
    hidden: bool = False
    style: int = 0


class Hyperlink(NamedTuple):
    """A link: the cells it stands on, the address outside, the place inside (`Sheet2!A1`), the tip."""

    area: Range
    target: str | None = None
    location: str | None = None
    tip: str | None = None


def _empty(kind: Any) -> Any:
    return lambda: np.zeros(0, dtype=kind)


@dataclass(slots=True)
class SheetDocument:
    """One sheet.

    The first six arrays have one element per cell that the file mentions. `missing` marks formulas without a cached value;
    their kind is BLANK. Formulas are columns too: `formula_cells` are places in the cell arrays, ascending; `formula_texts` the
    texts as the file has them, without `=`, None for a follower of a group; `shared` the group or `NO_GROUP`;
    `shared_groups` the place *among the formulas* of each group's master. `arrays` is keyed by the place of the anchor in the
    cell arrays.
    """

    name: str
    state: Visibility = "visible"
    kind: SheetKind = "worksheet"
    path: str | None = None
    rows: NDArray[np.int32] = field(default_factory=_empty(np.int32))
    columns: NDArray[np.int32] = field(default_factory=_empty(np.int32))
    kinds: NDArray[np.uint8] = field(default_factory=_empty(np.uint8))
    payload: NDArray[np.float64] = field(default_factory=_empty(np.float64))
    styles: NDArray[np.int32] = field(default_factory=_empty(np.int32))
    missing: NDArray[np.bool_] = field(default_factory=_empty(np.bool_))
    formula_cells: NDArray[np.int32] = field(default_factory=_empty(np.int32))
    formula_texts: list[str | None] = field(default_factory=list)
    shared: NDArray[np.int32] = field(default_factory=_empty(np.int32))
    shared_groups: dict[int, int] = field(default_factory=dict)
    arrays: dict[int, ArrayFormula] = field(default_factory=dict)
    data_tables: list[DataTable] = field(default_factory=list)
    merged: list[Range] = field(default_factory=list)
    hidden_rows: set[int] = field(default_factory=set)
    column_spans: list[ColumnSpan] = field(default_factory=list)
    default_width: float | None = None
    tables: list[Table] = field(default_factory=list)
    hyperlinks: list[Hyperlink] = field(default_factory=list)
    frozen: tuple[int, int] = (0, 0)
    filter: Range | None = None
    filtered: list[Range] = field(default_factory=list)
    """Ranges of filters, of the sheet or of tables, that hide rows."""

    def __len__(self) -> int:
        return len(self.rows)


@dataclass(slots=True)
class Document:
    """A workbook: sheets in the order of their tabs, names, texts, settings.

    `styles` gives the number format of each cell style; `external_books` the workbooks behind `[1]`, `[2]`…; `package` the
    opened file, from which `xlsx_patch` saves; `notes` says in words what was odd and how it was read.
    """

    sheets: list[SheetDocument] = field(default_factory=list)
    names: list[NameText] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)
    date1904: bool = False
    calculation: Calculation = field(default_factory=Calculation)
    external_books: dict[int, ExternalBook] = field(default_factory=dict)
    styles: list[str] = field(default_factory=lambda: ["General"])
    active: int = 0
    package: Package | None = None
    source: str = "the workbook"
    """The file's name, for messages."""
    rich_errors: dict[int, float] = field(default_factory=dict)
    """Payloads of the errors that `vm` numbers of the file mean."""
    notes: list[str] = field(default_factory=list)

    def sheet(self, name: str) -> SheetDocument:
        """A sheet by its name, without regard to case; raises KeyError."""
        wanted = name.lower()
        for sheet in self.sheets:
            if sheet.name.lower() == wanted:
                return sheet
        raise KeyError(name)

    def value(self, sheet: SheetDocument, cell: int) -> Scalar:
        """The cached value of one cell, by its place in the arrays; for tests and messages, not for loops."""
        kind, payload = int(sheet.kinds[cell]), float(sheet.payload[cell])
        if kind == TEXT:
            return self.texts[int(payload)]
        if kind == ERROR:
            return error_from_id(int(payload))
        return None if kind == BLANK else payload if kind == NUMBER else bool(payload)


class SheetBuilder:
    """Fills a sheet cell by cell, in any order; what comes later replaces what stood there.

    >>> texts = TextPool()
    >>> builder = SheetBuilder("Data", texts)
    >>> builder.add(0, 0, 2.0)
    >>> builder.add(0, 1, "yes", formula='IF(A1>1,"yes","no")')
    >>> sheet = builder.finish()
    >>> sheet.kinds.tolist(), sheet.formula_texts, texts.texts
    ([1, 3], ['IF(A1>1,"yes","no")'], ['yes'])
    """

    def __init__(self, name: str, texts: TextPool) -> None:
        self.sheet = SheetDocument(name)
        self._texts = texts
        self._cells: list[tuple[int, int, int, float, int, bool]] = []
        self._formulas: list[tuple[int, str | None, int]] = []
        self._arrays: dict[int, ArrayFormula] = {}
        self._masters: dict[int, int] = {}

    def add(
        self, row: int, column: int, value: Scalar, *, style: int = 0, formula: str | None = None, array: ArrayFormula | None = None,
        missing: bool = False,
    ) -> None:  # fmt: skip
        """One cell with its value, style and formula (text without `=`); `missing`: the formula has no cached value yet."""
        kind, payload = encode(value, self._texts)
        self.add_encoded(row, column, kind, payload, style, missing)
        if formula is not None:
            self.add_formula(formula)
        if array is not None:
            self._arrays[len(self._cells) - 1] = array

    def add_encoded(self, row: int, column: int, kind: int, payload: float, style: int, missing: bool) -> None:
        """One cell, already as kind and payload."""
        self._cells.append((row, column, kind, payload, style, missing))

    def add_formula(self, text: str | None, group: int = NO_GROUP, *, master: bool = False, array: ArrayFormula | None = None) -> None:
        """The formula of the cell added last."""
        if master:
            self._masters[group] = len(self._formulas)
        self._formulas.append((len(self._cells) - 1, text, group))
        if array is not None:
            self._arrays[len(self._cells) - 1] = array

    def finish(self) -> SheetDocument:
        """The sheet, its cells in order."""
        sheet = self.sheet
        columns = list(zip(*self._cells, strict=True)) or [()] * 6
        sheet.rows = np.array(columns[0], np.int32)
        sheet.columns = np.array(columns[1], np.int32)
        sheet.kinds = np.array(columns[2], np.uint8)
        sheet.payload = np.array(columns[3], np.float64)
        sheet.styles = np.array(columns[4], np.int32)
        sheet.missing = np.array(columns[5], np.bool_)
        sheet.formula_cells = np.array([formula[0] for formula in self._formulas], np.int32)
        sheet.formula_texts = [formula[1] for formula in self._formulas]
        sheet.shared = np.array([formula[2] for formula in self._formulas], np.int32)
        sheet.shared_groups = self._masters
        sheet.arrays = self._arrays
        put_in_order(sheet)
        return sheet


class TextPool:
    """Each text once, numbered in the order of arrival."""

    __slots__ = ("places", "texts")

    def __init__(self, texts: list[str] | None = None) -> None:
        self.texts: list[str] = [] if texts is None else texts
        self.places: dict[str, int] = {text: place for place, text in enumerate(self.texts)}

    def place(self, text: str) -> int:
        """The number of a text, a new one where it was not seen before."""
        place = self.places.get(text)
        if place is None:
            place = self.places[text] = len(self.texts)
            self.texts.append(text)
        return place


def encode(value: Scalar, texts: TextPool) -> tuple[int, float]:
    """Kind and payload of a scalar; what is not finite becomes #NUM!, as no cell can hold it."""
    if value is None:
        return BLANK, 0.0
    if isinstance(value, bool):
        return BOOLEAN, float(value)
    if isinstance(value, str):
        return TEXT, float(texts.place(value))
    if isinstance(value, CellError):
        return ERROR, float(error_id(value))
    number = float(value) + 0.0
    return (NUMBER, number) if np.isfinite(number) else (ERROR, float(NUM_ID))


def put_in_order(sheet: SheetDocument) -> None:
    """Make the cells row-major and each place unique: of two cells at one place the last in the file counts."""
    keys = sheet.rows.astype(np.int64) * 16_384 + sheet.columns
    if len(keys) < 2 or bool((keys[1:] > keys[:-1]).all()):
        return
    _unfold(sheet)
    order = np.argsort(keys, kind="stable")
    keep = np.append(keys[order][1:] != keys[order][:-1], True)
    order = order[keep]
    place = np.full(len(keys), -1, np.int64)
    place[order] = np.arange(len(order))
    for plane in ("rows", "columns", "kinds", "payload", "styles", "missing"):
        setattr(sheet, plane, getattr(sheet, plane)[order])
    cells = place[sheet.formula_cells]
    formulas = np.argsort(np.where(cells < 0, len(keys), cells), kind="stable")[: int((cells >= 0).sum())]
    # A master that lost its cell to a later one still gives its text to the group: it is kept as the first follower's.
    moved = {int(old): new for new, old in enumerate(formulas)}
    texts = sheet.formula_texts
    groups: dict[int, int] = {}
    for group, master in sheet.shared_groups.items():
        if master in moved:
            groups[group] = moved[master]
    lost = {group for group in sheet.shared_groups if group not in groups}
    sheet.formula_cells = cells[formulas].astype(np.int32)
    sheet.formula_texts = [texts[index] for index in formulas]
    sheet.shared = sheet.shared[formulas]
    if lost:
        keep = ~np.isin(sheet.shared, list(lost))
        shift = np.cumsum(keep) - 1
        sheet.formula_cells, sheet.shared = sheet.formula_cells[keep], sheet.shared[keep]
        sheet.formula_texts = [text for text, kept in zip(sheet.formula_texts, keep, strict=True) if kept]
        groups = {group: int(shift[master]) for group, master in groups.items()}
    sheet.shared_groups = groups
    sheet.arrays = {int(place[cell]): array for cell, array in sheet.arrays.items() if place[cell] >= 0}


def _unfold(sheet: SheetDocument) -> None:
    """Give the formulas that repeat another their texts again: the other may be about to lose its cell."""
    known: dict[int, ColumnPredictor] = {}
    shared = sheet.shared.copy()
    for place in np.flatnonzero(sheet.shared >= FIRST_PREDICTED).tolist():
        group = int(sheet.shared[place])
        shared[place] = NO_GROUP
        if sheet.formula_texts[place] is not None:
            continue
        predict = known.get(group)
        if predict is None:
            master = sheet.shared_groups[group]
            row = int(sheet.rows[sheet.formula_cells[master]])
            predict = known[group] = column_predictor(*lift("=" + (sheet.formula_texts[master] or "")), row)
        sheet.formula_texts[place] = predict(int(sheet.rows[sheet.formula_cells[place]]))
    sheet.shared = shared
    sheet.shared_groups = {group: master for group, master in sheet.shared_groups.items() if group < FIRST_PREDICTED}
