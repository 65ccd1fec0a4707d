"""Workbooks in which the constructs of formulas meet: what the laws of `test_combined` are held to.

In: a `choose` that takes one of several options: hypothesis's, or a random generator's where a law runs by hand. Out: scripts of edits as
plain tuples. A formula is a template whose places are filled with templates in turn, so that whatever can stand somewhere does.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Sequence
from typing import Any

from hypothesis import strategies as st

from sheetengine.address import column_name, quote_sheet
from sheetengine.errors import EditRefused, FormulaSyntaxError, UnknownReference, ValueRefused
from sheetengine.values import CellError
from sheetengine.workbook import Workbook

Edit = tuple[Any, ...]
Choose = Callable[[Sequence[Any]], Any]

SHEETS = ("Data", "It's 2", "Q3")
ROWS, COLUMNS = 12, 8
NAMES = ("tariff", "area", "near", "twice", "Data!local", "'It''s 2'!tariff", "fib", "list")
TABLES = ("Sales", "Costs")

_MEANINGS = (
    "=0.25", "={e}", "=SUM({e})", "=Data!$A$1:$A$6", "='It''s 2'!$B$2:$C$5", "=Data!A1", "=LAMBDA(v,v*2)", "=LAMBDA(v,SUM(v)+{e})",
    "=SEQUENCE(3)", "=OFFSET(Data!$A$1,1,0,3,1)", "={1,2;3,4}", '="a"', "=INDEX(Data!$A$1:$B$8,2,1):Data!$B$8", "=tariff+1", "=Sales[Net]",
    "=LAMBDA(n,IF(n<2,n,fib(n-1)+fib(n-2)))", "=Data!$D$1#", "=INDIRECT(\"Data!A1:A4\")", "=(Data!$A$1:$A$2,Data!$C$1:$C$3)",
    "=LET(x,{e},x&\"!\")", "=Data!$A:$A",
)  # fmt: skip

# {V} a value, {P} an array of few cells, {F} any reference, {c} a cell, {p} a small range, {e} one with $ and a sheet, {i} a small number,
# {k} a constant, {K} a criterion, {n} a name, {t} a table, {s} a spilled range.
_TEMPLATES: dict[str, tuple[str, ...]] = {
    "V": (
        "{V}+{V}", "{V}*{V}", "{V}-{V}", "{V}/{V}", "{V}&{V}", "{V}={V}", "{V}>{V}", "-{V}", "{V}%", "({V})^{i}", "IF({V}>{k},{V},{V})",
        "IFERROR({V},{V})", "IFNA({V},IFERROR({V},{k}))", "SUM({F})", "SUM({F},{P})", "MAX({F},{V})", "AVERAGE({F})", "COUNT({F})",
        "COUNTA({P},{F})", "COUNTIF({p},{K})", "COUNTIF({F},{K})", "SUMIF({p},{K},{p})", "SUMIFS($A$1:$A$12,$B$1:$B$12,{K})",
        "SUMIFS(A:A,B:B,{K},C:C,{K})", "AVERAGEIFS(A$1:A$9,B$1:B$9,{K})", "MAXIFS({p},{p},{K})", "VLOOKUP({V},{p},1,FALSE)",
        "VLOOKUP({V},$A$1:$C$12,2)", "VLOOKUP({V},A:C,3,FALSE)", "HLOOKUP({V},{p},1,FALSE)", "MATCH({V},$A$1:$A$12,0)", "MATCH({V},B:B,0)",
        "INDEX({F},{i},{i})", "INDEX({P},{i},1)", "INDEX($A$1:$B$12,MATCH({V},$A$1:$A$12,0),2)", "XLOOKUP({V},A$1:A$12,B$1:B$12,{V})",
        "XMATCH({V},{p},{k})", "LOOKUP({V},{p})", 'INDIRECT("{c}")', 'INDIRECT("R[-1]C",FALSE)', 'SUM(INDIRECT("Data!A"&{i}&":B4"))',
        "SUM(OFFSET({c},{i},0,{i},{i}))", "OFFSET({c},{i},{i})", "SUM({c}:INDEX({p},{i},1))", 'SUM(INDIRECT("A"&{i}):{c})', "SUM(Data:Q3!A1)",
        "SUM('Data:It''s 2'!A1:B3,{V})", "AVERAGE(Data:Q3!B2:B5)", "SUM(({e},{p}))", "SUM({p} {p})", "LET(x,{V},x+x*{V})",
        "LET(f,LAMBDA(a,a+{V}),f({V})+f({i}))", "LET(r,{P},x,{V},SUM(r*x))", "REDUCE({k},{P},LAMBDA(a,b,a+b))",
        "SUM(MAP({P},LAMBDA(v,v*{V})))", "SUM(BYROW({p},LAMBDA(r,MAX(r)+{V})))", "LAMBDA(a,b,IF(a>b,a,b))({V},{V})", "ROWS({P})", "LEN({V})",
        "LEFT({V},{i})", "MID({V},{i},2)", "UPPER({V})", 'TEXT({V},"0.0")', 'TEXTJOIN("-",TRUE,{P})', 'SUBSTITUTE({V},"a",{V})',
        'IFERROR(FIND("a",{V}),0)', "VALUE({V})", "DATE(2024,{i},{V})", "YEAR({V})", "EDATE({V},{i})", "WEEKDAY({V})", "TODAY()-{V}",
        "AND({P})", "OR({V},{V})", "NOT({V})", "ISNUMBER({V})", "ISBLANK({c})", "ISERROR({V})", "N({V})", "T({c})", "CHOOSE({i},{V},{V},{V})",
        "SWITCH({V},1,{V},{k},{V},{V})", "IFS({V}>1,{V},TRUE,{V})", "SUMPRODUCT(({p}>{k})*1,{p})", "SUMPRODUCT({P})", "AGGREGATE(9,6,{F})",
        "SUBTOTAL(9,{p})", "ROW({p})", "COLUMN()", 'CELL("address",{c})', "SUM({s})", "{s}", "{n}", "SUM({n})", "twice({V})", "fib({i})",
        "COUNT({n},{V})", "SUM({t}[Net])", "{t}[[#This Row],[Net]]", "{t}[[#This Row],[Item]]", "ROWS({t}[#All])", "{t}[[#Totals],[Net]]",
        "COUNTIFS({t}[Item],{K},{t}[Net],{K})", "XLOOKUP({V},{t}[Item],{t}[Net])", "SUM({t}[[Item]:[Net]])", "ISFORMULA({c})",
        "FORMULATEXT({c})", "SHEET()", "SHEETS()", "LARGE({P},{i})", "RANK({c},{p})", "MEDIAN({P})", "STDEV({F})", "@{p}", "@{n}", "ROUND({V},{i})",
        "MOD({V},7)", "ABS({V})", "MIN({F})", "SQRT({V})", "SUM({c}#,{V})", "SUM(A1:{c})", "SUM(A$1:A1)", "SUM(1:1)", "COUNTBLANK({p})",
        "AREAS(({p},{e}))", "ISREF({n})", "SUM(IF({P}>{k},{P},0))", "SUM(IFERROR({P}/{P},{V}))", "MAX(LEN({P}))", "SUM(CHOOSE({i},{p},{P}))",
        "SUM(IF({V},{p},{P}))", "EXACT({V},{V})", "REPT({V},{i})", "PMT({V}/12,{i},{V})", "COUNTIF({n},{K})", "SUM(Data!{n})",
    ),
    "P": (
        "{p}", "{p}", "{p}", "{e}", "{p}*{V}", "SEQUENCE({i},{i})", "SEQUENCE({i})*{p}", "TRANSPOSE({P})", "LET(r,{P},FILTER(r,INDEX(r,,1)>{k},{V}))",
        "FILTER({p},{p}<>{k},\"none\")", "SORT({P})", "SORT({P},1,-1)", "UNIQUE({P})", "SORTBY({p},{p})", "MAP({P},LAMBDA(v,IF(v>{k},v,{V})))",
        "MAP({p},{p},LAMBDA(v,w,v&w))", "SCAN({k},{P},LAMBDA(a,b,a+b))", "BYROW({P},LAMBDA(r,SUM(r)))", "BYCOL({P},LAMBDA(r,COUNT(r)+{V}))",
        "BYROW({p},SUM)", "MAKEARRAY({i},{i},LAMBDA(r,c,r*c+{V}))", "VSTACK({P},{V})", "HSTACK({P},{P})", "TAKE({P},{i})", "DROP({P},{i})",
        "CHOOSECOLS({P},1)", "WRAPROWS(TOCOL({P}),2,{V})", "TOROW({P},1)", "EXPAND({P},3,3,{V})", 'TEXTSPLIT({V},"a")', "IF({P}>{k},{P},{P})",
        "{s}+1", "{s}", "FREQUENCY({p},{p})", "MMULT({p},TRANSPOSE({p}))", "INDEX({p},,1)", "INDEX({p},{i},)", "OFFSET({c},0,0,2,2)",
        'INDIRECT("Data!A1:B3")', "{n}", "{t}[Net]*{V}", "{t}[Item]", "{t}", "{t}[#All]", "IFERROR({P}/{P},{V})", "XLOOKUP({P},$A$1:$A$6,$B$1:$B$6,{V})",
        "CHOOSE({{1,2}},{p},{P})", "{{1,2;3,4}}", "{{1,\"a\";TRUE,#N/A}}", "ROW({p})*{V}", "{c}:INDEX({p},{i},{i})", "COUNTIF({p},{P})",
        "SUMIFS($A$1:$A$12,$B$1:$B$12,{P})", "VLOOKUP({P},$A$1:$C$12,2,FALSE)", "LEN({P})&{P}", "GROUPBY({p},{p},SUM)", "DROP(REDUCE(0,{p},LAMBDA(a,v,VSTACK(a,v))),1)",
        "TAKE({p},{i}):{c}", "twice({P})", "MATCH({P},$A$1:$A$12,0)", "LAMBDA(v,v+{P})({V})", "--({p}>{k})", "@{p}+{p}", "TRIMRANGE({p})",
        "FILTER(A1:A9,A1:A9>{k},0)", "UNIQUE({t}[Item])",
    ),
    "F": ("{p}", "{e}", "{c}", "A:A", "B:C", "Data!A:A", "'It''s 2'!B:B", "{n}", "{t}[Net]", "{s}", "2:3", "OFFSET({c},0,0,{i},{i})", "{c}:{c}", "INDEX({p},{i},0)"),
}  # fmt: skip
_CRITERIA = ('">1"', '"<>"', '"="', '"a*"', '">="&{V}', "{V}", '"<>a"', '"?"', "{c}", '"TRUE"', '"<2"')
_CONSTANTS = ("0", "1", "2", "-1", "0.5", "3", '"a"', '""', "TRUE", "1E+300", '"3"', "#N/A", "45000")
_VALUES: tuple[object, ...] = (
    0.0, 1.0, 2.0, 3.0, -1.5, 0.1, 1e300, 7.0, 45000.0, "a", "b", "", "apple", "3", "A1", "TRUE", True, False, None, CellError("#N/A"),
    CellError("#DIV/0!"), "1/2/2024", "x y",
)  # fmt: skip


class Writer:
    """Writes formulas and edits, each choice by `choose`."""

    def __init__(self, choose: Choose) -> None:
        self.choose = choose

    # -- formulas ----------------------------------------------------------------------------------------------------

    def number(self, least: int, most: int) -> int:
        return int(self.choose(range(least, most + 1)))

    def cell(self, dollars: bool = True) -> str:
        one, other = (self.choose(("", "", "$")) if dollars else "" for _ in "cr")
        return f"{one}{column_name(self.number(0, COLUMNS - 1))}{other}{self.number(1, ROWS)}"

    def rectangle(self, height: int = 4, width: int = 3) -> str:
        top, left = self.number(1, ROWS), self.number(0, COLUMNS - 1)
        bottom, right = top + self.number(0, height - 1), left + self.number(0, width - 1)
        return f"{column_name(left)}{top}:{column_name(right)}{bottom}"

    def sheet(self) -> str:
        return str(self.choose((SHEETS[0], SHEETS[0], *SHEETS[1:])))

    def place(self, kind: str, depth: int) -> str:
        match kind:
            case "V":
                return self.expression("V", depth - 1) if depth > 0 else self.place(self.choose("ccck"), 0)
            case "P":
                return self.expression("P", depth - 1) if depth > 0 else self.place("p", 0)
            case "F":
                return self.expression("F", depth - 1) if depth > 0 else self.place("p", 0)
            case "c":
                prefix = self.choose(("", "", "", "", "", quote_sheet(self.sheet()) + "!"))
                return prefix + self.cell()
            case "p":
                return self.rectangle()
            case "e":
                first, last = self.rectangle().split(":")
                return f"{quote_sheet(self.sheet())}!${first[0]}${first[1:]}:${last[0]}${last[1:]}"
            case "i":
                return str(self.number(1, 3))
            case "k":
                return str(self.choose(_CONSTANTS))
            case "K":
                return self.filled(self.choose(_CRITERIA), depth)
            case "n":
                return str(self.choose(NAMES)).rpartition("!")[2]
            case "t":
                return str(self.choose(TABLES))
        return self.place("c", 0) + "#"

    def filled(self, template: str, depth: int) -> str:
        parts = template.replace("{{", "\x01").replace("}}", "\x02").split("{")
        made = parts[0] + "".join(self.place(part[0], depth) + part[2:] for part in parts[1:])
        return made.replace("\x01", "{").replace("\x02", "}")

    def expression(self, kind: str, depth: int) -> str:
        return self.filled(self.choose(_TEMPLATES[kind]), depth)

    def formula(self, kind: str = "V") -> str:
        return "=" + self.expression(kind, self.number(0, 2))

    # -- edits -------------------------------------------------------------------------------------------------------

    def content(self) -> Edit:
        """An edit of what cells hold."""
        sheet = self.sheet()
        match self.choose(("value", "value", "values", "formula", "fill", "fill", "fill", "spill", "array", "clear", "copy")):
            case "value":
                return "set", sheet, self.cell(dollars=False), self.choose(_VALUES)
            case "values":
                rows, columns = self.number(1, 5), self.number(1, 3)
                values = [[self.choose(_VALUES) for _ in range(columns)] for _ in range(rows)]
                return "set", sheet, self.sized(rows, columns), values
            case "formula":
                return "set", sheet, self.cell(dollars=False), self.formula()
            case "fill":
                rows, columns = self.choose(((9, 1), (6, 1), (12, 1), (4, 2), (1, 5), (1, 3)))
                return "set", sheet, self.sized(rows, columns), self.formula()
            case "spill":
                return "set", sheet, self.cell(dollars=False), self.formula("P")
            case "array":
                return "array", sheet, self.rectangle(), self.formula("P")
            case "clear":
                return "clear", sheet, self.rectangle()
        return "copy", sheet, self.rectangle(), self.sheet(), self.cell(dollars=False)

    def sized(self, rows: int, columns: int) -> str:
        top, left = self.number(1, 5), self.number(0, COLUMNS - 1)
        return f"{column_name(left)}{top}:{column_name(left + columns - 1)}{top + rows - 1}"

    def structure(self) -> Edit:
        """An edit of lines, cells, sheets, names or tables."""
        sheet = self.sheet()
        kind = self.choose(
            ("lines", "lines", "cells", "move", "move", "filled", "sort", "name", "name", "name", "unname", "rename", "sheet", "table", "table", "data"),
        )  # fmt: skip
        match kind:
            case "lines":
                verb = self.choose(("insert_rows", "delete_rows", "insert_columns", "delete_columns"))
                return verb, sheet, self.number(1, COLUMNS), self.number(1, 2)
            case "cells":
                verb, way = self.choose((("insert", "down"), ("insert", "right"), ("delete", "up"), ("delete", "left")))
                return verb, sheet, self.rectangle(), way
            case "move":
                return "move", sheet, self.rectangle(), self.sheet(), self.cell(dollars=False)
            case "filled":
                return self.choose(("fill_down", "fill_right", "fill_up", "fill_left")), sheet, self.rectangle()
            case "sort":
                return "sort", sheet, self.rectangle()
            case "name":
                return "name", self.choose(NAMES), self.filled(self.choose(_MEANINGS), 1)
            case "unname":
                return "unname", self.choose(NAMES)
            case "rename":
                return "rename", self.choose(NAMES), self.choose(("tariff", "pace", "twice"))
            case "data":
                one, other = self.choose((None, "A1", "B2")), self.choose((None, "A2", "C1"))
                return "data", sheet, self.rectangle(), one, other
            case "sheet":
                return self.choose(
                    (
                        ("add sheet", "Q4"), ("add sheet", sheet), ("remove sheet", sheet), ("rename sheet", sheet, "New one"),
                        ("rename sheet", "New one", sheet), ("move sheet", sheet, 0), ("move sheet", sheet, 1), ("copy sheet", sheet, "Copy's"),
                    )
                )  # fmt: skip
        table = self.choose(TABLES)
        return self.choose(
            (
                ("table", sheet, self.rectangle(), table), ("table", sheet, self.rectangle(), table), ("resize", table, self.rectangle()),
                ("append", table), ("untable", table), ("rename table", table, "Sales"), ("column", table, "Net", "Net 2"),
                ("column", table, "Net 2", "Net"), ("wider", table, self.formula()), ("columns", table),
            )
        )  # fmt: skip

    def edit(self) -> Edit:
        kind = self.choose("cccccccsssssshhe")
        if kind == "c":
            return self.content()
        if kind == "s":
            return self.structure()
        if kind == "e":
            return (
                "enter",
                self.sheet(),
                self.cell(dollars=False),
                self.choose(("3", "5%", "1/2/2024", "=A1+1", "'x", "TRUE", "apple", "=SUM(", "")),
            )
        return self.choose((("undo",), ("undo",), ("redo",)))

    def start(self) -> list[Edit]:
        """What a script begins with: values, a table, names, some formulas of every kind."""
        script: list[Edit] = [("iterate",)] if self.choose(range(12)) == 0 else []
        script += [("add sheet", name) for name in SHEETS[1 : self.number(1, 3)]]
        script.append(("set", "Data", "A1:C12", [[self.choose(_VALUES) for _ in range(3)] for _ in range(ROWS)]))
        if self.choose((True, False)):
            script.append(("set", "Data", "G1:H4", [["Item", "Net"], ["a", 1.0], ["b", self.choose(_VALUES)], ["a", 2.5]]))
            script.append(("table", "Data", "G1:H4", "Sales"))
        for _ in range(self.number(0, 4)):
            script.append(("name", self.choose(NAMES), self.filled(self.choose(_MEANINGS), 1)))
        return script + [self.content() for _ in range(self.number(1, 6))]

    def script(self, most: int) -> list[Edit]:
        return self.start() + [self.edit() for _ in range(self.number(1, most))]


@st.composite
def scripts(draw: st.DrawFn, most: int = 8) -> list[Edit]:
    """Scripts of edits, the first of them making the workbook."""
    return Writer(lambda options: draw(st.sampled_from(options))).script(most)


# -- doing them --------------------------------------------------------------------------------------------------------------


def new_workbook() -> Workbook:
    """A workbook of one sheet, clock and seed fixed."""
    workbook = Workbook(sheet=SHEETS[0])
    fix(workbook)
    return workbook


def fix(workbook: Workbook) -> None:
    """What is random or asks the clock answers the same."""
    workbook.fix_clock(datetime.datetime(2024, 2, 29, 12, 0))
    workbook.fix_seed(1)


def perform(workbook: Workbook, edit: Edit) -> bool:
    """Make an edit; False where it was refused. Any other exception is a fault."""
    try:
        _perform(workbook, edit)
    except (EditRefused, UnknownReference, ValueRefused, FormulaSyntaxError):
        return False
    return True


def _perform(workbook: Workbook, edit: Edit) -> None:
    verb, *rest = edit
    match verb:
        case "set":
            workbook[rest[0]][rest[1]] = rest[2]
        case "array":
            workbook[rest[0]][rest[1]].set_array_formula(rest[2])
        case "clear":
            workbook[rest[0]][rest[1]].clear()
        case "copy" | "move":
            source, target = workbook[rest[0]][rest[1]], workbook[rest[2]][rest[3]]
            (source.copy_to if verb == "copy" else source.move_to)(target)
        case "enter":
            workbook[rest[0]].enter(rest[1], rest[2])
        case "insert_rows" | "delete_rows" | "insert_columns" | "delete_columns":
            getattr(workbook[rest[0]], verb)(rest[1], rest[2])
        case "insert" | "delete":
            getattr(workbook[rest[0]][rest[1]], verb)(rest[2])
        case "fill_down" | "fill_right" | "fill_up" | "fill_left" | "sort":
            getattr(workbook[rest[0]][rest[1]], verb)()
        case "data":
            workbook[rest[0]].add_data_table(rest[1], row_input=rest[2], column_input=rest[3])
        case "iterate":
            workbook.iterate(count=7)
        case "undo" | "redo":
            getattr(workbook, verb)()
        case _:
            _define(workbook, verb, rest)


def _define(workbook: Workbook, verb: str, rest: list[Any]) -> None:
    match verb:
        case "name":
            workbook.names[rest[0]] = rest[1]
        case "unname":
            del workbook.names[rest[0]]
        case "rename":
            workbook.names.rename(rest[0], rest[1])
        case "add sheet":
            workbook.add_sheet(rest[0])
        case "remove sheet":
            workbook.remove_sheet(rest[0])
        case "rename sheet":
            workbook.rename_sheet(rest[0], rest[1])
        case "move sheet":
            workbook.move_sheet(rest[0], rest[1])
        case "copy sheet":
            workbook.copy_sheet(rest[0], rest[1])
        case "table":
            workbook[rest[0]].add_table(rest[1], rest[2])
        case "resize":
            workbook.tables[rest[0]].resize(rest[1])
        case "append":
            table = workbook.tables[rest[0]]
            table.append([None] * len(table.columns))
        case "untable":
            workbook.tables[rest[0]].delete()
        case "rename table":
            workbook.tables[rest[0]].name = rest[1]
        case "column":
            workbook.tables[rest[0]].rename_column(rest[1], rest[2])
        case "columns":
            table = workbook.tables[rest[0]]
            table.rename_column(table.columns[-1], "Net")
        case "wider":
            workbook.tables[rest[0]].add_column("More", rest[1])
