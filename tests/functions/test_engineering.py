"""The engineering functions against Microsoft's examples, exact values, and the limits of Excel's documentation."""

from __future__ import annotations

import math

import pytest

from sheetengine.functions.engineering.units import BINARY_PREFIXES, PREFIXES, UNITS
from sheetengine.functions.library import find, in_category
from sheetengine.grid import Grid
from sheetengine.values import MISSING, Area, CellError, Reference
from tests.functions.fake import FakeContext, call

E = CellError
G = Grid.from_rows

CASES: list[tuple[str, tuple[object, ...], object]] = [
    # Microsoft's examples
    ("BIN2DEC", (1100100,), 100.0),
    ("BIN2HEX", (1110,), "E"),
    ("BIN2OCT", (1100100,), "144"),
    ("DEC2BIN", (9, 4), "1001"),
    ("DEC2HEX", (28,), "1C"),
    ("DEC2HEX", (64, 1), E("#NUM!")),
    ("DEC2OCT", (-100,), "7777777634"),
    ("HEX2BIN", ("B7",), "10110111"),
    ("HEX2DEC", ("3DA408B9",), 1034160313.0),
    ("HEX2OCT", ("3B4E",), "35516"),
    ("OCT2BIN", (3, 3), "011"),
    ("OCT2DEC", (54,), 44.0),
    ("OCT2HEX", (100, 4), "0040"),
    ("DELTA", (5, 5), 1.0),
    ("GESTEP", (5, 5), 1.0),
    ("BITAND", (13, 25), 9.0),
    ("BITOR", (23, 10), 31.0),
    ("BITXOR", (5, 3), 6.0),
    ("BITLSHIFT", (4, 2), 16.0),
    ("BITRSHIFT", (13, 2), 3.0),
    ("IMSUM", ("3+4i", "5-3i"), "8+i"),
    ("IMSUB", ("13+4i", "5+3i"), "8+i"),
    ("IMPRODUCT", ("3+4i", "5-3i"), "27+11i"),
    ("IMDIV", ("-238+240i", "10+24i"), "5+12i"),
    ("IMPOWER", ("2+3i", 3), "-46+9.00000000000001i"),
    ("IMSQRT", ("1+i",), "1.09868411346781+0.455089860562227i"),
    ("IMLN", ("3+4i",), "1.6094379124341+0.927295218001612i"),
    ("IMLOG10", ("3+4i",), "0.698970004336019+0.402719196273373i"),
    ("IMLOG2", ("3+4i",), "2.32192809488736+1.33780421245098i"),
    ("IMEXP", ("1+i",), "1.46869393991589+2.28735528717884i"),
    ("IMCOS", ("1+i",), "0.833730025131149-0.988897705762865i"),
    ("IMSIN", ("4+3i",), "-7.61923172032141-6.548120040911i"),
    ("IMTAN", ("4+3i",), "0.00490825806749606+1.00070953606723i"),
    ("IMCOT", ("4+3i",), "0.00490118239430447-0.999266927805902i"),
    ("IMSINH", ("4+3i",), "-27.0168132580039+3.85373803791938i"),
    ("IMCOSH", ("4+3i",), "-27.0349456030742+3.85115333481178i"),
    ("IMSECH", ("4+3i",), "-0.0362534969158689-0.00516434460775318i"),
    ("IMCSCH", ("4+3i",), "-0.036275889628626-0.0051744731840194i"),
    ("IMCSC", ("4+3i",), "-0.0754898329158637+0.0648774713706355i"),
    ("CONVERT", (1, "lbm", "kg"), 0.45359237),
    ("CONVERT", (68, "F", "C"), 20.0),
    ("CONVERT", (2.5, "ft", "sec"), E("#N/A")),
    # numerals: digits, signs, places
    ("BIN2DEC", ("",), 0.0),
    ("BIN2DEC", (None,), 0.0),
    ("BIN2DEC", (MISSING,), E("#N/A")),
    ("BIN2DEC", (True,), E("#VALUE!")),
    ("BIN2DEC", ("0000000001",), 1.0),
    ("BIN2DEC", (" 1",), E("#NUM!")),
    ("BIN2DEC", ("1e3",), E("#NUM!")),
    ("HEX2DEC", ("ffffffffff",), -1.0),
    ("HEX2DEC", ("1E3",), 483.0),
    ("DEC2BIN", (511.9,), "111111111"),
    ("DEC2BIN", (-512.9,), "1000000000"),
    ("DEC2BIN", (512,), E("#NUM!")),
    ("DEC2BIN", (5, MISSING), "101"),
    ("DEC2BIN", (5, 3.9), "101"),
    ("DEC2BIN", (5, 0), E("#NUM!")),
    ("DEC2BIN", (-5, 11), E("#NUM!")),
    ("DEC2BIN", (-5, 1), "1111111011"),
    ("DEC2BIN", ("E", 11), E("#NUM!")),
    ("DEC2BIN", ("E", 10), E("#VALUE!")),
    ("DEC2HEX", (549755813887,), "7FFFFFFFFF"),
    ("DEC2HEX", (-549755813888,), "8000000000"),
    ("DEC2HEX", (549755813888,), E("#NUM!")),
    ("DEC2HEX", (1e300,), E("#NUM!")),
    ("DEC2OCT", (E("#REF!"), 3), E("#REF!")),
    ("OCT2DEC", (8,), E("#NUM!")),
    ("OCT2HEX", (100, 0), E("#NUM!")),
    # bits
    ("BITAND", ("13", True), 1.0),
    ("BITAND", (2.0**48, 1), E("#NUM!")),
    ("BITAND", (2.0**48 - 1, 2.0**47), 2.0**47),
    ("BITOR", (1.5, 1), E("#NUM!")),
    ("BITXOR", (-1, 1), E("#NUM!")),
    ("BITLSHIFT", (1, 47), 2.0**47),
    ("BITLSHIFT", (1, 48), E("#NUM!")),
    ("BITLSHIFT", (13, -2.9), 3.0),
    ("BITLSHIFT", (0, 54), E("#NUM!")),
    ("BITRSHIFT", (13, -42), 57174604644352.0),
    ("BITRSHIFT", (1, 53), 0.0),
    # steps
    ("DELTA", (0,), 1.0),
    ("DELTA", (1, MISSING), 0.0),
    ("DELTA", (5, "5"), 1.0),
    ("DELTA", (True, 1), E("#VALUE!")),
    ("GESTEP", (-1e-300,), 0.0),
    ("GESTEP", ("x", 1), E("#VALUE!")),
    # complex numbers as text
    ("COMPLEX", (3, 4), "3+4i"),
    ("COMPLEX", (3, 4, "j"), "3+4j"),
    ("COMPLEX", (3, 4, "J"), E("#VALUE!")),
    ("COMPLEX", (3, 4, ""), "3+4i"),
    ("COMPLEX", (3, True), E("#VALUE!")),
    ("COMPLEX", ("1.5", -1), "1.5-i"),
    ("COMPLEX", (1.2e-45, -3), "1.2E-45-3i"),
    ("COMPLEX", (1 / 3, 0), "0.333333333333333"),
    ("COMPLEX", (0, 0), "0"),
    ("COMPLEX", (MISSING, 1), E("#N/A")),
    ("IMREAL", (None,), 0.0),
    ("IMREAL", (5,), 5.0),
    ("IMREAL", ("1e2-2E-3j",), 100.0),
    ("IMAGINARY", ("1e2-2E-3j",), -0.002),
    ("IMAGINARY", ("+i",), 1.0),
    ("IMAGINARY", (".5i",), 0.5),
    ("IMAGINARY", ("4i+3",), E("#NUM!")),
    ("IMAGINARY", ("34i5",), E("#NUM!")),
    ("IMAGINARY", ("3 + 4i",), E("#NUM!")),
    ("IMAGINARY", ("3+4I",), E("#NUM!")),
    ("IMAGINARY", (False,), E("#VALUE!")),
    ("IMABS", ("-3-4j",), 5.0),
    ("IMABS", ("3e200+4e200i",), 5e200),
    ("IMARGUMENT", ("0",), E("#DIV/0!")),
    ("IMARGUMENT", ("-1",), math.pi),
    ("IMCONJUGATE", ("-j",), "j"),
    ("IMSUM", ("i", "-i"), "0"),
    ("IMSUM", ("i", "j"), E("#VALUE!")),
    ("IMSUM", (G([["1+i", 2.0], [None, "3j"]]),), E("#VALUE!")),
    ("IMSUM", (G([["1+i", 2.0], [None, "3i"]]), 4), "7+4i"),
    ("IMSUM", (True,), E("#VALUE!")),
    ("IMSUB", ("1+j", "j"), "1"),
    ("IMSUB", ("1+i", "j"), E("#VALUE!")),
    ("IMPRODUCT", ("i", "i"), "-1"),
    ("IMPRODUCT", (5, None), "0"),
    ("IMPRODUCT", (5, G([[None, 2.0]])), "10"),
    ("IMPRODUCT", ("x",), E("#NUM!")),
    ("IMDIV", (1, 0), E("#NUM!")),
    ("IMDIV", ("1e300+1e300i", "1e300+1e300i"), "1"),
    ("IMDIV", ("1+i", "1-j"), E("#NUM!")),
    ("IMPOWER", (0, 2), "0"),
    ("IMPOWER", (0, 0), E("#NUM!")),
    ("IMPOWER", (10, 400), E("#NUM!")),
    ("IMPOWER", ("2+3j", True), E("#VALUE!")),
    ("IMSQRT", (0,), "0"),
    ("IMSQRT", ("i",), "0.707106781186548+0.707106781186547i"),
    ("IMLN", (0,), E("#NUM!")),
    ("IMLOG2", (8,), "3"),
    ("IMLOG10", (1000,), "3"),
    ("IMEXP", (1000,), E("#NUM!")),
    ("IMCOT", (0,), E("#NUM!")),
    ("IMCSC", (0,), E("#NUM!")),
    ("IMCSCH", ("0",), E("#NUM!")),
    ("IMSEC", (0,), "1"),
    ("IMTAN", ("1+400i",), "i"),
    ("IMSECH", (0,), "1"),
    ("IMCOS", (1e9,), E("#NUM!")),
    ("IMSINH", (0,), "0"),
    # units
    ("CONVERT", (1, "kg", "KG"), E("#N/A")),
    ("CONVERT", (1, "kmi", "m"), E("#N/A")),
    ("CONVERT", (1, "kibyte", "bit"), 8192.0),
    ("CONVERT", (1, "kim", "m"), E("#N/A")),
    ("CONVERT", (1, "dam", "m"), 10.0),
    ("CONVERT", (1, "em", "m"), 10.0),
    ("CONVERT", (1, "km2", "m2"), 1e6),
    ("CONVERT", (1, "km^3", "m^3"), 1e9),
    ("CONVERT", (100, "C", "F"), 212.0),
    ("CONVERT", (0, "K", "C"), -273.15),
    ("CONVERT", (0, "F", "Rank"), 459.67),
    ("CONVERT", (80, "Reau", "C"), 100.0),
    ("CONVERT", (1, "mK", "K"), 0.001),
    ("CONVERT", ("2", "hr", "mn"), 120.0),
    ("CONVERT", (True, "hr", "mn"), E("#VALUE!")),
    ("CONVERT", (1, "atm", "mmHg"), 101325 / 133.322),
    ("CONVERT", (-40, "cel", "fah"), -40.0),
    ("CONVERT", (1, "", "m"), E("#N/A")),
    ("CONVERT", ("x", "m", "m"), E("#VALUE!")),
    # error function, Bessel functions: tables of Abramowitz and Stegun and of DLMF
    ("ERF", (0, 1.5), 0.9661051464753108),
    ("ERF", (1, MISSING), 0.8427007929497149),
    ("ERF", (1, 0), -0.8427007929497149),
    ("ERF", (True,), E("#VALUE!")),
    ("ERF.PRECISE", (0.745,), 0.7079289200957377),
    ("ERF.PRECISE", (True,), 0.8427007929497149),
    ("ERFC", (5,), 1.537459794428035e-12),
    ("ERFC.PRECISE", (-1,), 1.842700792949715),
    ("BESSELJ", (1, -1), E("#NUM!")),
    ("BESSELJ", (False, 1), E("#VALUE!")),
    ("BESSELY", (0, 0), E("#NUM!")),
    ("BESSELI", (1000, 0), E("#NUM!")),
    ("BESSELK", (1, "x"), E("#VALUE!")),
    ("BESSELK", (-1, 0), E("#NUM!")),
]


