"""Math functions on single values: tables by topic, the scalar form against the vector form, and any argument of any kind.

Values: Microsoft Support (each function's page), books saved by Excel 16 (named where the case is from one), else the definition.
"""

from __future__ import annotations

import math
import time
import warnings

import numpy as np
import pytest

from sheetengine.functions.call import invoke
from sheetengine.functions.library import find, in_category
from sheetengine.functions.signature import Kind
from sheetengine.grid import Grid
from sheetengine.values import MISSING, Area, CellError, Reference
from tests.functions.fake import FakeContext, call

NAMES = sorted(spec.name for spec in in_category("math and trigonometry") if spec.name not in ("SUMIF", "SUMIFS"))
MAKE_ARRAYS = ("MUNIT", "RANDARRAY", "SEQUENCE")
"""Their vector form gives first elements alone: arrays do not nest."""
PI = math.pi

ELEMENTARY = [
    ("ABS", (-4,), 4), ("ABS", (0,), 0), ("ABS", ("-2.5",), 2.5), ("ABS", (True,), 1), ("ABS", (None,), 0), ("ABS", ("x",), "#VALUE!"),
    ("SIGN", (10,), 1), ("SIGN", (0,), 0), ("SIGN", (-1e-5,), -1), ("SIGN", (False,), 0), ("SIGN", (CellError("#N/A"),), "#N/A"),
    ("SQRT", (25,), 5), ("SQRT", (12.45,), 3.52845575287547), ("SQRT", (-1,), "#NUM!"), ("SQRT", ("25",), 5), ("SQRT", (None,), 0),
    ("SQRT", ("Hola",), "#VALUE!"),
    ("SQRTPI", (1,), 1.7724538509055159), ("SQRTPI", (25,), 8.86226925452758), ("SQRTPI", (-1,), "#NUM!"), ("SQRTPI", (True,), "#VALUE!"),
    ("SQRTPI", ("25",), 8.86226925452758), ("SQRTPI", (MISSING,), "#N/A"), ("SQRTPI", (None,), 0),
    ("EXP", (1,), math.e), ("EXP", (0,), 1), ("EXP", (709,), 8.21840746155497e307), ("EXP", (710,), "#NUM!"), ("EXP", (-800,), 0),
    ("LN", (86,), 4.454347296253507), ("LN", (math.e,), 1), ("LN", (0,), "#NUM!"), ("LN", (-1,), "#NUM!"), ("LN", (True,), 0),
    ("LOG10", (86,), 1.9344984512435677), ("LOG10", (10,), 1), ("LOG10", (1e5,), 5), ("LOG10", (0,), "#NUM!"), ("LOG10", (None,), "#NUM!"),
    ("LOG", (10,), 1), ("LOG", (8, 2), 3), ("LOG", (1000, 10), 3), ("LOG", (86, 2.7182818), 4.4543473428883), ("LOG", (8, 1), "#DIV/0!"),
    ("LOG", (8, 0), "#NUM!"), ("LOG", (-8, 2), "#NUM!"), ("LOG", (8, -2), "#NUM!"), ("LOG", (10, MISSING), "#NUM!"), ("LOG", (0.5, 2), -1),
    ("PI", (), PI),
    ("POWER", (5, 2), 25), ("POWER", (98.6, 3.2), 2401077.22206958), ("POWER", (0, 0), "#NUM!"), ("POWER", (0, -1), "#DIV/0!"),
    ("POWER", (-8, 1 / 4), "#NUM!"), ("POWER", (10, 400), "#NUM!"), ("POWER", (-2, 3), -8), ("POWER", (4, 5 / 4), 5.656854249492381),
]  # fmt: skip

