"""Circular and hyperbolic functions, their reciprocals and inverses, degrees and radians.

Excel reduces an angle by pi to 64 bits, not by pi: SIN(PI()) is 1.22514845490862E-16 there, COS(PI()/2) 6.1257422745431E-17, in
place of 1.2246E-16 and 6.1232E-17 (books saved by Excel: COS, TRIGONOMETRIC). For each quarter turn in the angle that shifts it
by `_SHIFT`, which shows where the result is close to zero.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np

from sheetengine.functions.library import function
from sheetengine.functions.math.lanes import CATEGORY, SOURCE, of_one_number, with_errors
from sheetengine.functions.signature import Number
from sheetengine.grid import Grid
from sheetengine.values import DIV0, NUM, CellError, Scalar

_LIMIT: Final = 134217728.0
"""Circular functions answer #NUM! from 2^27 on (Microsoft Support: COT function and others)."""
_TOO_LARGE = CellError("#NUM!", "the angle is 2^27 or more")
_SHIFT: Final = 2.508278806334166e-20
"""Half of pi to 64 bits less half of pi."""
_STEEP: Final = 1e6
_FAR = (lambda x: np.abs(x) >= _LIMIT, _TOO_LARGE)
_ZERO = (lambda x: x == 0.0, DIV0)
_OUTSIDE_ONE = (lambda x: np.abs(x) > 1.0, CellError("#NUM!", "the number lies outside -1 to 1"))


def _shift(x: Any) -> Any:
    return np.rint(x * (2.0 / np.pi)) * _SHIFT


def _sine(x: Any) -> Any:
    return np.sin(x) - _shift(x) * np.cos(x)


def _cosine(x: Any) -> Any:
    return np.cos(x) + _shift(x) * np.sin(x)


def _tangent(x: Any) -> Any:
    tangent = np.tan(x)
    return np.where(np.abs(tangent) > _STEEP, _sine(x) / _cosine(x), tangent - _shift(x) * (1.0 + tangent * tangent))


def _arc_cotangent(x: Any) -> Any:
    # Between 0 and pi, exact for large numbers too, where pi/2 - atan(x) loses its digits.
    return np.arctan2(1.0, x)


def _arc_hyperbolic_cotangent(x: Any) -> Any:
    return np.arctanh(1.0 / x)


of_one_number(
    "SIN",
    _sine,
    "The sine of an angle in radians.",
    {"=SIN(PI()/2)": 1.0, "=SIN(30*PI()/180)": 0.5, "=SIN(PI())": 1.22514845490862e-16},
    [_FAR],
)
of_one_number("COS", _cosine, "The cosine of an angle in radians.", {"=COS(1.047)": 0.5001710745970701}, [_FAR])
of_one_number("TAN", _tangent, "The tangent of an angle in radians.", {"=TAN(0.785)": 0.9992039901050427}, [_FAR])
of_one_number(
    "COT", lambda x: 1.0 / _tangent(x), "The cotangent of an angle in radians.", {"=COT(30)": -0.156119952161659}, [_ZERO, _FAR], "_xlfn."
)
of_one_number("SEC", lambda x: 1.0 / _cosine(x), "The secant of an angle in radians.", {"=SEC(45)": 1.90359440740442}, [_FAR], "_xlfn.")
of_one_number(
    "CSC", lambda x: 1.0 / _sine(x), "The cosecant of an angle in radians.", {"=CSC(15)": 1.53778056154085}, [_ZERO, _FAR], "_xlfn."
)
of_one_number("SINH", np.sinh, "The hyperbolic sine.", {"=SINH(1)": 1.1752011936438014})
of_one_number("COSH", np.cosh, "The hyperbolic cosine.", {"=COSH(4)": 27.308232836016487})
of_one_number("TANH", np.tanh, "The hyperbolic tangent.", {"=TANH(-2)": -0.9640275800758169, "=TANH(0.5)": 0.46211715726000973})
of_one_number("COTH", lambda x: 1.0 / np.tanh(x), "The hyperbolic cotangent.", {"=COTH(2)": 1.0373147207275481}, [_ZERO], "_xlfn.")
of_one_number("SECH", lambda x: 1.0 / np.cosh(x), "The hyperbolic secant.", {"=SECH(0)": 1.0}, [], "_xlfn.")
of_one_number("CSCH", lambda x: 1.0 / np.sinh(x), "The hyperbolic cosecant.", {"=CSCH(1.5)": 0.46964244059522464}, [_ZERO], "_xlfn.")
of_one_number("ASIN", np.arcsin, "The angle of a sine.", {"=ASIN(-0.5)": -0.5235987755982989}, [_OUTSIDE_ONE])
of_one_number("ACOS", np.arccos, "The angle of a cosine.", {"=ACOS(-0.5)": 2.0943951023931957}, [_OUTSIDE_ONE])
of_one_number("ATAN", np.arctan, "The angle of a tangent.", {"=ATAN(1)": 0.7853981633974483})
of_one_number("ACOT", _arc_cotangent, "The angle of a cotangent, between 0 and pi.", {"=ACOT(2)": 0.4636476090008061}, [], "_xlfn.")
of_one_number("ASINH", np.arcsinh, "The inverse hyperbolic sine.", {"=ASINH(-2.5)": -1.6472311463710957, "=ASINH(10)": 2.998222950297969})
of_one_number(
    "ACOSH", np.arccosh, "The inverse hyperbolic cosine.", {"=ACOSH(1)": 0.0, "=ACOSH(10)": 2.993222846126381}, [(lambda x: x < 1.0, NUM)]
)
of_one_number(
    "ATANH", np.arctanh, "The inverse hyperbolic tangent.", {"=ATANH(-0.1)": -0.10033534773107558},
    [(lambda x: np.abs(x) >= 1.0, NUM)],
)  # fmt: skip
of_one_number(
    "ACOTH", _arc_hyperbolic_cotangent, "The inverse hyperbolic cotangent.", {"=ACOTH(6)": 0.168236118310606},
    [(lambda x: np.abs(x) <= 1.0, NUM)], "_xlfn.",
)  # fmt: skip
of_one_number("DEGREES", np.degrees, "An angle in radians as degrees.", {"=DEGREES(PI())": 180.0})
of_one_number("RADIANS", np.radians, "An angle in degrees as radians.", {"=RADIANS(270)": 4.71238898038469})


def _atan2_vector(x_num: Any, y_num: Any) -> Grid:
    x, y = np.asarray(x_num, np.float64), np.asarray(y_num, np.float64)
    return with_errors(np.arctan2(y, x), [((x == 0.0) & (y == 0.0), DIV0)])


@function(
    "ATAN2", category=CATEGORY, summary="The angle of a point, from its x and y.",
    examples={"=ATAN2(1,1)": 0.7853981633974483, "=ATAN2(-1,-1)": -2.356194490192345, "=ATAN2(0,0)": CellError("#DIV/0!")},
    source=SOURCE.format("ATAN2"), vector=_atan2_vector,
)  # fmt: skip
def angle_of_point(x_num: Number, y_num: Number) -> Scalar:
    return DIV0 if x_num == 0.0 and y_num == 0.0 else float(np.arctan2(y_num, x_num))
