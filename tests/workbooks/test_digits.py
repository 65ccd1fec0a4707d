"""The digits workbook, as the wheel carries it: its laws, its accuracy, the same numbers elsewhere."""

from __future__ import annotations

import copy
import io
import subprocess
import zipfile

import numpy as np
import pytest
from hypothesis import given, strategies as st
from hypothesis.extra.numpy import arrays

import sheetengine
from sheetengine.digits_data import forward, parameters, test_digits as packed_digits, workbook_bytes
from tests import needs
from workbooks import accuracy, build, mnist
from workbooks.layout import model
from workbooks.network import Network

CELLS = [*(f"AD{row}" for row in range(2, 32)), *(f"AE{row}" for row in range(2, 12)), "AF2"]


@pytest.fixture(scope="module")
def shared_workbook():
    return sheetengine.open(workbook_bytes())


@pytest.fixture
def workbook(shared_workbook):
    """One workbook for the module, as it was after each test."""
    yield shared_workbook
    while shared_workbook.undo():
        pass


def _of(sheet, cells=CELLS):
    return {f"{sheet}!{cell}" for cell in cells}


def _of_neuron(sheet, neuron):
    return _of(sheet, [f"AD{neuron + 1}", *CELLS[30:]])


# -- the file ----------------------------------------------------------------------------------------------------------


def test_the_committed_workbook_is_what_the_builder_builds(tmp_path):
    """Part by part, not byte by byte: compression differs between zlibs."""
    pictures, _ = packed_digits()
    path = tmp_path / "digits.xlsx"
    build.write(model(Network.load(build.PARAMETERS), pictures[0] / 255), path)
    with zipfile.ZipFile(path) as fresh, zipfile.ZipFile(build.WORKBOOK) as committed:
        assert fresh.namelist() == committed.namelist()
        stale = [name for name in fresh.namelist() if fresh.read(name) != committed.read(name)]
    assert stale == [], "python -m workbooks.build"


def test_values_in_the_file_are_those_computed(workbook):
    """`open` trusts them; computed afresh they are the same to the bit."""
    before = {sheet.name: sheet.used_range.values for sheet in workbook}
    workbook.recalculate(full=True)
    for name, values in before.items():
        assert (workbook[name].used_range.values == values).all()


def test_number_shows_the_first_test_digit_and_draw_is_empty(workbook):
    pictures, labels = packed_digits()
    # XlsxWriter writes 16 digits, not the 17 that a double may need.
    np.testing.assert_allclose(workbook["Number"]["A1:AB28"].values, pictures[0] / 255, rtol=5e-16, atol=0)
    assert workbook["Number"]["AF2"].value == labels[0]
    assert (workbook["Draw"]["A1:AB28"].values == 0).all()


def test_pixels_are_shaded_by_conditional_formatting():
    with zipfile.ZipFile(build.WORKBOOK) as package:
        for number in (2, 3):
            page = package.read(f"xl/worksheets/sheet{number}.xml").decode()
            assert '<conditionalFormatting sqref="A1:AB28">' in page
            assert "<colorScale>" in page


def test_the_shape_of_the_file_is_plain(workbook):
    assert workbook.sheet_names == ["Parameters", "Number", "Draw"]
    assert workbook.unsupported == {}
    assert workbook.circular == []
    assert workbook.errors() == {}
    assert len(workbook.names) == 44


# -- what an edit recomputes -------------------------------------------------------------------------------------------


@given(sheet=st.sampled_from(["Number", "Draw"]), row=st.integers(0, 27), column=st.integers(0, 27), ink=st.floats(0, 1))
def test_a_pixel_recomputes_the_41_cells_of_its_sheet(shared_workbook, sheet, row, column, ink):
    with shared_workbook.trace() as trace:
        shared_workbook[sheet].cell(row + 1, column + 1).value = ink
    assert len(trace.recomputed) == 41, "each once"
    assert set(trace.recomputed) == _of(sheet)


@given(neuron=st.integers(1, 30), row=st.integers(0, 27), column=st.integers(0, 27), weight=st.floats(-3, 3))
def test_a_weight_recomputes_its_neuron_on_both_sheets_and_what_follows(shared_workbook, neuron, row, column, weight):
    with shared_workbook.trace() as trace:
        shared_workbook["Parameters"].cell(2 + 29 * (neuron - 1) + row, column + 1).value = weight
    assert len(trace.recomputed) == 24
    assert set(trace.recomputed) == _of_neuron("Number", neuron) | _of_neuron("Draw", neuron)


def test_a_bias_recomputes_every_neuron_that_names_the_biases(workbook):
    """`INDEX(bias_1,3)` names the whole of bias_1: as in Excel."""
    with workbook.trace() as trace:
        workbook["Parameters"]["A1184"] = 0.25
    assert len(trace.recomputed) == 82
    assert set(trace.recomputed) == _of("Number") | _of("Draw")


def test_a_bias_of_the_output_recomputes_the_outputs_alone(workbook):
    with workbook.trace() as trace:
        workbook["Parameters"]["A1213"] = 0.25
    assert set(trace.recomputed) == _of("Number", CELLS[30:]) | _of("Draw", CELLS[30:])


def test_a_copy_paints_for_itself(workbook):
    twin = copy.deepcopy(workbook)
    before = workbook["Draw"]["AE2:AE11"].values.copy()
    with twin.trace() as trace:
        twin["Draw"]["N14"] = 1.0
    assert len(trace.recomputed) == 41
    assert (twin["Draw"]["AE2:AE11"].values != before).any()
    assert (workbook["Draw"]["AE2:AE11"].values == before).all()
    workbook["Draw"]["N14"] = 1.0
    assert (workbook["Draw"]["AE2:AE11"].values == twin["Draw"]["AE2:AE11"].values).all()


