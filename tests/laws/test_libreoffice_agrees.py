"""LibreOffice as a second opinion: random calls of every function over random cells, computed by both.

Where the two differ, Excel's own documentation or saved workbooks were asked; what is left out below, with its reason, are the calls in
which LibreOffice is known to go its own way. One run is one file, converted once.
"""

from __future__ import annotations

import datetime
import os
import random
import subprocess

import openpyxl
import pytest
import xlsxwriter

import sheetengine
from sheetengine.functions import library
from sheetengine.functions.signature import Kind
from tests import needs

NUMBERS = [0, 1, -1, 2, 3, 5, 10, 0.5, -0.5, 2.5, 7.25, 100, 1234.5678, -17.3, 0.1, 0.25, 28, 365, 12]
TEXTS = ["tea", "Jam", "a", "abc", "x y", "oak tree", "B2", "one,two"]
COLUMNS = ["H1:H12", "I1:I12", "J1:J12", "H1:J12", "H3:H8", "I3:I8"]

LEFT_OUT = {
    "volatile, or about the file": "CELL INFO RAND RANDARRAY RANDBETWEEN NOW TODAY SHEET SHEETS FORMULATEXT HYPERLINK INDIRECT OFFSET WEBSERVICE",
    "LibreOffice counts days before March 1900 and below zero": (
        "DATE DAY DAYS360 EDATE EOMONTH HOUR MINUTE MONTH SECOND WEEKNUM YEAR YEARFRAC WORKDAY WORKDAY.INTL COUPDAYBS COUPDAYS COUPDAYSNC COUPNCD "
        "COUPNUM COUPPCD DISC INTRATE PRICE PRICEDISC PRICEMAT RECEIVED TBILLEQ TBILLPRICE TBILLYIELD XIRR XNPV YIELD YIELDDISC YIELDMAT DURATION "
        "MDURATION ACCRINT ACCRINTM AMORDEGRC AMORLINC ODDFPRICE ODDFYIELD ODDLPRICE ODDLYIELD DAYS ISOWEEKNUM WEEKDAY DATEDIF NETWORKDAYS "
        "NETWORKDAYS.INTL TIME"
    ),
    "LibreOffice cuts an argument off that Excel refuses, or refuses one that Excel cuts off": (
        "ADDRESS BITAND BITLSHIFT BITOR BITRSHIFT BITXOR BETADIST BETA.DIST CHIDIST CHISQ.DIST.RT COMBINA DB DOLLAR EFFECT EXPON.DIST EXPONDIST "
        "FACTDOUBLE FIXED GAMMADIST GAMMA.DIST HYPGEOM.DIST HYPGEOMDIST IFS IPMT LEFT LOGNORM.DIST LOGNORMDIST MID MIDB MROUND NEGBINOM.DIST "
        "NEGBINOMDIST PERMUTATIONA POISSON POISSON.DIST PPMT PV REPLACE REPLACEB REPT RIGHT ROUND ROUNDDOWN ROUNDUP SERIESSUM SYD TRUNC VDB DDB "
        "LARGE PERCENTRANK.EXC F.DIST WEIBULL.DIST CUMIPMT CUMPRINC PERMUT LEFTB RIGHTB PMT F.INV F.INV.RT FINV QUARTILE QUARTILE.INC TREND GROWTH LINEST LOGEST INDEX SMALL BINOM.INV CRITBINOM BASE Z.TEST ZTEST NPER BINOMDIST BINOM.DIST POWER BETA.INV BETAINV CHISQ.DIST WEIBULL"
    ),
    "LibreOffice takes a text written directly, or an empty cell, for 0 where Excel does not": (
        "AND OR XOR AVERAGEA MAXA MINA STDEVA STDEVPA VARA VARPA MULTINOMIAL SUMXMY2 SUMX2MY2 SUMX2PY2 NUMBERVALUE CODE CHISQ.TEST CHITEST"
    ),
    "LibreOffice cuts ranges by implicit intersection in other places": (
        "IF IFERROR IFNA N T TYPE COUNTIF COUNTIFS SUMIF SUMIFS AVERAGEIF AVERAGEIFS MAXIFS MINIFS SWITCH CHOOSE LOOKUP MATCH HLOOKUP VLOOKUP "
        "COLUMNS ROWS SUBTOTAL AGGREGATE IMSUM IMPRODUCT TRANSPOSE"
    ),
    "LibreOffice finds a search for nothing nowhere": "FIND FINDB SEARCH SEARCHB",
    "LibreOffice rounds where Excel cuts off": "PERCENTRANK PERCENTRANK.INC",
    "LibreOffice takes the least of equals, Excel the first": "MODE MODE.SNGL MODE.MULT RANK RANK.AVG RANK.EQ",
    "one of several answers, or none within the steps allowed": "IRR MIRR RATE",
    "LibreOffice reads headings and fields of databases its own way": (
        "DAVERAGE DCOUNT DCOUNTA DGET DMAX DMIN DPRODUCT DSTDEV DSTDEVP DSUM DVAR DVARP"
    ),
    "written with other digits or letters": "CHAR UNICHAR IMCOS IMSIN IMEXP IMPOWER IMSQRT IMDIV IMLN IMLOG10 IMLOG2 JIS DBCS TEXT ASC",
    "Excel's own approximations": "BESSELI BESSELJ BESSELK BESSELY",
    "made by the compiler": "LET LAMBDA MAP REDUCE SCAN BYROW BYCOL MAKEARRAY ISOMITTED",
}
_OUT = {name for names in LEFT_OUT.values() for name in names.split()}