ROUNDING = [
    ("ROUND", (2.15, 1), 2.2), ("ROUND", (2.149, 1), 2.1), ("ROUND", (-1.475, 2), -1.48), ("ROUND", (21.5, -1), 20), ("ROUND", (1.005, 2), 1.01),
    ("ROUND", (626.3, -3), 1000), ("ROUND", (1.98, -1), 0), ("ROUND", (-50.55, -2), -100), ("ROUND", (2.5, 0), 3), ("ROUND", (-2.5, 0), -3),
    ("ROUND", (1.745, 2), 1.75), ("ROUND", (1.7, 3), 1.7), ("ROUND", (1.1234e-7, 3), 0), ("ROUND", (1e300, 2), 1e300), ("ROUND", (5, 400), 5),
    ("ROUND", (5, -400), 0), ("ROUND", (2.675, 2.9), 2.68), ("ROUND", (1234567.891, MISSING), 1234568), ("ROUND", (1e-30, 30), 1e-30),
    ("ROUNDUP", (3.2, 0), 4), ("ROUNDUP", (76.9, 0), 77), ("ROUNDUP", (3.14159, 3), 3.142), ("ROUNDUP", (-3.14159, 1), -3.2),
    ("ROUNDUP", (31415.92654, -2), 31500), ("ROUNDUP", (2.21 + 2.19, 2), 4.4), ("ROUNDUP", (1.1234e-7, 3), 0.001), ("ROUNDUP", (0, 3), 0),
    ("ROUNDDOWN", (3.2, 0), 3), ("ROUNDDOWN", (76.9, 0), 76), ("ROUNDDOWN", (3.14159, 3), 3.141), ("ROUNDDOWN", (-3.14159, 1), -3.1),
    ("ROUNDDOWN", (31415.92654, -2), 31400), ("ROUNDDOWN", (4.35, 2), 4.35), ("ROUNDDOWN", (1.15, 2), 1.15),
    ("TRUNC", (8.9,), 8), ("TRUNC", (-8.9,), -8), ("TRUNC", (0.45,), 0), ("TRUNC", (4.35, 2), 4.35), ("TRUNC", (-7.5, -5), 0),
    ("TRUNC", (9999999999999, 10), 9999999999999), ("TRUNC", ("8.7",), 8),
    ("INT", (8.9,), 8), ("INT", (-8.9,), -9), ("INT", (19.5,), 19), ("INT", (True,), 1), ("INT", ("x",), "#VALUE!"), ("INT", (-1e-300,), -1),
    ("EVEN", (1.5,), 2), ("EVEN", (3,), 4), ("EVEN", (2,), 2), ("EVEN", (-1,), -2), ("EVEN", (0,), 0),
    ("ODD", (1.5,), 3), ("ODD", (3,), 3), ("ODD", (2,), 3), ("ODD", (-1,), -1), ("ODD", (-2,), -3), ("ODD", (0,), 1),
    # the book FLOOR_CEILING
    ("CEILING", (2.5, 1), 3), ("CEILING", (-2.5, -2), -4), ("CEILING", (-2.5, 2), -2), ("CEILING", (1.5, 0.1), 1.5), ("CEILING", (2.5, -2), "#NUM!"),
    ("CEILING", (10, None), 0), ("CEILING", (-7.1, -1), -8), ("CEILING", (10, 1e-307), 10), ("CEILING", (709, 1e-307), "#NUM!"),
    ("FLOOR", (3.7, 2), 2), ("FLOOR", (-2.5, -2), -2), ("FLOOR", (2.5, -2), "#NUM!"), ("FLOOR", (1.58, 0.1), 1.5), ("FLOOR", (10, None), "#DIV/0!"),
    ("FLOOR", (-10, 0.21), -10.08), ("FLOOR", (0, 0), 0), ("FLOOR", (-7.1, -1), -7), ("FLOOR", (9999999999999, 0.21), 9999999999998.82),
    ("CEILING.MATH", (24.3, 5), 25), ("CEILING.MATH", (6.7,), 7), ("CEILING.MATH", (-8.1, 2), -8), ("CEILING.MATH", (-5.5, 2, -1), -6),
    ("CEILING.MATH", (5, 0), 0), ("CEILING.MATH", (5.5, MISSING, 1), 6),
    ("FLOOR.MATH", (24.3, 5), 20), ("FLOOR.MATH", (6.7,), 6), ("FLOOR.MATH", (-8.1, 2), -10), ("FLOOR.MATH", (-5.5, 2, -1), -4),
    ("FLOOR.MATH", (9999999999999, 0.21), 9999999999998.82), ("FLOOR.MATH", (5, 0), 0),
    ("CEILING.PRECISE", (4.3,), 5), ("CEILING.PRECISE", (-4.3,), -4), ("CEILING.PRECISE", (4.3, 2), 6), ("CEILING.PRECISE", (4.3, -2), 6),
    ("CEILING.PRECISE", (-4.3, 2), -4), ("CEILING.PRECISE", (-4.3, -2), -4),
    ("ISO.CEILING", (4.3,), 5), ("ISO.CEILING", (-4.3,), -4), ("ISO.CEILING", (4.3, 2), 6), ("ISO.CEILING", (4.3, -2), 6), ("ISO.CEILING", (5, 0), 0),
    ("FLOOR.PRECISE", (-3.2, -1), -4), ("FLOOR.PRECISE", (3.2, 1), 3), ("FLOOR.PRECISE", (-3.2, 1), -4), ("FLOOR.PRECISE", (3.2, -1), 3),
    ("FLOOR.PRECISE", (3.2,), 3),
    # the book MROUND_TRUNC_INT
    ("MROUND", (10, 3), 9), ("MROUND", (-10, -3), -9), ("MROUND", (1.3, 0.2), 1.4), ("MROUND", (5, -2), "#NUM!"), ("MROUND", (2.675, 0.01), 2.68),
    ("MROUND", (6.05, 0.1), 6.0), ("MROUND", (7.05, 0.1), 7.1), ("MROUND", (5, 0), 0), ("MROUND", (True, 2), "#VALUE!"), ("MROUND", (MISSING, 5), "#N/A"),
    ("MROUND", (10, 1e-100), 10), ("MROUND", (1e100, 1e50), 1e100), ("MROUND", ("8", 2), 8), ("MROUND", (7.5, 5), 10),
    ("MOD", (3, 2), 1), ("MOD", (-3, 2), 1), ("MOD", (3, -2), -1), ("MOD", (-3, -2), -1), ("MOD", (5, 0), "#DIV/0!"), ("MOD", (10.2, 10), 0.1999999999999993),
    ("MOD", (1e20, 3), "#NUM!"), ("MOD", (1e12, 3), 1),
    ("QUOTIENT", (5, 2), 2), ("QUOTIENT", (4.5, 3.1), 1), ("QUOTIENT", (-10, 3), -3), ("QUOTIENT", (1, 0), "#DIV/0!"), ("QUOTIENT", (True, 1), "#VALUE!"),
]  # fmt: skip