def test_why_leads_from_the_pixel_to_the_prediction(workbook):
    with workbook.trace() as trace:
        workbook["Draw"]["N14"] = 1.0
    reason = trace.why("Draw!AF2")
    assert reason.path[0] == "Draw!N14"
    assert reason.reads[0] == "Draw!A1:AB28"
    assert reason.path[-1] == "Draw!AF2"
    assert trace.why("Number!AF2").path == ()


def test_undo_takes_a_stroke_back(workbook):
    before = workbook["Draw"]["AE2:AE11"].values.copy()
    workbook["Draw"]["N14"] = 1.0
    assert (workbook["Draw"]["AE2:AE11"].values != before).any()
    workbook.undo()
    assert (workbook["Draw"]["AE2:AE11"].values == before).all()


def test_a_name_that_changes_recomputes_who_names_it(workbook):
    """And no other neuron of the same program."""
    with workbook.trace() as trace:
        workbook.names["weight_1_3"] = "=Parameters!$A$2:$AB$29"
    assert set(trace.recomputed) == _of_neuron("Number", 3) | _of_neuron("Draw", 3)
    assert workbook["Draw"]["AD4"].formula == "=1/(1+EXP(-(SUMPRODUCT(drawing,weight_1_3)+INDEX(bias_1,3))))"
    del workbook.names["weight_1_3"]
    assert str(workbook["Draw"]["AD4"].value) == "#NAME?"
    assert isinstance(workbook["Draw"]["AD5"].value, float)


# -- the network -------------------------------------------------------------------------------------------------------


@given(arrays(np.float64, (28, 28), elements=st.floats(0, 1)))
def test_any_picture_equals_numpy(shared_workbook, picture):
    shared_workbook["Draw"]["A1:AB28"] = picture
    hidden, output = forward(picture, parameters())
    np.testing.assert_allclose(shared_workbook["Draw"]["AD2:AD31"].values.ravel(), hidden, rtol=0, atol=1e-12)
    np.testing.assert_allclose(shared_workbook["Draw"]["AE2:AE11"].values.ravel(), output, rtol=0, atol=1e-12)
    assert shared_workbook["Draw"]["AF2"].value == shared_workbook["Draw"]["AE2:AE11"].values.argmax()


@given(st.lists(st.tuples(st.integers(1, 28), st.integers(1, 28), st.floats(0, 1)), max_size=12))
def test_painting_equals_assigning(shared_workbook, strokes):
    """Incremental equals fresh: pixel by pixel, or the picture at once, to the bit."""
    sheet = shared_workbook["Draw"]
    sheet["A1:AB28"] = np.zeros((28, 28))
    sheet["AF2"].value  # noqa: B018  # so that each stroke is an edit of computed cells
    for row, column, ink in strokes:
        sheet.cell(row, column).value = ink
        sheet["AF2"].value  # noqa: B018
    painted = [sheet["AD2:AD31"].values.tolist(), sheet["AE2:AE11"].values.tolist()]
    picture = sheet["A1:AB28"].values
    sheet["A1:AB28"] = np.zeros((28, 28))
    sheet["A1:AB28"] = picture
    shared_workbook.recalculate(full=True)
    assert [sheet["AD2:AD31"].values.tolist(), sheet["AE2:AE11"].values.tolist()] == painted


@pytest.mark.shared
def test_it_reads_95_of_100_test_digits(workbook):
    """As computed by its formulas; `python -m workbooks.accuracy` counts all 10,000."""
    digits = mnist.read(needs.shared("data", "mnist"), "t10k")
    found = accuracy.count(workbook, digits.pictures[:1000], digits.labels[:1000])
    assert found.right >= 0.95 * 1000
    assert found.difference <= 1e-12


# -- the same file elsewhere -------------------------------------------------------------------------------------------


@pytest.mark.libreoffice
@pytest.mark.filterwarnings("ignore:.* extension is not supported")  # openpyxl, of the data bars
def test_libreoffice_computes_the_same_numbers(tmp_path, shared_workbook):
    """A picture is drawn with openpyxl, which leaves no values: what LibreOffice saves it has computed itself."""
    import openpyxl

    pictures, labels = packed_digits()
    source = tmp_path / "drawn.xlsx"
    book = openpyxl.load_workbook(io.BytesIO(build.WORKBOOK.read_bytes()))
    for (row, column), byte in np.ndenumerate(pictures[1]):
        book["Draw"].cell(row + 1, column + 1).value = float(byte / 255)
    book.save(source)
    out = tmp_path / "out"
    subprocess.run(
        [
            needs.libreoffice(),
            f"-env:UserInstallation=file://{tmp_path}/profile",
            "--headless",
            "--convert-to",
            "xlsx",
            "--outdir",
            out,
            source,
        ],
        check=True,
        capture_output=True,
        timeout=120,
    )
    theirs = openpyxl.load_workbook(io.BytesIO((out / "drawn.xlsx").read_bytes()), data_only=True)
    shared_workbook["Draw"]["A1:AB28"] = pictures[1] / 255
    for sheet in ("Number", "Draw"):
        ours = [shared_workbook[sheet][cell].value for cell in CELLS]
        np.testing.assert_allclose([theirs[sheet][cell].value for cell in CELLS], ours, rtol=0, atol=1e-12)
    assert theirs["Draw"]["AF2"].value == labels[1]