def chosen_functions():
    return [spec for name, spec in library.catalogue().items() if name not in _OUT and not spec.volatile and spec.category != "add-in"]


def argument(kind: Kind, chance: random.Random) -> str:
    if kind in (Kind.ARRAY, Kind.NUMBERS, Kind.SORTED, Kind.ALL_NUMBERS, Kind.REFERENCE, Kind.ADDRESS):
        return chance.choice(COLUMNS)
    if kind is Kind.DATE:
        return str(chance.randint(40000, 46000))
    if kind is Kind.TEXT:
        return f'"{chance.choice(TEXTS)}"'
    if kind is Kind.BOOLEAN:
        return chance.choice(["TRUE", "FALSE"])
    if kind in (Kind.NUMBER, Kind.INTEGER):
        return repr(chance.choice(NUMBERS)) if chance.random() < 0.7 else f"{chance.choice('HIJ')}{chance.randint(1, 12)}"
    roll = chance.random()
    if roll < 0.4:
        return repr(chance.choice(NUMBERS))
    return chance.choice(COLUMNS) if roll < 0.8 else f'"{chance.choice(TEXTS)}"'


def calls(chance: random.Random, each: int):
    for spec in chosen_functions():
        for _ in range(each):
            count = chance.randint(spec.signature.least, min(spec.signature.most, spec.signature.least + 2))
            text = ",".join(argument(parameter.kind, chance) for parameter in spec.signature.assigned(count))
            yield spec, f"{spec.name}({text})"


def is_error(value: object) -> bool:
    return isinstance(value, sheetengine.CellError) or (isinstance(value, str) and value.startswith(("#", "Err:")))


def same(ours: object, theirs: object) -> bool:
    if is_error(ours) or is_error(theirs):
        return is_error(ours) and is_error(theirs)
    if isinstance(theirs, datetime.date | datetime.time | datetime.timedelta):
        return isinstance(ours, float)
    if isinstance(ours, float | bool) and isinstance(theirs, int | float):
        return abs(float(ours) - float(theirs)) <= 1e-9 * max(abs(float(ours)), 1e-6)
    return ours == theirs or (ours in ("", 0.0) and theirs in (None, "", 0))


@pytest.mark.libreoffice
def test_functions_give_what_libreoffice_gives(tmp_path):
    soffice = needs.libreoffice()
    chance = random.Random(int(os.environ.get("SHEETENGINE_SEED", "20")))
    path = tmp_path / "calls.xlsx"
    made = list(calls(chance, 6))
    book = xlsxwriter.Workbook(str(path))
    sheet = book.add_worksheet("S")
    for row in range(12):
        for column in range(7, 10):
            sheet.write_number(row, column, round(chance.uniform(-50, 50), 2))
    for row, (spec, text) in enumerate(made):
        prefix = spec.future if not spec.future.startswith("_xlfn._xlws") else "_xlfn."
        sheet.write_formula(row, 12, f"={prefix}{text}", None, "")
    book.close()
    converted = [soffice, f"-env:UserInstallation=file://{tmp_path}/profile", "--headless", "--convert-to", "xlsx:Calc MS Excel 2007 XML"]
    subprocess.run([*converted, "--outdir", str(tmp_path / "out"), str(path)], check=True, capture_output=True, timeout=180)
    theirs = openpyxl.load_workbook(tmp_path / "out" / "calls.xlsx", data_only=True)["S"]
    ours = sheetengine.open(path, recalculate=True)["S"]
    different, compared = [], 0
    for row, (_, text) in enumerate(made, start=1):
        one, other = ours.cell(row, 13).value, theirs.cell(row, 13).value
        if other == "#NAME?":
            continue  # LibreOffice has no such function.
        compared += 1
        if not same(one, other):
            different.append(f"{text} is {one!r}, in LibreOffice {other!r}")
    assert compared > 1000
    assert not different, "\n".join(different[:40])