TRIGONOMETRY = [
    ("SIN", (PI / 2,), 1), ("SIN", (PI,), 1.22514845490862e-16), ("SIN", (0,), 0), ("SIN", (134217728,), "#NUM!"), ("SIN", (1,), math.sin(1)),
    ("COS", (PI / 2,), 6.1257422745431e-17), ("COS", (1.047,), math.cos(1.047)), ("COS", (0,), 1), ("COS", (-134217728,), "#NUM!"), ("COS", ("1",), math.cos(1)),
    ("TAN", (0.785,), math.tan(0.785)), ("TAN", (PI / 4,), 1), ("TAN", (PI / 2,), 1.63245522776191e16), ("TAN", (0,), 0), ("TAN", (1e9,), "#NUM!"),
    ("COT", (30,), -0.156119952161659), ("COT", (0,), "#DIV/0!"), ("COT", (None,), "#DIV/0!"), ("COT", (3.141592653588793,), -999788629259.2037),
    ("COT", (1.5707963267938965,), 1.0001501580050864e-12), ("COT", (1e9,), "#NUM!"),
    ("CSC", (15,), 1.53778056154085), ("CSC", (0,), "#DIV/0!"), ("CSC", (False,), "#DIV/0!"), ("CSC", (3.141592653588793,), 999788629259.2037), ("CSC", (1e9,), "#NUM!"),
    ("SEC", (45,), 1.90359440740442), ("SEC", (0,), 1), ("SEC", (1.5707963267938965,), 999849864538.9548), ("SEC", (30,), 6.48292123496268), ("SEC", (1e9,), "#NUM!"),
    ("SINH", (1,), math.sinh(1)), ("SINH", (0,), 0), ("SINH", (-2,), math.sinh(-2)), ("SINH", (1000,), "#NUM!"), ("SINH", (True,), math.sinh(1)),
    ("COSH", (4,), math.cosh(4)), ("COSH", (0,), 1), ("COSH", (math.e,), math.cosh(math.e)), ("COSH", (1000,), "#NUM!"), ("COSH", ("x",), "#VALUE!"),
    ("TANH", (-2,), math.tanh(-2)), ("TANH", (0,), 0), ("TANH", (0.5,), math.tanh(0.5)), ("TANH", (1e9,), 1), ("TANH", (None,), 0),
    ("COTH", (2,), 1.0373147207275481), ("COTH", (0,), "#DIV/0!"), ("COTH", (9999999999999,), 1), ("COTH", (PI,), 1.003741873197321),
    ("COTH", (0.006249999999999999,), 160.00208332790808),
    ("CSCH", (1.5,), 0.46964244059522464), ("CSCH", (0,), "#DIV/0!"), ("CSCH", (9999999999999,), 0), ("CSCH", (PI,), 0.08658953753004694), ("CSCH", ("0",), "#DIV/0!"),
    ("SECH", (0,), 1), ("SECH", (9999999999999,), 0), ("SECH", (PI,), 0.08626673833405443), ("SECH", (1.5707963267948966,), 0.3985368153383867), ("SECH", (True,), 1 / math.cosh(1)),
    ("ASIN", (-0.5,), math.asin(-0.5)), ("ASIN", (1,), PI / 2), ("ASIN", (1.1,), "#NUM!"), ("ASIN", (0,), 0), ("ASIN", ("x",), "#VALUE!"),
    ("ACOS", (-0.5,), math.acos(-0.5)), ("ACOS", (1,), 0), ("ACOS", (-1.1,), "#NUM!"), ("ACOS", (0,), PI / 2), ("ACOS", (True,), 0),
    ("ATAN", (1,), PI / 4), ("ATAN", (0,), 0), ("ATAN", (1e300,), PI / 2), ("ATAN", (-1,), -PI / 4), ("ATAN", (None,), 0),
    ("ATAN2", (1, 1), PI / 4), ("ATAN2", (-1, -1), -3 * PI / 4), ("ATAN2", (0, 0), "#DIV/0!"), ("ATAN2", (-1, 0), PI), ("ATAN2", (0, 1), PI / 2),
    ("ACOT", (2,), 0.4636476090008061), ("ACOT", (-0.9999999999,), 2.356194490142345), ("ACOT", (9999999999999,), 1.0000000000001e-13), ("ACOT", (0,), PI / 2), ("ACOT", (1,), PI / 4),
    ("ASINH", (-2.5,), math.asinh(-2.5)), ("ASINH", (10,), math.asinh(10)), ("ASINH", (0,), 0), ("ASINH", ("1",), math.asinh(1)), ("ASINH", (1e200,), math.asinh(1e200)),
    ("ACOSH", (1,), 0), ("ACOSH", (10,), math.acosh(10)), ("ACOSH", (0.9,), "#NUM!"), ("ACOSH", (None,), "#NUM!"), ("ACOSH", (1e200,), math.acosh(1e200)),
    ("ATANH", (-0.1,), math.atanh(-0.1)), ("ATANH", (0,), 0), ("ATANH", (1,), "#NUM!"), ("ATANH", (-1,), "#NUM!"), ("ATANH", (0.5,), math.atanh(0.5)),
    ("ACOTH", (6,), 0.168236118310606), ("ACOTH", (1,), "#NUM!"), ("ACOTH", (-1,), "#NUM!"), ("ACOTH", (0,), "#NUM!"), ("ACOTH", (9999999999999,), 1.0000000000001e-13),
    ("DEGREES", (PI,), 180), ("DEGREES", (0,), 0), ("DEGREES", (1,), math.degrees(1)), ("DEGREES", (-PI / 2,), -90), ("DEGREES", ("x",), "#VALUE!"),
    ("RADIANS", (270,), 4.71238898038469), ("RADIANS", (0,), 0), ("RADIANS", (180,), PI), ("RADIANS", (-90,), -PI / 2), ("RADIANS", (True,), PI / 180),
]  # fmt: skip

