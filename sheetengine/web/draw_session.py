"""One page of `draw`: its own workbook, the pixels it paints, the cells that follow.

In: messages of the protocol. Out: answers as plain values. Invariants: an answer to a stroke holds the painted pixels and the cells that
the engine computed for it, no others; the only cells a page can edit are those of the picture; two pages share nothing.
"""

from __future__ import annotations

import contextlib
from typing import Any

import numpy as np

from sheetengine.digits_data import test_digits
from sheetengine.errors import UnknownReference
from sheetengine.values import CellError
from sheetengine.web.history import History
from sheetengine.web.inspection import inspect, place, plain
from sheetengine.web.network import find_network, numbers, weights_of
from sheetengine.web.protocol import DRAW, Digit, Inspect, Neuron, Paint
from sheetengine.workbook import Range, Workbook
from sheetengine.workbook.range_contents import displayed

_MANY_PIXELS = 64
"""From here on a picture is written as one range: 784 single edits take 3 ms, one of a range 0.2 ms."""


class DrawSession:
    """A picture, its network, and what is told of them."""

    schemas = DRAW
    lock = contextlib.nullcontext()
    in_thread = False
    """Edits take 0.1 ms, a change of thread as much: they run where messages arrive."""

    def __init__(self, workbook: Workbook, name: str = "drawing") -> None:
        self.workbook = workbook
        self.network = find_network(workbook, name)
        self.history = History()
        self._formats: dict[tuple[int, int], str] = {}

    # -- answers -----------------------------------------------------------------------------------------------------

    def welcome(self) -> dict[str, Any]:
        """What the page needs to draw itself."""
        network = self.network
        used = network.sheet.used_range
        assert used is not None, "a sheet with a network is not empty"
        rows, columns = used.row - 1 + used.shape[0], used.column - 1 + used.shape[1]
        pixels = place(network.picture)["rect"]
        cells = [
            self._cell(row, column, cell.value, cell.text, cell.formula is not None)
            for line in used.rows
            for cell in line
            for row, column in [(cell.row - 1, cell.column - 1)]
            if not (pixels[0] <= row <= pixels[2] and pixels[1] <= column <= pixels[3])
            if cell.value is not None
        ]
        return {
            "type": "welcome",
            "page": "draw",
            "sheet": {"id": network.sheet.id, "name": network.sheet.name, "rows": rows, "columns": columns},
            "picture": place(network.picture) | {"values": numbers(network.picture)},
            "layers": [[[cell.row - 1, cell.column - 1] for cell in layer] for layer in network.layers],
            "reading": None if network.reading is None else [network.reading.row - 1, network.reading.column - 1],
            "output_weights": [list(weights_of(network, len(network.layers), index).values) for index in range(len(network.output))],
            "cells": cells,
        }

    def _cell(self, row: int, column: int, value: object, text: str, formula: bool) -> list[object]:
        return [row, column, plain(value), text, formula]

    def handle(self, message: object) -> dict[str, Any]:
        """The answer to one message."""
        match message:
            case Paint(pixels):
                return self.paint(pixels)
            case Inspect(sheet, row, column):
                return {"type": "cell", **inspect(self._place(sheet, row, column), self.history)}
            case Neuron(layer, index):
                return self.neuron(layer, index)
            case Digit(number):
                pictures, labels = test_digits()
                values = np.round(pictures[number] / 255, 4).ravel().tolist()
                return {"type": "digit", "number": number, "label": int(labels[number]), "values": values}
        raise AssertionError(f"the protocol has no {message!r}")

    def _place(self, sheet: int, row: int, column: int) -> Range:
        for one in self.workbook:
            if one.id == sheet:
                return one.cell(row + 1, column + 1)
        raise UnknownReference("there is no such sheet")

    def neuron(self, layer: int, index: int) -> dict[str, Any]:
        """A neuron's weights as they are on the sheet now."""
        layers = self.network.layers
        if not (layer <= len(layers) and index < len(layers[layer - 1])):
            raise UnknownReference(f"there is no neuron {index + 1} in layer {layer}")
        weights = weights_of(self.network, layer, index)
        return {
            "type": "neuron",
            "layer": layer,
            "index": index,
            "cell": layers[layer - 1][index].address,
            "area": None if weights.area is None else weights.area.address,
            "values": list(weights.values),
            "bias": weights.bias,
        }

    # -- painting ----------------------------------------------------------------------------------------------------

    def paint(self, pixels: tuple[tuple[int, int, float], ...]) -> dict[str, Any]:
        """Write pixels; the cells that the engine computed for them."""
        picture = self.network.picture
        height, width = picture.shape
        for row, column, _ in pixels:
            if row >= height or column >= width:
                raise UnknownReference(f"row {row}, column {column} lies outside the picture of {height} x {width}")
        with self.workbook.trace() as trace:
            if len(pixels) >= _MANY_PIXELS:
                plane = np.array(numbers(picture)).reshape(height, width)
                for row, column, value in pixels:
                    plane[row, column] = value
                picture.value = plane
            else:
                for row, column, value in pixels:
                    picture[row, column].value = value
        self.history.add(trace)
        cells = []
        for step in trace.steps:
            here = step.sheet == self.network.sheet.id
            for row, column, after in zip(step.rows.tolist(), step.columns.tolist(), step.after.flat(), strict=True):
                if here:
                    cells.append([row, column, plain(after), self._text(row, column, after), True])
        return {"type": "painted", "cells": cells, "recomputed": len(trace.recomputed), "seconds": trace.seconds}

    def _text(self, row: int, column: int, value: float | str | bool | CellError | None) -> str:
        pattern = self._formats.get((row, column))
        if pattern is None:
            pattern = self._formats[row, column] = self.network.sheet.cell(row + 1, column + 1).number_format
        return displayed(value, pattern, False)
