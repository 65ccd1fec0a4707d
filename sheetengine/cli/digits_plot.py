"""The digits network as one picture: the digit, the hidden layer, the outputs, and what each hidden neuron looks for.

In: a workbook with a digit on `Draw`. Out: a picture file, its kind by the name's ending. Invariant: every number in it is read from the
sheet.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from sheetengine.errors import MissingDependency, ValueRefused

if TYPE_CHECKING:
    from sheetengine.workbook import Workbook

_PIXELS, _HIDDEN, _OUTPUT, _PREDICTION = "A1:AB28", "AD2:AD31", "AE2:AE11", "AF2"
_INK, _MUTED, _ACCENT, _PLUS, _MINUS = "#1d2126", "#5d636b", "#1c6e8c", "#14688c", "#c2501c"


def write_plot(workbook: Workbook, label: int, path: Path) -> None:
    """Draw the network's state on `Draw` and write it."""
    try:
        from matplotlib.colors import LinearSegmentedColormap  # noqa: PLC0415  # an extra, loaded where it is asked for
        from matplotlib.figure import Figure  # noqa: PLC0415  # as above; a Figure of its own needs no window
    except ImportError as error:
        raise MissingDependency("--plot needs matplotlib: pip install 'sheetengine[plot]'") from error
    sheet = workbook["Draw"]
    hidden, output = sheet[_HIDDEN].values.ravel(), sheet[_OUTPUT].values.ravel()
    signed = LinearSegmentedColormap.from_list("signed", [_MINUS, "#fffefb", _PLUS])
    figure = Figure(figsize=(13.5, 7.6), facecolor="white", layout="constrained")
    halves: Any = figure.subfigures(2, 1, height_ratios=[1.0, 1.15], hspace=0.03)  # Any: an array of them, which its types do not say
    upper, lower = halves
    digit, layer, bars = upper.subplots(1, 3, width_ratios=[1.0, 1.5, 1.1])
    digit.imshow(sheet[_PIXELS].values, cmap="gray_r", vmin=0, vmax=1)
    digit.set_title("Draw!A1:AB28", **_TITLE)
    _plain(digit)
    layer.bar(np.arange(1, len(hidden) + 1), hidden, color=_INK, width=0.72)
    layer.set(ylim=(0, 1.02), xlim=(0.3, len(hidden) + 0.7), xticks=[1, 5, 10, 15, 20, 25, 30], yticks=[0, 0.5, 1])
    layer.set_title(f"hidden layer, Draw!{_HIDDEN}", **_TITLE)
    best = int(output.argmax())
    bars.barh(np.arange(10), output, color=[_ACCENT if number == best else "#c9c5bb" for number in range(10)], height=0.7)
    bars.set(xlim=(0, 1.12), ylim=(9.6, -0.6), yticks=range(10), xticks=[0, 0.5, 1])
    for number, value in enumerate(output.tolist()):
        bars.text(value + 0.02, number, f"{value:.3f}", va="center", fontsize=9, color=_INK if number == best else _MUTED)
    reading = int(sheet[_PREDICTION].value)
    verdict = "" if reading == label else f" (it is a {label})"
    bars.set_title(f"output layer: read as {reading}{verdict}", **_TITLE)
    for axes in (layer, bars):
        axes.spines[["top", "right"]].set_visible(False)
        axes.tick_params(labelsize=9, colors=_MUTED)
    _weights(workbook, lower, hidden, signed)
    try:
        figure.savefig(path, dpi=120)
    except ValueError as error:
        raise ValueRefused(f"{path.name}: {error}") from error


_TITLE: dict[str, Any] = {"fontsize": 11, "color": _INK, "loc": "left"}  # Any: keywords of matplotlib


def _weights(workbook: Workbook, figure: Any, hidden: np.ndarray[Any, Any], signed: Any) -> None:  # Any: matplotlib has no types here
    """One small picture for each hidden neuron, with its answer."""
    figure.suptitle("weights of the hidden neurons, and what each answers to this digit", x=0.012, ha="left", fontsize=11, color=_INK)
    for number, axes in enumerate(figure.subplots(3, 10).ravel(), start=1):
        weights = workbook.range(f"weight_1_{number}").values
        most = float(np.abs(weights).max()) or 1.0
        axes.imshow(weights, cmap=signed, vmin=-most, vmax=most)
        awake = float(hidden[number - 1])
        axes.set_title(
            f"{number}: {awake:.2f}",
            fontsize=8.5,
            color=_INK if awake > 0.5 else _MUTED,
            fontweight="bold" if awake > 0.5 else "normal",
            pad=2,
        )
        _plain(axes)


def _plain(axes: Any) -> None:  # Any: as above
    axes.set(xticks=[], yticks=[])
    for spine in axes.spines.values():
        spine.set(color="#c9c5bb", linewidth=0.8)
