"""The nine workbooks: what stands in their cells, which cell is edited, and what every formula must answer by numpy.

In: a size factor. Out: `Scenario`s. All data comes from fixed seeds. The expected values share no code with any engine: they are numpy
and plain Python over the same inputs, so that an engine that computes nothing, or only what is read, is found out.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

Cell = float | str
"""A constant; a text that begins with "=" is a formula."""
Place = tuple[str, int, int]
"""Sheet, row and column, both counted from 1."""
Column = tuple[str, int, int, Sequence[Cell] | NDArray[Any]]
"""Sheet, column, first row, and the values that its formulas must have."""


@dataclass
class Book:
    """Cells by sheet and column, from row 1; `fills` says which runs of a column are one formula filled down."""

    sheets: dict[str, dict[int, list[Cell | None]]] = field(default_factory=dict)
    fills: list[tuple[str, int, int, int]] = field(default_factory=list)
    """Sheet, column, first and last row."""
    names: dict[str, str] = field(default_factory=dict)

    def put(self, column: int, values: Sequence[Cell], *, first: int = 1, sheet: str = "Sheet1") -> None:
        cells = self.sheets.setdefault(sheet, {}).setdefault(column, [])
        cells.extend([None] * (first - 1 + len(values) - len(cells)))
        cells[first - 1 : first - 1 + len(values)] = values

    def fill(self, column: int, first: int, last: int, formula: Callable[[int], str], *, sheet: str = "Sheet1") -> None:
        self.put(column, [formula(row) for row in range(first, last + 1)], first=first, sheet=sheet)
        self.fills.append((sheet, column, first, last))

    @property
    def formula_count(self) -> int:
        return sum(
            type(cell) is str and cell.startswith("=") for sheet in self.sheets.values() for column in sheet.values() for cell in column
        )


@dataclass
class Scenario:
    """One workbook, the cell that is edited and the cell that is read."""

    name: str
    what: str
    book: Callable[[], Book]
    edit: Place
    result: Place
    value: Callable[[int], float | str]
    """The value of the n-th edit; each differs from the one before."""
    expected: Callable[[float | str | None], list[Column]]
    """What all formulas must hold when the edited cell holds a value (None: as in the file)."""
    tolerance: float = 1e-9
    goal: tuple[float, float] = (1.0, 1.0)
    """Load and edit as a ratio to the best peer, from the project's issue 3."""


def _numbers(count: int, seed: int) -> np.ndarray:
    """Amounts with two decimals, as people type them."""
    return np.random.default_rng(seed).integers(100, 100_000, count) / 100


def _with(values: np.ndarray, row: int, value: object) -> np.ndarray:
    if value is None:
        return values
    values = values.copy()
    values[row - 1] = value
    return values


def _amount(n: int) -> float:
    return 500.25 + (n % 977) * 0.5


def arith(rows: int = 100_000) -> Scenario:
    a, b, row = _numbers(rows, 1), _numbers(rows, 2), rows // 2

    def book() -> Book:
        made = Book()
        made.put(1, a.tolist())
        made.put(2, b.tolist())
        made.fill(3, 1, rows, lambda r: f"=A{r}*2+B{r}")
        made.fill(4, 1, rows, lambda r: f"=C{r}^2-A{r}")
        made.fill(5, 1, rows, lambda r: f"=IF(D{r}>B{r},C{r},D{r})")
        return made

    def expected(value: object) -> list[Column]:
        x = _with(a, row, value)
        c = x * 2 + b
        d = c**2 - x
        return [("Sheet1", 3, 1, c), ("Sheet1", 4, 1, d), ("Sheet1", 5, 1, np.where(d > b, c, d))]

    what = f"{rows:,} rows: =A1*2+B1, =C1^2-A1, =IF(D1>B1,C1,D1)"
    return Scenario("arith", what, book, ("Sheet1", row, 1), ("Sheet1", row, 5), _amount, expected, goal=(0.8, 1.0))


def chain(rows: int = 100_000) -> Scenario:
    a = _numbers(rows, 3)

    def book() -> Book:
        made = Book()
        made.put(1, a.tolist())
        made.put(3, [1.5])
        made.fill(3, 2, rows, lambda r: f"=C{r - 1}+A{r}")
        return made

    def expected(value: object) -> list[Column]:
        steps = a.copy()
        steps[0] = 1.5 if value is None else value
        return [("Sheet1", 3, 2, np.cumsum(steps)[1:])]

    return Scenario(
        "chain",
        f"{rows:,} rows: =C1+A2, edited at the head",
        book,
        ("Sheet1", 1, 3),
        ("Sheet1", rows, 3),
        _amount,
        expected,
        goal=(0.8, 0.1),
    )