@pytest.mark.parametrize(("name", "arguments", "expected"), CASES, ids=[f"{c[0]}{c[1]}" for c in CASES])
def test_cases(name: str, arguments: tuple[object, ...], expected: object) -> None:
    answer = call(name, *arguments)
    if isinstance(expected, float):
        assert answer == pytest.approx(expected, rel=1e-12, abs=0.0)
    else:
        assert answer == expected


def test_ranges_are_refused_and_arrays_run_over() -> None:
    """The ToolPak takes arrays element by element and ranges of several cells not at all."""
    context = FakeContext({(0, 0): 5.0, (1, 0): 6.0})
    assert call("DEC2BIN", Reference((Area(0, 0, 0, 0, 0),)), context=context) == "101"
    assert call("DEC2BIN", Reference((Area(0, 0, 0, 1, 0),)), context=context) == E("#VALUE!")
    answer = call("DEC2BIN", G([[1.0, True], ["x", 600.0]]))
    assert isinstance(answer, Grid)
    assert answer.rows() == [["1", E("#VALUE!")], [E("#VALUE!"), E("#NUM!")]]


def test_blank_cells_of_complex_products() -> None:
    context = FakeContext({(0, 0): 7.0})
    one, blank, both = (Reference((Area(0, *corners),)) for corners in ((0, 0, 0, 0), (1, 0, 1, 0), (0, 0, 1, 0)))
    assert call("IMPRODUCT", one, blank, context=context) == "0"
    assert call("IMPRODUCT", both, context=context) == "7"
    assert call("IMSUM", one, blank, context=context) == "7"


