"""The network that a sheet holds, found by asking the graph: no address of the digits workbook is written here.

In: a workbook and the name of its picture. Out: the layers, each neuron a cell, and for a neuron its weights and its bias. What reads the
picture is the first hidden layer, what reads that is the next, and so on to the one cell that says which digit it is; so networks of
other sizes are found the same way.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from sheetengine.errors import UnknownReference
from sheetengine.workbook import Range, Sheet, Workbook

_MOST_LAYERS = 64


@dataclass(frozen=True, slots=True)
class Network:
    """A picture and the layers that read it, one after another; the last layer before `reading` is the output."""

    picture: Range
    layers: tuple[tuple[Range, ...], ...]
    reading: Range | None

    @property
    def sheet(self) -> Sheet:
        """Where picture and neurons are."""
        return self.picture.sheet

    @property
    def output(self) -> tuple[Range, ...]:
        """The neurons of the last layer."""
        return self.layers[-1]

    def inputs(self, layer: int) -> int:
        """How many values a neuron of a layer reads; layer 1 reads the picture."""
        return self.picture.size if layer == 1 else len(self.layers[layer - 2])


@dataclass(frozen=True, slots=True)
class Weights:
    """What a neuron multiplies its inputs by, and where the sheet has it."""

    area: Range | None
    values: Sequence[float]
    bias_area: Range | None
    bias: float | None


def find_network(workbook: Workbook, picture: str = "drawing") -> Network:
    """The network that reads the picture of a name; raises `UnknownReference` where there is none."""
    area = workbook.range(picture)
    layers: list[tuple[Range, ...]] = []
    seen = {area}
    reads = [area]
    for _ in range(_MOST_LAYERS):
        cells = sorted(
            {cell for one in reads for found in one.dependents() if found.sheet is area.sheet for cell in found} - seen, key=_place
        )
        if not cells:
            break
        layers.append(tuple(cells))
        seen |= set(cells)
        reads = cells
    if not layers:
        raise UnknownReference(f"no formula on {area.sheet.name} reads {area.address}: there is no network to show")
    # The digit that is read off the outputs is one cell after a layer of several.
    reading = layers.pop()[0] if len(layers) > 1 and len(layers[-1]) == 1 else None
    return Network(area, tuple(layers), reading)


def _place(cell: Range) -> tuple[int, int]:
    return cell.column, cell.row


def weights_of(network: Network, layer: int, index: int) -> Weights:
    """The weights of a neuron: of what its formula reads elsewhere, the range that has one number for each of its inputs.

    A softmax has none: it reads only the sums beside it.
    """
    cell = network.layers[layer - 1][index]
    count = network.inputs(layer)
    reads = [area for area in cell.precedents() if area.sheet is not network.sheet]
    weights = next((area for area in reads if len(area) == count), None)
    if weights is None:
        return Weights(None, (), None, None)
    bias = next((area for area in reads if area != weights and len(area) > index), None)
    return Weights(weights, numbers(weights), bias, None if bias is None else numbers(bias)[index])


def numbers(area: Range) -> list[float]:
    """The numbers of a range, row by row; what is no number is 0, as SUMPRODUCT has it."""
    flat = area.values.ravel()
    if flat.dtype == np.float64:
        return [float(value) for value in flat.tolist()]
    return [value if type(value) is float else 0.0 for value in flat.tolist()]