WHOLE_NUMBERS = [
    ("FACT", (5,), 120), ("FACT", (1.9,), 1), ("FACT", (0,), 1), ("FACT", (-1,), "#NUM!"), ("FACT", (170,), math.factorial(170)), ("FACT", (171,), "#NUM!"), ("FACT", (-0.5,), "#NUM!"),
    ("FACTDOUBLE", (6,), 48), ("FACTDOUBLE", (7,), 105), ("FACTDOUBLE", (-1,), 1), ("FACTDOUBLE", (0,), 1), ("FACTDOUBLE", (-2,), "#NUM!"), ("FACTDOUBLE", (301,), "#NUM!"), ("FACTDOUBLE", (True,), "#VALUE!"),
    ("COMBIN", (8, 2), 28), ("COMBIN", (10, 3), 120), ("COMBIN", (2, 3), "#NUM!"), ("COMBIN", (-1, 1), "#NUM!"), ("COMBIN", (0, 0), 1), ("COMBIN", (8.9, 2.9), 28),
    ("COMBIN", (2147483647, 1), "#NUM!"), ("COMBIN", (1e9, 2), 499999999500000000), ("COMBIN", (2000, 1000), "#NUM!"), ("COMBIN", (1029, 514), float(math.comb(1029, 514))),
    ("COMBINA", (4, 3), 20), ("COMBINA", (10, 3), 220), ("COMBINA", (0, 0), 1), ("COMBINA", (-1, 2), "#NUM!"), ("COMBINA", (5, 0), 1), ("COMBINA", (2, "x"), "#VALUE!"),
    ("MULTINOMIAL", (2, 3, 4), 1260), ("MULTINOMIAL", (5,), 1), ("MULTINOMIAL", (-1, 2), "#NUM!"), ("MULTINOMIAL", (1.9, 1), 2), ("MULTINOMIAL", ("x",), "#VALUE!"), ("MULTINOMIAL", (1e9, 1e9), "#NUM!"),
    ("GCD", (5, 2), 1), ("GCD", (24, 36), 12), ("GCD", (5, 0), 5), ("GCD", (0, 0), 0), ("GCD", (-1, 2), "#NUM!"), ("GCD", (7.9, 4.9), 1), ("GCD", (2.0**53, 2), "#NUM!"), ("GCD", (True, 2), "#VALUE!"), ("GCD", (MISSING, 5), "#N/A"),
    ("LCM", (5, 2), 10), ("LCM", (24, 36), 72), ("LCM", (5, 0), 0), ("LCM", (-5, 2), "#NUM!"), ("LCM", (9999999999999, 10), 99999999999990), ("LCM", (2.0**52 + 1, 2.0**52 - 1), "#NUM!"), ("LCM", ("8", 2), 8),
    # the book ARABIC_ROMAN
    ("ROMAN", (499,), "CDXCIX"), ("ROMAN", (499, 1), "LDVLIV"), ("ROMAN", (499, 2), "XDIX"), ("ROMAN", (499, 3), "VDIV"), ("ROMAN", (499, 4), "ID"), ("ROMAN", (499, True), "CDXCIX"),
    ("ROMAN", (499, False), "ID"), ("ROMAN", (3999,), "MMMCMXCIX"), ("ROMAN", (4000,), "#VALUE!"), ("ROMAN", (0,), ""), ("ROMAN", (-1,), "#VALUE!"), ("ROMAN", (1, 5), "#VALUE!"),
    ("ROMAN", (3999.9999999,), "MMMCMXCIX"), ("ROMAN", (3046, 1), "MMMVLI"), ("ROMAN", (1, "hello"), "#VALUE!"), ("ROMAN", (45, "2"), "VL"),
    ("ARABIC", ("LVII",), 57), ("ARABIC", ("mcmxii",), 1912), ("ARABIC", ("",), 0), ("ARABIC", ("-MMXI",), -2011), ("ARABIC", ("A",), "#VALUE!"), ("ARABIC", (" X ",), 10), ("ARABIC", ("I" * 256,), "#VALUE!"),
    ("BASE", (7, 2), "111"), ("BASE", (100, 16), "64"), ("BASE", (15, 2, 10), "0000001111"), ("BASE", (-1, 2), "#NUM!"), ("BASE", (7, 1), "#NUM!"), ("BASE", (7, 37), "#NUM!"), ("BASE", (0, 36), "0"),
    ("BASE", (2.0**53, 2), "#NUM!"), ("BASE", (7, 2, 256), "#NUM!"), ("BASE", (7.9, 2.9), "111"), ("BASE", (1, 2, -1), "#NUM!"),
    ("DECIMAL", ("FF", 16), 255), ("DECIMAL", (111, 2), 7), ("DECIMAL", ("zap", 36), 45745), ("DECIMAL", ("zap", 1), "#NUM!"), ("DECIMAL", ("2", 2), "#NUM!"), ("DECIMAL", ("7B", 16), 123), ("DECIMAL", ("1" * 256, 2), "#VALUE!"),
]  # fmt: skip


