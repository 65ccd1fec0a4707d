"""A network as numbers: layers of weights and biases, kept in one .npz file.

In: layer sizes, or a file. Out: `Network`. Invariants: the layers fit each other (each has a row of as many weights as the layer
before has neurons); a file read back equals what was written, to the bit; `sheetengine.digits_data.parameters` reads the same file.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from sheetengine.digits_data import ACTIVATIONS, Layer, forward

HIDDEN_ACTIVATIONS = ("sigmoid", "tanh", "relu")
OUTPUT_ACTIVATIONS = ("sigmoid", "softmax")


@dataclass(frozen=True, slots=True, eq=False)
class Network:
    """Layers of (weights, biases), the function of the hidden ones, and that of the last.

    >>> Network.initial((784, 30, 10)).sizes
    (784, 30, 10)
    """

    layers: list[Layer]
    activation: str = "sigmoid"
    output: str = "sigmoid"

    def __post_init__(self) -> None:
        """Refuse layers that do not fit, and functions that a worksheet has no formula for here."""
        if not self.layers:
            raise ValueError("a network needs an output layer")
        if self.activation not in HIDDEN_ACTIVATIONS or self.output not in OUTPUT_ACTIVATIONS:
            raise ValueError(f"hidden layers are one of {HIDDEN_ACTIVATIONS}, the output one of {OUTPUT_ACTIVATIONS}")
        for (before, _), (weights, biases) in zip([(self.layers[0][0].T, None), *self.layers], self.layers, strict=False):
            if weights.shape != (len(biases), len(before)):
                raise ValueError(f"{weights.shape} weights do not fit {len(before)} inputs and {len(biases)} biases")

    @property
    def sizes(self) -> tuple[int, ...]:
        """Inputs, hidden layers, outputs."""
        return (self.layers[0][0].shape[1], *(len(biases) for _, biases in self.layers))

    @classmethod
    def initial(cls, sizes: Sequence[int], *, activation: str = "sigmoid", output: str = "sigmoid", seed: int = 0) -> Network:
        """A network before training: random weights, smaller the more of them feed a neuron, so that its sum is not saturated at once."""
        random = np.random.default_rng(seed)
        layers = [
            (random.standard_normal((after, before)) / np.sqrt(before), random.standard_normal(after))
            for before, after in itertools.pairwise(sizes)
        ]
        return cls(layers, activation, output)

    @classmethod
    def load(cls, path: Path) -> Network:
        """The network in a file that `save` wrote."""
        with np.load(path, allow_pickle=False) as arrays:
            count = sum(name.startswith("weights_") for name in arrays.files)
            layers = [(arrays[f"weights_{number}"], arrays[f"biases_{number}"]) for number in range(1, count + 1)]
            return cls(layers, str(arrays["activation"]), str(arrays["output"]))

    def save(self, path: Path) -> None:
        """Write `weights_1`, `biases_1`, … and the names of the functions."""
        arrays: dict[str, NDArray[np.generic]] = {"activation": np.array(self.activation), "output": np.array(self.output)}
        for number, (weights, biases) in enumerate(self.layers, start=1):
            arrays |= {f"weights_{number}": weights, f"biases_{number}": biases}
        np.savez_compressed(path, **arrays)  # type: ignore[arg-type]  # numpy's stub takes `allow_pickle` for one of ours

    def answers(self, picture: NDArray[np.float64]) -> list[NDArray[np.float64]]:
        """Every layer's values for one picture, summed as a worksheet does."""
        return forward(picture, self.layers, activation=self.activation, output=self.output)

    def batch(self, inputs: NDArray[np.float64]) -> list[NDArray[np.float64]]:
        """The inputs and every layer's values for many pictures at once, one a row; by BLAS, for training and counting."""
        values = [inputs]
        for number, (weights, biases) in enumerate(self.layers, start=1):
            name = self.output if number == len(self.layers) else self.activation
            values.append(ACTIVATIONS[name](values[-1] @ weights.T + biases))
        return values

    def accuracy(self, pictures: NDArray[np.uint8], labels: NDArray[np.uint8]) -> float:
        """The share of these digits whose largest output is that of the label."""
        answers = self.batch(pictures.reshape(len(pictures), -1) / 255)[-1]
        return float((answers.argmax(axis=1) == labels).mean())