def expand(rows: int = 10_000) -> Scenario:
    a = _numbers(rows, 4)

    def book() -> Book:
        made = Book()
        made.put(1, a.tolist())
        made.fill(3, 1, rows, lambda r: f"=SUM(A$1:A{r})")
        return made

    return Scenario(
        "expand", f"{rows:,} rows: =SUM(A$1:A1), edited at the head", book, ("Sheet1", 1, 1), ("Sheet1", rows, 3), _amount,
        lambda value: [("Sheet1", 3, 1, np.cumsum(_with(a, 1, value)))], goal=(1.0, 0.2),
    )  # fmt: skip


def window(rows: int = 100_000) -> Scenario:
    a, row = _numbers(rows + 9, 5), rows // 2

    def book() -> Book:
        made = Book()
        made.put(1, a.tolist())
        made.fill(3, 1, rows, lambda r: f"=AVERAGE(A{r}:A{r + 9})")
        return made

    def expected(value: object) -> list[Column]:
        return [("Sheet1", 3, 1, np.lib.stride_tricks.sliding_window_view(_with(a, row, value), 10).mean(axis=1))]

    return Scenario(
        "window", f"{rows:,} rows: =AVERAGE(A1:A10)", book, ("Sheet1", row, 1), ("Sheet1", row - 4, 3), _amount, expected, goal=(0.8, 1.0)
    )


def lookup(rows: int = 10_000) -> Scenario:
    rng = np.random.default_rng(6)
    keys, values = rng.permutation(rows) + 1_000_000.0, _numbers(rows, 7)
    wanted = rng.integers(0, rows, rows) + 1_000_000.0
    row = rows // 2
    wanted[-1] = keys[row - 1]
    place = np.empty(rows, np.int64)
    place[(keys - 1_000_000).astype(np.int64)] = np.arange(rows)

    def book() -> Book:
        made = Book()
        made.put(1, keys.tolist())
        made.put(2, values.tolist())
        made.put(3, wanted.tolist())
        made.fill(4, 1, rows, lambda r: f"=VLOOKUP(C{r},$A$1:$B${rows},2,FALSE)")
        return made

    def expected(value: object) -> list[Column]:
        return [("Sheet1", 4, 1, _with(values, row, value)[place[(wanted - 1_000_000).astype(np.int64)]])]

    return Scenario(
        "lookup", f"{rows:,} rows: exact VLOOKUP into {rows:,} unsorted keys, a value of the table edited", book, ("Sheet1", row, 2),
        ("Sheet1", rows, 4), _amount, expected, goal=(0.8, 0.1),
    )  # fmt: skip


