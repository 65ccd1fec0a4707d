"""The digits that come with the package: the built workbook, its parameters, 1,000 MNIST test digits, the network in numpy.

In: nothing but the package's own files. Out: bytes and arrays, and `forward`, the numbers that the workbook's formulas must give.
Invariants: arrays are fresh at every call, so a caller may write into them; nothing here computes with the engine, so that
`forward` can judge it.

In a wheel the workbook and the parameters lie beside this module (pyproject.toml maps them there from `workbooks/`, where they
are built); in a source checkout they are read from `workbooks/` itself, so that there is only ever one copy to be stale.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from importlib import resources
from pathlib import Path
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

Floats: TypeAlias = NDArray[np.float64]
Bytes: TypeAlias = NDArray[np.uint8]
Layer: TypeAlias = tuple[Floats, Floats]

__all__ = ["ACTIVATIONS", "Layer", "forward", "parameters", "test_digits", "workbook_bytes"]


def workbook_bytes() -> bytes:
    """The digits workbook as built by `workbooks/build.py`: the bytes of an .xlsx file.

    >>> workbook_bytes()[:2]
    b'PK'
    """
    return _built("digits.xlsx")


def test_digits() -> tuple[Bytes, Bytes]:
    """The first 1,000 digits of the MNIST test set, as pictures of bytes (n, 28, 28) and as labels; brightness is byte / 255.

    >>> pictures, labels = test_digits()
    >>> pictures.shape, int(labels[0])
    ((1000, 28, 28), 7)
    """
    packed = resources.files(__name__).joinpath("test_digits.npz").read_bytes()
    with np.load(io.BytesIO(packed), allow_pickle=False) as arrays:
        return arrays["pictures"], arrays["labels"]


# pytest collects what a test module imports under a name with `test_`; this is not one.
test_digits.__test__ = False  # type: ignore[attr-defined]


def parameters() -> list[Layer]:
    """The trained network of the workbook, layer by layer: weights, one row for each neuron, and biases.

    >>> [(weights.shape, biases.shape) for weights, biases in parameters()]
    [((30, 784), (30,)), ((10, 30), (10,))]
    """
    with np.load(io.BytesIO(_built("parameters.npz")), allow_pickle=False) as arrays:
        count = sum(name.startswith("weights_") for name in arrays.files)
        return [(arrays[f"weights_{layer}"], arrays[f"biases_{layer}"]) for layer in range(1, count + 1)]


def forward(
    picture: NDArray[np.floating], parameters: Sequence[Layer], *, activation: str = "sigmoid", output: str = "sigmoid"
) -> list[Floats]:
    """What every layer answers to one picture (brightness 0 to 1, 28 x 28 or flat): the hidden layers in order, then the output.

    >>> pictures, labels = test_digits()
    >>> hidden, outputs = forward(pictures[0] / 255, parameters())
    >>> hidden.shape, int(outputs.argmax())
    ((30,), 7)
    """
    values = np.asarray(picture, dtype=np.float64).ravel()
    layers = []
    for number, (weights, biases) in enumerate(parameters, start=1):
        # Not `weights @ values`: BLAS sums a matrix in another order than a row, and a SUMPRODUCT is a row.
        sums = (weights * values).sum(axis=1) + biases
        values = ACTIVATIONS[output if number == len(parameters) else activation](sums)
        layers.append(values)
    return layers


def _sigmoid(sums: Floats) -> Floats:
    # In the far negative exp overflows to infinity, whose reciprocal is the right answer, 0. (A worksheet's EXP is #NUM! there.)
    with np.errstate(over="ignore"):
        return np.asarray(1 / (1 + np.exp(-sums)))


def _relu(sums: Floats) -> Floats:
    return np.maximum(0.0, sums)


def _softmax(sums: Floats) -> Floats:
    # Less the largest, or exp overflows; along the last axis, so that a batch of pictures is the same as one.
    powers = np.exp(sums - sums.max(axis=-1, keepdims=True))
    return np.asarray(powers / powers.sum(axis=-1, keepdims=True))


def _tanh(sums: Floats) -> Floats:
    return np.tanh(sums)


ACTIVATIONS: Final[dict[str, Callable[[Floats], Floats]]] = {"sigmoid": _sigmoid, "tanh": _tanh, "relu": _relu, "softmax": _softmax}


def _built(name: str) -> bytes:
    """A file of `workbooks/`: packed beside this module in a wheel, in its own folder in a checkout."""
    packed = resources.files(__name__).joinpath(name)
    if packed.is_file():
        return packed.read_bytes()
    return (Path(__file__).resolve().parents[2] / "workbooks" / name).read_bytes()