def agree(found: object, wanted: object) -> bool:
    if isinstance(wanted, str) and wanted.startswith("#"):
        return isinstance(found, CellError) and found.code == wanted
    if isinstance(wanted, bool | str):
        return found == wanted
    return isinstance(found, float) and (found == wanted or math.isclose(found, wanted, rel_tol=1e-12))  # type: ignore[arg-type]


@pytest.mark.parametrize(("name", "arguments", "wanted"), ELEMENTARY + ROUNDING + TRIGONOMETRY + WHOLE_NUMBERS)
def test_table(name: str, arguments: tuple[object, ...], wanted: object) -> None:
    found = call(name, *arguments)
    assert agree(found, wanted), found


NUMBERS = np.array(
    [
        0.0,
        1.0,
        -1.0,
        0.5,
        -0.5,
        2.5,
        -2.5,
        1e-12,
        -1e-12,
        1.005,
        2.675,
        1000000000000000.0,
        -1000000000000000.0,
        1e20,
        1e300,
        -1e300,
        1e-300,
        3.7,
        -7.1,
        9999999999999.0,
        134217728.0,
        math.pi,
        math.pi / 2,
        -math.pi,
        170.0,
        171.0,
        0.1 + 0.2,
        4.4,
        4.1 * 100,
        1.15,
        2.0**53,
        1000000000.0,
        45000.25,
        10.0,
        2.0,
        0.3,
        0.1,
    ]
)


