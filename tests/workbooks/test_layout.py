"""The cells of a network's workbook: the article's places, for layers of any size."""

from __future__ import annotations

import re

import numpy as np
import pytest
from hypothesis import given, strategies as st

from sheetengine.address import Range
from workbooks.build import PARAMETERS, load
from workbooks.layout import model, picture_shape
from workbooks.network import HIDDEN_ACTIVATIONS, OUTPUT_ACTIVATIONS, Network


@pytest.fixture(scope="module")
def article():
    return model(Network.load(PARAMETERS))


def test_three_sheets(article):
    assert [sheet.name for sheet in article.sheets] == ["Parameters", "Number", "Draw"]


def test_parameters_stand_where_the_article_has_them(article):
    """The table of ../shared/digits-workbook.md: a label above each block."""
    network = Network.load(PARAMETERS)
    (hidden, hidden_biases), (output, output_biases) = network.layers
    sheet = article.sheets[0]
    for neuron in range(30):
        top = 2 + 29 * neuron
        np.testing.assert_array_equal(sheet.numbers[f"A{top}:AB{top + 27}"], hidden[neuron].reshape(28, 28))
        assert f"A{top - 1}" in sheet.texts
    for neuron in range(10):
        top = 872 + 31 * neuron
        np.testing.assert_array_equal(sheet.numbers[f"A{top}:A{top + 29}"].ravel(), output[neuron])
        assert f"A{top - 1}" in sheet.texts
    np.testing.assert_array_equal(sheet.numbers["A1182:A1211"].ravel(), hidden_biases)
    np.testing.assert_array_equal(sheet.numbers["A1213:A1222"].ravel(), output_biases)
    assert {"A1181", "A1212"} <= set(sheet.texts)
    assert len(sheet.numbers) == len(sheet.texts) == 42
    assert max(Range.parse(place).bottom for place in sheet.numbers) == 1221


def test_names_are_the_article_s(article):
    names = article.names
    assert names["number"] == "=Number!$A$1:$AB$28"
    assert names["drawing"] == "=Draw!$A$1:$AB$28"
    assert names["weight_1_1"] == "=Parameters!$A$2:$AB$29"
    assert names["weight_1_30"] == "=Parameters!$A$843:$AB$870"
    assert names["weight_2_1"] == "=Parameters!$A$872:$A$901"
    assert names["weight_2_10"] == "=Parameters!$A$1151:$A$1180"
    assert names["bias_1"] == "=Parameters!$A$1182:$A$1211"
    assert names["bias_2"] == "=Parameters!$A$1213:$A$1222"
    assert len(names) == 44


def test_formulas_are_in_the_article_s_words(article):
    _, number, draw = article.sheets
    assert number.formulas["AD2"] == "=1/(1+EXP(-(SUMPRODUCT(number,weight_1_1)+INDEX(bias_1,1))))"
    assert draw.formulas["AD31"] == "=1/(1+EXP(-(SUMPRODUCT(drawing,weight_1_30)+INDEX(bias_1,30))))"
    assert draw.formulas["AE11"] == "=1/(1+EXP(-(SUMPRODUCT(AD$2:AD$31,weight_2_10)+INDEX(bias_2,10))))"
    assert draw.formulas["AF2"] == "=INDEX({0;1;2;3;4;5;6;7;8;9},MATCH(MAX(AE$2:AE$11),AE$2:AE$11,0))"
    for sheet in (number, draw):
        assert len(sheet.formulas) == 41
        assert {"AD1", "AE1"} <= set(sheet.texts)
        assert sheet.layers == ["AD2:AD31", "AE2:AE11"]


def test_every_range_of_numbers_and_answers_is_shaded(article):
    for sheet in article.sheets:
        assert set(sheet.shades) == set(sheet.numbers) | set(sheet.layers)


@pytest.mark.parametrize(("inputs", "shape"), [(784, (28, 28)), (1, (1, 1)), (12, (3, 4)), (13, (1, 13))])
def test_pictures_are_as_square_as_they_can_be(inputs, shape):
    assert picture_shape(inputs) == shape


def test_a_shape_that_does_not_fit_is_refused():
    with pytest.raises(ValueError, match="a picture of 3 x 5 does not fit 12 inputs"):
        model(Network.initial((12, 2, 2)), shape=(3, 5))


SIZES = st.lists(st.integers(1, 12), min_size=2, max_size=5)


@given(SIZES, st.sampled_from(HIDDEN_ACTIVATIONS), st.sampled_from(OUTPUT_ACTIVATIONS), st.integers(0, 99))
def test_a_network_of_any_sizes_equals_numpy(sizes, activation, output, seed):
    network = Network.initial(sizes, activation=activation, output=output, seed=seed)
    picture = np.random.default_rng(seed).random(sizes[0])
    built = model(network, picture)
    workbook = load(built)
    sheet = built.sheets[1]
    for place, expected in zip(sheet.layers, network.answers(picture), strict=True):
        np.testing.assert_allclose(workbook["Number"][place].values.ravel(), expected, rtol=0, atol=1e-12)
    answers = workbook["Number"][sheet.layers[-1]].values.ravel()
    assert workbook["Number"][sheet.prediction].value == answers.argmax()


@given(SIZES, st.sampled_from(OUTPUT_ACTIVATIONS))
def test_blocks_do_not_overlap_and_names_name_them(sizes, output):
    built = model(Network.initial(sizes, output=output))
    for sheet in built.sheets:
        taken: set[tuple[int, int]] = set()
        for place in [*sheet.numbers, *sheet.texts, *sheet.formulas]:
            cells = {(cell.row, cell.column) for cell in Range.parse(place).cells()}
            assert not cells & taken
            taken |= cells
    parameters = built.sheets[0]
    named = {
        formula.removeprefix("=Parameters!").replace("$", "") for name, formula in built.names.items() if re.match("weight|bias", name)
    }
    assert named == set(parameters.numbers)


def test_the_larger_network_of_the_article_s_outlook():
    network = Network.initial((784, 100, 50, 10), activation="tanh", output="softmax", seed=3)
    picture = np.random.default_rng(3).random(784)
    built = model(network, picture)
    workbook = load(built)
    sheet = built.sheets[1]
    assert sheet.layers == ["AD2:AD101", "AE2:AE51", "AG2:AG11"]
    assert sheet.texts["AF1"] == "sums"
    for place, expected in zip(sheet.layers, network.answers(picture), strict=True):
        np.testing.assert_allclose(workbook["Number"][place].values.ravel(), expected, rtol=0, atol=1e-12)
    assert workbook["Number"]["AG2:AG11"].values.sum() == pytest.approx(1, abs=1e-12)