@pytest.mark.parametrize("name", sorted(UNITS))
def test_every_unit_there_and_back(name: str) -> None:
    plain = {"mass": "g", "distance": "m", "time": "s", "pressure": "Pa", "force": "N", "energy": "J", "power": "W", "magnetism": "T"}
    plain |= {"temperature": "K", "volume": "m3", "area": "m2", "information": "bit", "speed": "m/s"}
    unit = UNITS[name]
    there = call("CONVERT", 12.5, name, plain[unit.kind])
    assert call("CONVERT", there, plain[unit.kind], name) == pytest.approx(12.5, rel=1e-12)
    for prefix in ("k", "ki"):
        allowed = (prefix in PREFIXES and unit.power > 0) or (prefix in BINARY_PREFIXES and unit.binary)
        if prefix + name not in UNITS:
            assert (call("CONVERT", 1, prefix + name, name) == E("#N/A")) is not allowed


def test_numerals_come_back() -> None:
    for base, least in (("BIN", -512), ("OCT", -536870912), ("HEX", -549755813888)):
        for number in (least, least + 1, -1, 0, 1, 77, -least - 1):
            assert call(f"{base}2DEC", call(f"DEC2{base}", number)) == number


def test_category_is_whole() -> None:
    names = {spec.name for spec in in_category("engineering")}
    assert len(names) == 54
    assert all(find(name) is not None for name in names)
