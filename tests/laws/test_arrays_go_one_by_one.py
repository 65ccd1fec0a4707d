"""A function given arrays for single values gives, element by element, what it gives of their elements one by one.

Those that choose (IF, SWITCH…) are array operations where what they choose by is an array. Where the answer of one element is an array
itself there is no such law: arrays do not nest.
"""

from __future__ import annotations

import warnings

import pytest
from hypothesis import given, settings, strategies as st

from sheetengine.errors import CircularReferenceWarning
from sheetengine.functions.library import FunctionSpec, catalogue
from sheetengine.functions.signature import Kind
from sheetengine.testing import bits, scalars
from sheetengine.workbook import Workbook

ELEMENTS = 3
_MOST_ARGUMENTS = 5
_WITHOUT = ("LET", "LAMBDA", "ISOMITTED")
_GIVEN_WHOLE = ("$A$1:$A$3", "$A$1:$B$3", "{1,2,3}", '{"a";2}', "2")
_SINGLE = ("1", "2", "0", "-1.5", '"a"', '"-"', '"2"', "TRUE", "45366", "Z9")


def _takes_arrays(name: str, spec: FunctionSpec) -> bool:
    """Whether arrays stand for single values of it: a range is #VALUE! for those of the old Analysis ToolPak."""
    return name not in _WITHOUT and not spec.volatile and not spec.toolpak and spec.category != "user"


@st.composite
def calls(draw: st.DrawFn, spec: FunctionSpec) -> list[str | int]:
    """Arguments; a number stands for the array in that column."""
    least, most = spec.signature.least, min(spec.signature.most, max(spec.signature.least, _MOST_ARGUMENTS))
    if spec.name == "IFS":
        least = most = draw(st.sampled_from((2, 4)))
    count = draw(st.integers(least, most))
    arguments: list[str | int] = []
    for place, parameter in enumerate(spec.signature.assigned(count)):
        if (spec.lazy or parameter.kind.is_scalar) and (draw(st.booleans()) or (spec.lazy and place == 0)):
            arguments.append(place)
        else:
            whole = not spec.lazy and not parameter.kind.is_scalar
            arguments.append(draw(st.sampled_from(_GIVEN_WHOLE if whole else _SINGLE)))
    return arguments


def _written(name: str, arguments: list[str | int], row: int | None) -> str:
    columns = "ABCDEF"
    texts = [
        argument
        if isinstance(argument, str)
        else f"{columns[argument]}1:{columns[argument]}{ELEMENTS}"
        if row is None
        else f"{columns[argument]}{row}"
        for argument in arguments
    ]
    return f"={name}({','.join(texts)})"


@pytest.mark.parametrize("name", [name for name, spec in catalogue().items() if _takes_arrays(name, spec)])
def test_each_function(name: str) -> None:
    spec = catalogue()[name]

    @settings(max_examples=max(2, settings.default.max_examples // 20))
    @given(st.data(), st.lists(st.lists(scalars(), min_size=6, max_size=6), min_size=ELEMENTS, max_size=ELEMENTS))
    def law(data: st.DataObject, rows: list[list[object]]) -> None:
        kinds = [parameter.kind for parameter in spec.signature.assigned(spec.signature.least)]
        arguments = data.draw(calls(spec))
        if Kind.FUNCTION in kinds or not any(isinstance(argument, int) for argument in arguments):
            return
        sheet = Workbook()["Sheet1"]
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", CircularReferenceWarning)
            sheet[f"A1:F{ELEMENTS}"] = rows
            alone = []
            for row in range(1, ELEMENTS + 1):
                sheet["J1"] = _written(name, arguments, row)
                alone.append(sheet["J1"].value)
                if sheet["J2"].value is not None or sheet["K1"].value is not None:
                    return
            sheet["J1"] = _written(name, arguments, None)
            together = [sheet[f"J{row}"].value for row in range(1, ELEMENTS + 1)]
        assert list(map(bits, together)) == list(map(bits, alone)), f"{_written(name, arguments, None)} of {rows}"

    law()
