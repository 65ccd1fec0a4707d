"""The digits workbook, and any other network as a workbook.

In: a trained network, a picture. Out: a workbook in the engine (`load`), or an .xlsx file with the values the engine computed (`write`).
Invariant: the same network and picture give the same file, byte for byte with the same XlsxWriter.

    python -m workbooks.build                                            # writes workbooks/digits.xlsx
    python -m workbooks.build --parameters larger.npz --out larger.xlsx
"""

from __future__ import annotations

import argparse
import datetime
from pathlib import Path
from typing import Any, Final

import numpy as np
import xlsxwriter

import sheetengine
from sheetengine.address import Range
from sheetengine.digits_data import test_digits
from workbooks.layout import PICTURES, Model, Shade, SheetModel, model
from workbooks.mnist import PROJECT
from workbooks.network import Network

WORKBOOK: Final = PROJECT / "workbooks" / "digits.xlsx"
PARAMETERS: Final = PROJECT / "workbooks" / "parameters.npz"

_CREATED: Final = datetime.datetime(2019, 1, 1)  # any date that stays: with the day of the build two builds would differ
_UNIT: Final = {"min_type": "num", "min_value": 0, "max_type": "num", "max_value": 1}

SHADES: Final[dict[Shade, dict[str, Any]]] = {
    "ink": {"type": "2_color_scale", **_UNIT, "min_color": "#FFFFFF", "max_color": "#000000"},
    "activation": {"type": "2_color_scale", **_UNIT, "min_color": "#FFFFFF", "max_color": "#F4A259"},
    "signed": {"type": "3_color_scale", "mid_type": "num", "mid_value": 0, "min_color": "#5B8DB8", "mid_color": "#FFFFFF", "max_color": "#D1495B"},
    "bar": {"type": "data_bar", **_UNIT, "bar_color": "#7FB685", "bar_solid": True},
}  # fmt: skip

FORMATS: Final[dict[str, dict[str, Any]]] = {
    # No ink shows no number, so that the paper of `Draw` is clean.
    "pixel": {"num_format": "0.0;;", "font_size": 6, "align": "center"},
    "weight": {"num_format": "0.0000"},
    "neuron": {"num_format": "0.000000"},
    "prediction": {"bold": True, "font_size": 24, "align": "center"},
    "label": {"bold": True},
}


def load(built: Model) -> sheetengine.Workbook:
    """The model in the engine."""
    workbook = sheetengine.Workbook(sheet=built.sheets[0].name)
    for sheet in built.sheets[1:]:
        workbook.add_sheet(sheet.name)
    for name, formula in built.names.items():
        workbook.names[name] = formula
    for sheet in built.sheets:
        cells = workbook[sheet.name]
        for place, values in sheet.numbers.items():
            cells[place] = values
        for place, entry in (sheet.texts | sheet.formulas).items():
            cells[place] = entry
    return workbook


def write(built: Model, path: Path) -> None:
    """The model as an .xlsx file that any spreadsheet program opens, every formula with its value."""
    computed = load(built)
    with xlsxwriter.Workbook(path, {"in_memory": True}) as file:
        file.set_properties({"title": "Digits", "comments": "A network for handwritten digits, as formulas", "created": _CREATED})
        styles = {name: file.add_format(style) for name, style in FORMATS.items()}
        for name, formula in built.names.items():
            file.define_name(name, formula)
        for sheet in built.sheets:
            _write_sheet(file.add_worksheet(sheet.name), sheet, computed[sheet.name], styles, built.shape)
        file.get_worksheet_by_name("Number").activate()


def _write_sheet(page: Any, sheet: SheetModel, computed: sheetengine.Sheet, styles: dict[str, Any], shape: tuple[int, int]) -> None:
    picture = sheet.name in PICTURES
    if picture:
        page.set_column_pixels(0, shape[1], 20)
        page.set_column_pixels(shape[1] + 1, shape[1] + 16, 96)
        page.hide_gridlines(2)
    for place, values in sheet.numbers.items():
        area = Range.parse(place)
        for (down, right), value in np.ndenumerate(values):
            page.write_number(area.top + down, area.left + right, float(value), styles["pixel" if picture else "weight"])
    for place, text in sheet.texts.items():
        page.write_string(place, text, styles["label"])
    for place, formula in sheet.formulas.items():
        value = computed[place].value
        if not isinstance(value, float):
            raise ValueError(f"{sheet.name}!{place} {formula} is {value!r}: not a workbook to hand out")
        page.write_formula(place, formula, styles["prediction" if place == sheet.prediction else "neuron"], value)
    for place, shade in sheet.shades.items():
        page.conditional_format(place, SHADES[shade])


def main() -> None:
    """The program."""
    parser = argparse.ArgumentParser(
        description="Build the workbook of a trained network.", formatter_class=argparse.ArgumentDefaultsHelpFormatter
    )
    parser.add_argument("--parameters", type=Path, default=PARAMETERS, help="what workbooks/train.py wrote")
    parser.add_argument("--digit", type=int, default=0, help="which of the 1,000 packed test digits to show on Number")
    parser.add_argument("--out", type=Path, default=WORKBOOK, help="file to write")
    arguments = parser.parse_args()
    network = Network.load(arguments.parameters)
    picture = test_digits()[0][arguments.digit] / 255 if network.sizes[0] == 784 else None
    write(model(network, picture), arguments.out)


if __name__ == "__main__":
    main()
