"""Train a network on the 60,000 MNIST training digits, with numpy alone.

In: the IDX files, layer sizes, a seed. Out: a `Network`, saved as `parameters.npz`. Invariants: pixels are byte / 255; the same seed
on the same machine gives the same numbers (another BLAS may differ in the last bits, and training amplifies them), which is why the
parameters are kept in the repository and not trained anew; the test digits are only counted, never trained on.

    python -m workbooks.train                                        # 784-30-10, the digits workbook's: writes workbooks/parameters.npz
    python -m workbooks.train --layers 784-100-50-10 --activation tanh --output softmax --rate 0.1 --out larger.npz
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from workbooks import mnist
from workbooks.network import HIDDEN_ACTIVATIONS, OUTPUT_ACTIVATIONS, Network

PARAMETERS = mnist.PROJECT / "workbooks" / "parameters.npz"

# Slopes by the neuron's own value, which is at hand; its sum is not kept.
SLOPES: dict[str, Callable[[NDArray[np.float64]], NDArray[np.float64]]] = {
    "sigmoid": lambda value: value * (1 - value),
    "tanh": lambda value: 1 - value * value,
    "relu": lambda value: (value > 0).astype(np.float64),
}


def train(
    network: Network,
    digits: mnist.Digits,
    *,
    epochs: int = 20,
    batch: int = 10,
    rate: float = 0.5,
    seed: int = 0,
    report: Callable[[int, Network], None] = lambda epoch, network: None,
) -> Network:
    """Stochastic gradient descent on the cross-entropy; the network given is left as it was.

    >>> digits = mnist.Digits(np.eye(4, dtype=np.uint8).reshape(4, 2, 2) * 255, np.array([0, 1, 0, 1], dtype=np.uint8))
    >>> train(Network.initial((4, 3, 2)), digits, epochs=500, batch=2).accuracy(*digits)
    1.0
    """
    trained = Network([(weights.copy(), biases.copy()) for weights, biases in network.layers], network.activation, network.output)
    inputs = digits.pictures.reshape(len(digits.pictures), -1) / 255
    targets = np.eye(network.sizes[-1])[digits.labels]
    random = np.random.default_rng(seed)
    for epoch in range(1, epochs + 1):
        order = random.permutation(len(inputs))
        for start in range(0, len(order), batch):
            chosen = order[start : start + batch]
            _step(trained, inputs[chosen], targets[chosen], rate)
        report(epoch, trained)
    return trained


def _step(network: Network, inputs: NDArray[np.float64], targets: NDArray[np.float64], rate: float) -> None:
    """Move all parameters, in place, against the gradient over one batch."""
    values = network.batch(inputs)
    # The slope of the cross-entropy by the output's weighted sum is this difference, for sigmoid outputs and for softmax alike.
    error = values[-1] - targets
    for number in reversed(range(len(network.layers))):
        weights, biases = network.layers[number]
        scaled = error * (rate / len(inputs))
        if number:
            # Before the weights move: the gradient is that of the network as it answered.
            error = (error @ weights) * SLOPES[network.activation](values[number])
        weights -= scaled.T @ values[number]
        biases -= scaled.sum(axis=0)


def main() -> None:
    """The program."""
    parser = argparse.ArgumentParser(description="Train a network on MNIST.", formatter_class=argparse.ArgumentDefaultsHelpFormatter)
    parser.add_argument("--data", type=Path, default=mnist.DATA, help="folder of the IDX files")
    parser.add_argument("--layers", default="784-30-10", help="sizes of the layers, pixels first")
    parser.add_argument("--activation", choices=HIDDEN_ACTIVATIONS, default="sigmoid", help="of the hidden layers")
    parser.add_argument("--output", choices=OUTPUT_ACTIVATIONS, default="sigmoid", help="activation of the output layer")
    parser.add_argument("--epochs", type=int, default=20, help="how often each digit is seen")
    parser.add_argument("--batch", type=int, default=10, help="digits to a step")
    parser.add_argument("--rate", type=float, default=0.5, help="length of a step; relu, tanh and deep networks want less")
    parser.add_argument("--seed", type=int, default=0, help="of the first weights and of the order of the digits")
    parser.add_argument("--out", type=Path, default=PARAMETERS, help="file to write")
    arguments = parser.parse_args()

    tests = mnist.read(arguments.data, "t10k")

    def report(epoch: int, network: Network) -> None:
        sys.stdout.write(f"epoch {epoch:2}: {network.accuracy(*tests):.2%} of the {len(tests.labels):,} test digits\n")
        sys.stdout.flush()

    sizes = tuple(int(size) for size in arguments.layers.split("-"))
    network = Network.initial(sizes, activation=arguments.activation, output=arguments.output, seed=arguments.seed)
    options = {"epochs": arguments.epochs, "batch": arguments.batch, "rate": arguments.rate, "seed": arguments.seed}
    train(network, mnist.read(arguments.data, "train"), report=report, **options).save(arguments.out)


if __name__ == "__main__":
    main()