@pytest.mark.parametrize(
    "name", [spec.name for spec in in_category("math and trigonometry") if spec.vector is not None and spec.name not in MAKE_ARRAYS]
)
def test_vector_form_is_the_scalar_form(name: str) -> None:
    """Over nasty numbers, random ones and their pairs, to the bit."""
    spec = find(name)
    assert spec is not None
    random = np.random.default_rng(7)
    numbers = np.concatenate(
        [NUMBERS, np.round(random.normal(size=300) * 100, 3), random.normal(size=300) * 10.0 ** random.integers(-8, 9, 300)]
    )
    context = FakeContext()
    count = sum(parameter.kind is Kind.NUMBER for parameter in spec.signature.parameters)
    columns = [random.permutation(numbers) for _ in range(count)]
    if "ROUND" in name or name == "TRUNC":
        columns[1] = random.integers(-6, 12, len(numbers)).astype(float)
    for given in range(max(1, spec.signature.least), count + 1):
        grids = [Grid.from_numbers(column.reshape(-1, 1)) for column in columns[:given]]
        found = invoke(spec, grids, context)
        assert isinstance(found, Grid)
        one_by_one = [invoke(spec, list(row), context) for row in zip(*[column.tolist() for column in columns[:given]], strict=True)]
        assert found.flat() == one_by_one
        if given == 2:
            shared = invoke(spec, [grids[0], 2.0], context)
            assert isinstance(shared, Grid)
            assert shared.flat() == [invoke(spec, [number, 2.0], context) for number in columns[0].tolist()]


ANYTHING = [
    0.0, -1.0, 1.5, 1e300, -1e300, 1e-300, 255.0, 1e9, "", "x", "12", "2024-01-10", "z" * 300, True, False, None, MISSING, CellError("#N/A"),
    Grid.from_rows([[1.0, "a", None], [True, CellError("#REF!"), 1e300]]),
    Grid.from_rows([[1.0, 2.0], [3.0, 4.0]]),
    Reference((Area(0, 0, 0, 999, 0),)),
    Reference((Area(0, 0, 0, 0, 0),)),
    Reference((Area(0, 0, 0, 1, 1), Area(0, 5, 0, 6, 0))),
]  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
def test_any_argument_of_any_kind_is_answered_within_a_second(name: str) -> None:
    random = np.random.default_rng(len(name))
    pool: list[object] = [1.0, -3.5, "7", "text", True, None, CellError("#DIV/0!")]
    cells = {(row, 0): pool[row % 7] if row % 50 == 0 else float(row) for row in range(1000)}
    context = FakeContext(cells)  # type: ignore[arg-type]
    spec = find(name)
    assert spec is not None
    for _ in range(60):
        count = int(random.integers(spec.signature.least, min(spec.signature.most, spec.signature.least + 2) + 1))
        arguments = [ANYTHING[int(index)] for index in random.integers(0, len(ANYTHING), count)]
        start = time.process_time()
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            found = invoke(spec, arguments, context)
        assert time.process_time() - start < 1.0, arguments
        assert isinstance(found, float | str | bool | CellError | Grid), arguments
        if isinstance(found, float):
            assert math.isfinite(found), arguments