def sumifs(rows: int = 10_000) -> Scenario:
    count = max(10, rows // 10)
    keys, values, row = np.random.default_rng(8).integers(1, count + 1, rows).astype(float), _numbers(rows, 9), rows // 2

    def book() -> Book:
        made = Book()
        made.put(1, keys.tolist())
        made.put(2, values.tolist())
        made.fill(3, 1, rows, lambda r: f"=SUMIFS(B$1:B${rows},A$1:A${rows},A{r})")
        return made

    def expected(value: object) -> list[Column]:
        return [("Sheet1", 3, 1, np.bincount(keys.astype(np.int64), _with(values, row, value))[keys.astype(np.int64)])]

    return Scenario(
        "sumifs", f"{rows:,} rows: SUMIFS over {rows:,} rows, {count:,} keys", book, ("Sheet1", row, 2), ("Sheet1", row, 3), _amount,
        expected, goal=(0.2, 0.02),
    )  # fmt: skip


def text(rows: int = 100_000) -> Scenario:
    rng = np.random.default_rng(10)
    syllables = ["ka", "lo", "mir", "ten", "su", "pra", "del", "vo", "qui", "zen", "ha", "bro", "ly", "fax", "gu"]
    vocabulary = ["".join(rng.choice(syllables, rng.integers(1, 5))) for _ in range(20_000)]
    words = [vocabulary[i] for i in rng.integers(0, len(vocabulary), rows)]
    row = rows // 2

    def book() -> Book:
        made = Book()
        made.put(1, words)
        made.fill(3, 1, rows, lambda r: f'=UPPER(LEFT(A{r},3))&"-"&LEN(A{r})')
        made.fill(4, 1, rows, lambda r: f'=IF(ISNUMBER(SEARCH("a",A{r})),1,0)')
        return made

    def expected(value: object) -> list[Column]:
        mine = list(words)
        if value is not None:
            mine[row - 1] = str(value)
        return [
            ("Sheet1", 3, 1, [f"{word[:3].upper()}-{len(word)}" for word in mine]),
            ("Sheet1", 4, 1, [float("a" in word) for word in mine]),
        ]

    return Scenario(
        "text", f'{rows:,} rows of words: =UPPER(LEFT(A1,3))&"-"&LEN(A1), =IF(ISNUMBER(SEARCH("a",A1)),1,0)', book, ("Sheet1", row, 1),
        ("Sheet1", row, 3), lambda n: f"word{n % 977}", expected, goal=(0.8, 1.0),
    )  # fmt: skip


def random(count: int = 10_000) -> Scenario:
    """Five shapes with operands anywhere before them, in ten columns; a formula reads formulas of the rows above, some 30 deep."""
    rng = np.random.default_rng(11)
    inputs, width, levels = 2_000, 10, 30
    a, b = _numbers(inputs, 12) / 100, _numbers(inputs, 13) / 100
    per_level = count // levels
    made: list[tuple[int, tuple[int, ...]]] = []
    """Shape and operands: below `2 * inputs` an input (A then B), above that a formula's number."""
    first_of_level = [0]
    for number in range(count):
        level = min(number // per_level, levels - 1)
        if level == len(first_of_level):
            first_of_level.append(number)
        start, end = (0, 0) if level == 0 else (first_of_level[level - 1], first_of_level[level])
        operands = []
        for _ in range(3):
            if end > start and rng.random() < 0.45:
                operands.append(2 * inputs + int(rng.integers(start, end)))
            else:
                operands.append(int(rng.integers(0, 2 * inputs)))
        made.append((int(rng.integers(0, 5)), tuple(operands)))
    readers: list[set[int]] = [set() for _ in range(2 * inputs)]
    reach: list[set[int]] = []
    for number, (_, parts) in enumerate(made):
        roots: set[int] = set()
        for operand in parts:
            roots |= {operand} if operand < 2 * inputs else reach[operand - 2 * inputs]
        reach.append(roots)
        for root in roots:
            readers[root].add(number)
    edited = min(range(inputs), key=lambda i: abs(len(readers[i]) - 100))
    result = max(readers[edited])

    def place(operand: int) -> tuple[int, int]:
        if operand < 2 * inputs:
            return operand % inputs + 1, operand // inputs + 1
        number = operand - 2 * inputs
        return number // width + 1, number % width + 4

    def name(operand: int) -> str:
        row, column = place(operand)
        return f"{chr(64 + column)}{row}"

    def formula(number: int) -> str:
        shape, operands = made[number]
        x, y, z = map(name, operands)
        return (f"={x}*0.5+{y}*0.25", f"=IF({x}>{y},{z},{x}-1)", f"=MAX({x},{y},{z})", f"=({x}+{y})/(1+ABS({z}))", f"=ROUND({x}-{y},3)")[
            shape
        ]

    def book() -> Book:
        book = Book()
        book.put(1, a.tolist())
        book.put(2, b.tolist())
        for column in range(width):
            book.put(column + 4, [formula(number) for number in range(column, count, width)])
        return book

    def expected(value: object) -> list[Column]:
        values = np.concatenate((_with(a, edited + 1, value), b)).tolist()
        for shape, operands in made:
            x, y, z = (values[operand] for operand in operands)
            values.append(
                x * 0.5 + y * 0.25 if shape == 0
                else (z if x > y else x - 1) if shape == 1
                else max(x, y, z) if shape == 2
                else (x + y) / (1 + abs(z)) if shape == 3
                else _rounded(x - y)
            )  # fmt: skip
        found = values[2 * inputs :]
        return [("Sheet1", column + 4, 1, found[column::width]) for column in range(width)]

    what = f"{count:,} formulas of five shapes with random operands, 30 deep; the edited input has {len(readers[edited])} dependents"
    row, column = place(edited)
    return Scenario(
        "random", what, book, ("Sheet1", row, column), ("Sheet1", *place(2 * inputs + result)), lambda n: 3.0 + (n % 977) / 128, expected,
        goal=(1.0, 0.3),
    )  # fmt: skip


def _rounded(number: float) -> float:
    """Half away from zero at the third decimal, of the 15 digits that Excel rounds."""
    from decimal import ROUND_HALF_UP, Decimal

    return float(Decimal(f"{number:.15g}").quantize(Decimal("0.001"), ROUND_HALF_UP)) + 0.0


def digits() -> Scenario:
    """The network of the digits workbook (28 x 28 pixels, 30 hidden neurons, 10 outputs) with weights from a fixed seed."""
    rng = np.random.default_rng(14)
    hidden, outputs, side = 30, 10, 28
    w1, b1 = rng.normal(0, 0.1, (hidden, side, side)), rng.normal(0, 0.5, hidden)
    w2, b2 = rng.normal(0, 0.5, (outputs, hidden)), rng.normal(0, 0.5, outputs)
    pictures = {"Number": rng.random((side, side)).round(2), "Draw": rng.random((side, side)).round(2)}

    def book() -> Book:
        made = Book()
        for k in range(hidden):
            made.put(1, [f"hidden {k + 1}"], first=29 * k + 1, sheet="Parameters")
            for column in range(side):
                made.put(column + 1, w1[k, :, column].tolist(), first=29 * k + 2, sheet="Parameters")
        tail = [cell for k in range(outputs) for cell in (f"output {k + 1}", *w2[k].tolist())]
        made.put(1, [*tail, "biases", *b1.tolist(), "output biases", *b2.tolist()], first=29 * hidden + 1, sheet="Parameters")
        for k in range(hidden):
            made.names[f"weight_1_{k + 1}"] = f"Parameters!$A${29 * k + 2}:$AB${29 * k + 29}"
        for k in range(outputs):
            made.names[f"weight_2_{k + 1}"] = f"Parameters!$A${871 + 31 * k + 1}:$A${871 + 31 * k + 30}"
        made.names["bias_1"], made.names["bias_2"] = "Parameters!$A$1182:$A$1211", "Parameters!$A$1213:$A$1222"
        for sheet, picture in pictures.items():
            low = sheet.lower()
            made.names[low], made.names[f"{low}_hidden"] = f"{sheet}!$A$1:$AB$28", f"{sheet}!$AD$2:$AD$31"
            for column in range(side):
                made.put(column + 1, picture[:, column].tolist(), sheet=sheet)
            made.put(30, [f"=1/(1+EXP(-(SUMPRODUCT({low},weight_1_{k}) + INDEX(bias_1,{k}))))" for k in range(1, 31)], first=2, sheet=sheet)
            made.put(
                31,
                [f"=1/(1+EXP(-(SUMPRODUCT({low}_hidden,weight_2_{k}) + INDEX(bias_2,{k}))))" for k in range(1, 11)],
                first=2,
                sheet=sheet,
            )
            made.put(31, ["=MATCH(MAX(AE2:AE11),AE2:AE11,0)-1"], first=13, sheet=sheet)
        return made

    def expected(value: Any) -> list[Column]:
        found: list[Column] = []
        for sheet, picture in pictures.items():
            pixels = picture.copy()
            if value is not None and sheet == "Draw":
                pixels[13, 13] = value
            one = 1 / (1 + np.exp(-((w1 * pixels).sum(axis=(1, 2)) + b1)))
            two = 1 / (1 + np.exp(-(w2 @ one + b2)))
            found += [(sheet, 30, 2, one), (sheet, 31, 2, two), (sheet, 31, 13, [float(np.argmax(two))])]
        return found

    return Scenario(
        "digits", "two networks of 784-30-10; one pixel edited: 41 cells", book, ("Draw", 14, 14), ("Draw", 13, 31),
        lambda n: (n % 97) / 97, expected, goal=(2.0, 0.1),
    )  # fmt: skip


ALL: dict[str, Callable[[], Scenario]] = {
    "digits": digits, "arith": arith, "chain": chain, "expand": expand, "window": window, "lookup": lookup, "sumifs": sumifs,
    "random": random, "text": text,
}  # fmt: skip
"""In the order of the table."""
