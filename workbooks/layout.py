"""A network as a workbook's cells: which number, formula and name stands where.

In: a `Network`, a picture. Out: `Model`: the cells, formulas and names of its three sheets, said once, for whoever puts them into a file
or into the engine. Invariants: the layout is the article's (docs/decisions/0031); every formula names what it reads, so that it says
what it means.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Final, Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from sheetengine.address import Address, Range, column_name
from workbooks.network import Network

Floats: TypeAlias = NDArray[np.float64]
Shade: TypeAlias = Literal["ink", "signed", "activation", "bar"]
"""What a range shows: pixels, weights of either sign, answers of neurons, and those of the last ones as bars."""

# A neuron's answer to the sum of what it reads, in the article's words for the sigmoid.
FORMULAS: Final = {"sigmoid": "=1/(1+EXP(-({sum})))", "tanh": "=TANH({sum})", "relu": "=MAX(0,{sum})"}
SOFTMAX: Final = "=EXP({own}-MAX({all}))/SUMPRODUCT(EXP({all}-MAX({all})))"
PICTURES: Final = {"Number": "number", "Draw": "drawing"}
"""The sheets of pictures and the names of their pixels."""


@dataclass(slots=True)
class SheetModel:
    """One sheet: numbers in rectangles, texts and formulas by address, and what is shaded how."""

    name: str
    numbers: dict[str, Floats] = field(default_factory=dict)
    texts: dict[str, str] = field(default_factory=dict)
    formulas: dict[str, str] = field(default_factory=dict)
    shades: dict[str, Shade] = field(default_factory=dict)
    layers: list[str] = field(default_factory=list)
    """The cells of each layer's answers, the last of them the output."""
    prediction: str = ""


@dataclass(slots=True)
class Model:
    """A workbook as assignments."""

    sheets: list[SheetModel]
    names: dict[str, str]
    shape: tuple[int, int]


def picture_shape(inputs: int) -> tuple[int, int]:
    """The rows and columns of the most nearly square picture of so many pixels, never higher than wide.

    >>> picture_shape(784), picture_shape(96), picture_shape(7)
    ((28, 28), (8, 12), (1, 7))
    """
    rows = next(rows for rows in range(math.isqrt(inputs), 0, -1) if inputs % rows == 0)
    return rows, inputs // rows


def model(network: Network, picture: Floats | None = None, shape: tuple[int, int] | None = None) -> Model:
    """The workbook of a network, with a picture (none: a blank one) on `Number`.

    >>> built = model(Network.initial((784, 30, 10)))
    >>> built.names["weight_1_30"], built.names["weight_2_10"], built.names["bias_1"], built.names["bias_2"]
    ('=Parameters!$A$843:$AB$870', '=Parameters!$A$1151:$A$1180', '=Parameters!$A$1182:$A$1211', '=Parameters!$A$1213:$A$1222')
    """
    shape = shape or picture_shape(network.sizes[0])
    if shape[0] * shape[1] != network.sizes[0]:
        raise ValueError(f"a picture of {shape[0]} x {shape[1]} does not fit {network.sizes[0]} inputs")
    parameters, names = _parameters(network, shape)
    sheets = [parameters]
    for name, pixels in PICTURES.items():
        shown = np.zeros(shape) if picture is None or name != "Number" else np.asarray(picture, np.float64).reshape(shape)
        sheets.append(_picture_sheet(name, pixels, network, shown))
        names[pixels] = f"={name}!{_absolute(0, 0, *shape)}"
    return Model(sheets, names, shape)


def _parameters(network: Network, shape: tuple[int, int]) -> tuple[SheetModel, dict[str, str]]:
    """The sheet of weights and biases, and the names of its blocks: a label above each, layer after layer, the biases last."""
    sheet = SheetModel("Parameters")
    names: dict[str, str] = {}
    row = 0

    def block(name: str, label: str, values: Floats) -> None:
        nonlocal row
        height, width = values.shape
        sheet.texts[str(Address(row, 0))] = label
        place = Range(row + 1, 0, row + height, width - 1)
        sheet.numbers[str(place)] = values
        sheet.shades[str(place)] = "signed"
        names[name] = f"=Parameters!{_absolute(row + 1, 0, height, width)}"
        row += 1 + height

    last = len(network.layers)
    for layer, (weights, _) in enumerate(network.layers, start=1):
        for neuron, own in enumerate(weights, start=1):
            values = own.reshape(shape) if layer == 1 else own.reshape(-1, 1)
            block(f"weight_{layer}_{neuron}", f"weights of {_layer(layer, last)} neuron {neuron}", values)
    for layer, (_, biases) in enumerate(network.layers, start=1):
        block(f"bias_{layer}", f"biases of the {_layer(layer, last)} neurons", biases.reshape(-1, 1))
    return sheet, names


def _layer(layer: int, last: int) -> str:
    if layer == last:
        return "output"
    return "hidden" if last == 2 else f"hidden {layer}"


def _picture_sheet(name: str, pixels: str, network: Network, picture: Floats) -> SheetModel:
    """The picture, then one column for each layer, then the prediction."""
    height, width = picture.shape
    sheet = SheetModel(name)
    sheet.numbers[str(Range(0, 0, height - 1, width - 1))] = picture
    sheet.shades[str(Range(0, 0, height - 1, width - 1))] = "ink"
    column = width + 1
    before = pixels
    last = len(network.layers)
    for layer, (_, biases) in enumerate(network.layers, start=1):
        softmax = layer == last and network.output == "softmax"
        pattern = "={sum}" if softmax else FORMULAS[network.output if layer == last else network.activation]
        sheet.texts[str(Address(0, column))] = "sums" if softmax else f"{_layer(layer, last)} layer"
        for neuron in range(1, len(biases) + 1):
            total = f"SUMPRODUCT({before},weight_{layer}_{neuron})+INDEX(bias_{layer},{neuron})"
            sheet.formulas[str(Address(neuron, column))] = pattern.format(sum=total)
        place, before = _column(column, len(biases))
        if softmax:
            column += 1
            sheet.texts[str(Address(0, column))] = "output layer"
            for neuron in range(1, len(biases) + 1):
                sheet.formulas[str(Address(neuron, column))] = SOFTMAX.format(own=Address(neuron, column - 1), all=before)
            place, before = _column(column, len(biases))
        sheet.layers.append(place)
        sheet.shades[place] = "bar" if layer == last else "activation"
        column += 1
    sheet.texts[str(Address(0, column))] = "prediction"
    digits = ";".join(map(str, range(network.sizes[-1])))
    sheet.prediction = str(Address(1, column))
    sheet.formulas[sheet.prediction] = f"=INDEX({{{digits}}},MATCH(MAX({before}),{before},0))"
    return sheet


def _column(column: int, neurons: int) -> tuple[str, str]:
    """The cells of a layer, as an address and as the next layer's formulas write it: the rows stay, the column goes along."""
    letters = column_name(column)
    if neurons == 1:
        return f"{letters}2", f"{letters}$2"
    return f"{letters}2:{letters}{neurons + 1}", f"{letters}$2:{letters}${neurons + 1}"


def _absolute(top: int, left: int, height: int, width: int) -> str:
    first = f"${column_name(left)}${top + 1}"
    return first if height * width == 1 else f"{first}:${column_name(left + width - 1)}${top + height}"
