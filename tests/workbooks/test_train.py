"""The scripts that made the parameters still make such parameters."""

from __future__ import annotations

import sys

import numpy as np
import pytest

import sheetengine
from sheetengine.digits_data import test_digits as packed_digits
from tests import needs
from workbooks import build, mnist, train
from workbooks.network import Network


def _digits(count):
    pictures, labels = packed_digits()
    return mnist.Digits(pictures[:count], labels[:count])


def test_training_learns_and_is_the_same_for_a_seed():
    digits = _digits(300)
    start = Network.initial((784, 12, 10), seed=5)
    before = start.accuracy(*digits)
    once, again = (train.train(start, digits, epochs=8, seed=2) for _ in range(2))
    assert once.accuracy(*digits) > 0.95 > before
    assert start.accuracy(*digits) == before, "the network given is left as it was"
    for (weights, biases), (others, other_biases) in zip(once.layers, again.layers, strict=True):
        assert (weights == others).all()
        assert (biases == other_biases).all()


@pytest.mark.parametrize(("activation", "output", "rate"), [("tanh", "softmax", 0.1), ("relu", "sigmoid", 0.05)])
def test_every_activation_learns(activation, output, rate):
    digits = _digits(200)
    trained = train.train(Network.initial((784, 20, 12, 10), activation=activation, output=output), digits, epochs=20, rate=rate)
    assert trained.accuracy(*digits) > 0.9


def test_the_committed_parameters_are_those_the_accuracy_is_claimed_of():
    pictures, labels = packed_digits()
    network = Network.load(build.PARAMETERS)
    assert network.sizes == (784, 30, 10)
    assert (network.activation, network.output) == ("sigmoid", "sigmoid")
    assert network.accuracy(pictures, labels) >= 0.95


def test_a_network_comes_back_from_its_file(tmp_path):
    network = Network.initial((6, 4, 3), activation="relu", output="softmax")
    network.save(tmp_path / "network.npz")
    back = Network.load(tmp_path / "network.npz")
    assert (back.sizes, back.activation, back.output) == ((6, 4, 3), "relu", "softmax")
    assert all(
        (one == other).all() for mine, its in zip(network.layers, back.layers, strict=True) for one, other in zip(mine, its, strict=True)
    )


def test_layers_that_do_not_fit_are_refused():
    with pytest.raises(ValueError, match="do not fit"):
        Network([(np.ones((3, 4)), np.ones(3)), (np.ones((2, 5)), np.ones(2))])
    with pytest.raises(ValueError, match="one of"):
        Network([(np.ones((3, 4)), np.ones(3))], activation="step")


@pytest.mark.shared
def test_from_idx_files_to_a_workbook_of_another_network(tmp_path, monkeypatch):
    """The two programs one after the other: train, then build, then open."""
    tests = mnist.read(needs.shared("data", "mnist"), "t10k")
    few = mnist.Digits(tests.pictures[:400], tests.labels[:400])
    monkeypatch.setattr(train.mnist, "read", lambda folder, part: few)
    out = tmp_path / "larger.npz"
    options = [
        "--layers",
        "784-16-12-10",
        "--activation",
        "tanh",
        "--output",
        "softmax",
        "--rate",
        "0.1",
        "--epochs",
        "6",
        "--out",
        str(out),
    ]
    monkeypatch.setattr(sys, "argv", ["train", *options])
    train.main()
    monkeypatch.setattr(sys, "argv", ["build", "--parameters", str(out), "--digit", "3", "--out", str(tmp_path / "larger.xlsx")])
    build.main()
    workbook = sheetengine.open(tmp_path / "larger.xlsx")
    _, labels = packed_digits()
    answers = Network.load(out).answers(workbook["Number"]["A1:AB28"].values)
    np.testing.assert_allclose(workbook["Number"]["AG2:AG11"].values.ravel(), answers[-1], rtol=0, atol=1e-12)
    assert workbook["Number"]["AH2"].value == answers[-1].argmax() == labels[3]
    assert workbook["Number"]["AD2"].formula == "=TANH(SUMPRODUCT(number,weight_1_1)+INDEX(bias_1,1))"


@pytest.mark.shared
def test_the_packed_digits_are_the_first_thousand_of_the_test_set():
    tests = mnist.read(needs.shared("data", "mnist"), "t10k")
    pictures, labels = packed_digits()
    assert (pictures == tests.pictures[:1000]).all()
    assert (labels == tests.labels[:1000]).all()
