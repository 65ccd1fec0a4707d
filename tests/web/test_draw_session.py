"""A page of `draw` against the engine and against the network in numpy: what it is told is what the sheet holds."""

from __future__ import annotations

import numpy as np
import pytest

import sheetengine
from sheetengine import digits_data
from sheetengine.errors import UnknownReference
from sheetengine.web.draw_session import DrawSession
from sheetengine.web.formula_spans import formula_spans
from sheetengine.web.network import find_network, weights_of
from sheetengine.web.protocol import Digit, Inspect, Neuron, Paint
from tests.web.network_book import network_book


@pytest.fixture(scope="module")
def session() -> DrawSession:
    return DrawSession(network_book())


def test_the_network_is_found_by_asking_the_graph(session: DrawSession) -> None:
    network = session.network
    assert [len(layer) for layer in network.layers] == [30, 10]
    assert network.layers[0][0].address == "Draw!AD2" and network.output[9].address == "Draw!AE11"
    assert network.reading is not None and network.reading.address == "Draw!AE13"
    weights, bias = digits_data.parameters()[0]
    found = weights_of(network, 1, 7)
    assert found.area is not None and found.area.address == "Parameters!A205:AB232"
    assert list(found.values) == weights[7].tolist()
    assert found.bias == bias[7]


def test_welcome_says_all_that_the_page_draws(session: DrawSession) -> None:
    message = session.welcome()
    assert message["picture"]["rect"] == [0, 0, 27, 27]
    assert len(message["picture"]["values"]) == 784
    assert [len(layer) for layer in message["layers"]] == [30, 10]
    assert np.array_equal(np.array(message["output_weights"]), digits_data.parameters()[1][0])
    assert message["sheet"]["columns"] == 31
    assert [0, 29, "Hidden layer", "Hidden layer", False] in message["cells"]


def test_one_pixel_answers_with_the_41_cells_that_follow(session: DrawSession) -> None:
    answer = session.handle(Paint(((13, 13, 0.75),)))
    assert answer["recomputed"] == 41
    sheet = session.network.sheet
    assert len(answer["cells"]) == 41
    for row, column, value, text, formula in answer["cells"]:
        cell = sheet.cell(row + 1, column + 1)
        assert formula and (value, text) == (cell.value, cell.text)
    assert sheet["N14"].value == 0.75


def test_painting_a_digit_gives_what_the_network_gives(session: DrawSession) -> None:
    for number in (0, 1):
        digit = session.handle(Digit(number))
        session.handle(Paint(tuple((index // 28, index % 28, value) for index, value in enumerate(digit["values"]))))
        hidden, output = digits_data.forward(np.array(digit["values"]), digits_data.parameters())
        sheet = session.network.sheet
        np.testing.assert_allclose(sheet["AD2:AD31"].values.ravel(), hidden, rtol=1e-12)
        np.testing.assert_allclose(sheet["AE2:AE11"].values.ravel(), output, rtol=1e-9)
        assert digit["label"] == int(output.argmax()) == int(digits_data.test_digits()[1][number])


def test_many_pixels_are_written_as_the_same_picture_as_one_by_one() -> None:
    pixels = [(row, column, round((row * 28 + column) / 783, 3)) for row in range(28) for column in range(28)]
    whole, single = DrawSession(network_book()), DrawSession(network_book())
    whole.handle(Paint(tuple(pixels)))
    for start in range(0, len(pixels), 50):
        single.handle(Paint(tuple(pixels[start : start + 50])))
    for area in ("A1:AB28", "AD2:AE31"):
        assert whole.network.sheet[area].value == single.network.sheet[area].value


def test_a_pixel_outside_of_the_picture_changes_nothing(session: DrawSession) -> None:
    before = session.network.sheet["A1:AE31"].value
    with pytest.raises(UnknownReference, match="28 x 28"):
        session.handle(Paint(((0, 0, 1.0), (28, 0, 1.0))))
    assert session.network.sheet["A1:AE31"].value == before


def test_two_pages_share_nothing() -> None:
    book = network_book()
    one, two = DrawSession(book.copy()), DrawSession(book.copy())
    one.handle(Paint(((3, 3, 1.0),)))
    assert two.network.sheet["D4"].value == 0.0


def test_a_cell_is_told_with_its_references_coloured_and_why(session: DrawSession) -> None:
    session.handle(Paint(((5, 6, 0.5),)))
    told = session.handle(Inspect(session.network.sheet.id, 1, 29))
    assert "".join(span["text"] for span in told["formula"]) == "=1/(1+EXP(-(SUMPRODUCT(drawing,weight_1_1)+INDEX(bias_1,1))))"
    coloured = {span["text"]: (span["area"], span["colour"]) for span in told["formula"] if "area" in span}
    assert coloured == {
        "drawing": ("Draw!A1:AB28", 0),
        "weight_1_1": ("Parameters!A2:AB29", 1),
        "bias_1": ("Parameters!A1182:A1211", 2),
    }
    assert {(area["area"], area["colour"]) for area in told["precedents"]} == set(coloured.values())
    assert told["dependent_cells"] == 10
    assert told["why"] == ["Draw!G6 was edited", "  Draw!AD2 reads Draw!A1:AB28"]


def test_a_neuron_tells_its_weights_and_a_wrong_one_is_refused(session: DrawSession) -> None:
    told = session.handle(Neuron(2, 3))
    assert told["values"] == digits_data.parameters()[1][0][3].tolist()
    with pytest.raises(UnknownReference):
        session.handle(Neuron(3, 0))
    with pytest.raises(UnknownReference):
        session.handle(Neuron(1, 30))


def test_a_sheet_without_a_network_is_refused() -> None:
    book = sheetengine.Workbook()
    book["Sheet1"]["A1:B2"] = [[1, 2], [3, 4]]
    book.names["drawing"] = "=Sheet1!$A$1:$B$2"
    with pytest.raises(UnknownReference, match="no network"):
        find_network(book)
    with pytest.raises(UnknownReference):
        find_network(book, "nothing")


def test_spans_put_together_are_the_formula() -> None:
    book = sheetengine.Workbook()
    sheet = book.add_sheet("My sheet")
    book.names["rate"] = "='My sheet'!$B$1"
    for text in (
        "=SUM(A1:B2,A1:B2)+rate*2",
        "='My sheet'!A1&\"a b\"+Sheet1!$C$3",
        "=LET(x,A1,x*x)",
        "=IF(A1>1.50,nothing,#N/A)",
        "=Sheet1:'My sheet'!A1",
        "=Nowhere!A1",
    ):
        assert "".join(span.text for span in formula_spans(text, sheet)) == text
    spans = [span for span in formula_spans("=SUM(A1:B2,B1,A1:B2)+rate", sheet) if span.area is not None]
    assert [(span.text, span.colour) for span in spans] == [("A1:B2", 0), ("B1", 1), ("A1:B2", 0), ("rate", 1)]


def test_a_network_of_other_layers_is_found_and_told() -> None:
    from workbooks.build import load
    from workbooks.layout import model
    from workbooks.network import Network

    session = DrawSession(load(model(Network.initial((16, 6, 5, 3)))))
    assert [len(layer) for layer in session.network.layers] == [6, 5, 3]
    assert session.network.picture.shape == (4, 4)
    assert session.network.reading is not None
    answer = session.handle(Paint(((0, 0, 1.0),)))
    assert answer["recomputed"] == 6 + 5 + 3 + 1
    assert [len(session.handle(Neuron(layer, 0))["values"]) for layer in (1, 2, 3)] == [16, 6, 5]
