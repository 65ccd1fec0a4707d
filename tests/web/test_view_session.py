"""Pages of `view` against the workbook: what each is sent, when, and that it is what the cells hold."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

import sheetengine
from sheetengine.errors import FormulaSyntaxError, SheetEngineError, UnknownReference, ValueRefused
from sheetengine.web.history import History
from sheetengine.web.protocol import Clear, Copy, Enter, Fill, Find, Inspect, Jump, Recalculate, Redo, Save, Show, Undo
from sheetengine.web.shared_workbook import SharedWorkbook
from sheetengine.web.view_session import ViewSession, jump
from tests.web.example_book import write_example


def book_of_rows(rows: int = 100) -> sheetengine.Workbook:
    book = sheetengine.Workbook()
    sheet = book["Sheet1"]
    sheet[f"A1:A{rows}"] = np.arange(1.0, rows + 1).reshape(-1, 1)
    sheet[f"B1:B{rows}"] = "=A1*2"
    return book


class Page:
    """A session and what it was sent, cells gathered as a page gathers them."""

    def __init__(self, shared: SharedWorkbook) -> None:
        self.pushed: list[dict[str, Any]] = []
        self.session = ViewSession(shared, self.pushed.append)
        self.cells: dict[tuple[int, int], str] = {}

    def ask(self, message: object) -> dict[str, Any]:
        answer = self.session.handle(message)
        self.take(answer)
        return answer

    def take(self, answer: dict[str, Any]) -> None:
        for row, column, text, kind, _, _ in answer.get("cells", []):
            if kind:
                self.cells[row, column] = text
            else:
                del self.cells[row, column]


@pytest.fixture
def shared() -> SharedWorkbook:
    return SharedWorkbook(book_of_rows())


def test_only_what_is_shown_is_sent_and_only_once(shared: SharedWorkbook) -> None:
    page = Page(shared)
    sheet = shared.workbook["Sheet1"].id
    first = page.ask(Show(sheet, ((10, 0, 19, 3),)))
    assert [cell[:4] for cell in first["cells"][:2]] == [[10, 0, "11", "n"], [10, 1, "22", "n"]]
    assert len(first["cells"]) == 20
    further = page.ask(Show(sheet, ((15, 0, 24, 3),)))
    assert {tuple(cell[:2]) for cell in further["cells"]} == {(row, column) for row in range(20, 25) for column in (0, 1)}
    assert page.ask(Show(sheet, ((15, 0, 24, 3),)))["cells"] == []


def test_an_edit_answers_with_the_changed_cells_in_view(shared: SharedWorkbook) -> None:
    page = Page(shared)
    sheet = shared.workbook["Sheet1"]
    page.ask(Show(sheet.id, ((0, 0, 9, 3),)))
    answer = page.ask(Enter(sheet.id, 4, 0, (("12%",),)))
    assert [cell[:4] for cell in answer["cells"]] == [[4, 0, "12%", "n"], [4, 1, "0.24", "n"]]
    assert answer["lit"] == [[4, 1]]
    assert answer["trace"]["edited"] == ["Sheet1!A5"] and answer["trace"]["recomputed"] == 1
    assert answer["unsaved"] is True
    below = page.ask(Enter(sheet.id, 50, 0, (("7",),)))
    assert below["cells"] == [] and below["lit"] == [] and below["trace"]["recomputed"] == 1


def test_other_pages_are_told_what_they_show(shared: SharedWorkbook) -> None:
    one, two, elsewhere = Page(shared), Page(shared), Page(shared)
    sheet = shared.workbook["Sheet1"].id
    for page, top in ((one, 0), (two, 0), (elsewhere, 50)):
        page.ask(Show(sheet, ((top, 0, top + 9, 3),)))
    one.ask(Enter(sheet, 0, 0, (("100",),)))
    (told,) = two.pushed
    assert told["type"] == "edited"
    two.take(told)
    assert two.cells == one.cells and two.cells[0, 1] == "200"
    assert elsewhere.pushed[0]["cells"] == []
    two.session.close()
    one.ask(Undo())
    assert len(two.pushed) == 1 and len(elsewhere.pushed) == 2


def test_after_any_edits_a_page_shows_what_the_cells_hold(shared: SharedWorkbook) -> None:
    page = Page(shared)
    book, sheet = shared.workbook, shared.workbook["Sheet1"]
    page.ask(Show(sheet.id, ((0, 0, 29, 5),)))
    for message in (
        Enter(sheet.id, 0, 2, (("=SEQUENCE(5)", "x"), ("", "y"))),
        Enter(sheet.id, 2, 2, (("in the way",),)),
        Clear(sheet.id, (2, 2, 2, 2)),
        Fill(sheet.id, (3, 0, 6, 1), True),
        Copy(sheet.id, (0, 1, 3, 1), sheet.id, 10, 4),
        Undo(),
        Undo(),
        Redo(),
        Enter(sheet.id, 5, 5, (("=1/0", "TRUE", "'007"),)),
        Recalculate(True),
        Clear(sheet.id, (0, 0, 1048575, 0)),
        Undo(),
    ):
        page.ask(message)
        expected = {
            (row, column): text
            for row, (texts, values) in enumerate(zip(sheet["A1:F30"].texts, sheet["A1:F30"].value, strict=True))
            for column, (text, value) in enumerate(zip(texts, values, strict=True))
            if value is not None
        }
        assert page.cells == expected, message
    assert book["Sheet1"]["C4"].value == 4.0


def test_what_is_refused_changes_nothing(shared: SharedWorkbook) -> None:
    page = Page(shared)
    sheet = shared.workbook["Sheet1"]
    page.ask(Show(sheet.id, ((0, 0, 9, 3),)))
    before = sheet["A1:B100"].value
    with pytest.raises(FormulaSyntaxError):
        page.ask(Enter(sheet.id, 0, 0, (("1", "=SUM("),)))
    with pytest.raises(ValueRefused):
        page.ask(Enter(sheet.id, 1_048_575, 0, (("1",), ("2",))))
    with pytest.raises(ValueRefused):
        page.ask(Show(sheet.id, ((0, 0, 1_048_575, 3),)))
    with pytest.raises(ValueRefused):
        page.ask(Show(sheet.id, ((9, 0, 0, 3),)))
    with pytest.raises(UnknownReference):
        page.ask(Show(99, ((0, 0, 9, 3),)))
    assert sheet["A1:B100"].value == before
    assert not shared.unsaved


def test_the_journal_has_one_step_for_what_was_pasted_together(shared: SharedWorkbook) -> None:
    page = Page(shared)
    sheet = shared.workbook["Sheet1"]
    before = sheet["A1:D5"].value
    page.ask(Enter(sheet.id, 0, 2, (("1", "2"), ("3", "4"))))
    assert sheet["C1:D2"].value == [[1.0, 2.0], [3.0, 4.0]]
    assert page.ask(Undo())["nothing"] is False
    assert sheet["A1:D5"].value == before
    assert page.ask(Redo())["nothing"] is False
    assert page.ask(Redo())["nothing"] is True


def test_ctrl_and_an_arrow_lead_where_excel_goes() -> None:
    book = sheetengine.Workbook()
    sheet = book["Sheet1"]
    for cell in ("B2", "B3", "B4", "B8", "D2", "E2"):
        sheet[cell] = 1
    assert jump(sheet, 0, 1, "down") == (1, 1)
    assert jump(sheet, 1, 1, "down") == (3, 1)
    assert jump(sheet, 3, 1, "down") == (7, 1)
    assert jump(sheet, 7, 1, "down") == (1_048_575, 1)
    assert jump(sheet, 7, 1, "up") == (3, 1)
    assert jump(sheet, 3, 1, "up") == (1, 1)
    assert jump(sheet, 1, 1, "up") == (0, 1)
    assert jump(sheet, 1, 1, "right") == (1, 3)
    assert jump(sheet, 1, 3, "right") == (1, 4)
    assert jump(sheet, 1, 4, "right") == (1, 16_383)
    assert jump(sheet, 1, 16_383, "left") == (1, 4)
    assert jump(sheet, 500_000, 1, "up") == (7, 1)
    assert jump(sheet, 0, 0, "left") == (0, 0)
    assert jump(sheet, 0, 0, "end") == (7, 4)
    assert jump(sheetengine.Workbook()["Sheet1"], 5, 5, "end") == (0, 0)
    long = sheetengine.Workbook()["Sheet1"]
    long["A1:A20000"] = np.ones((20_000, 1))
    assert jump(long, 0, 0, "down") == (19_999, 0)
    assert jump(long, 19_999, 0, "up") == (0, 0)


def test_a_file_is_written_on_save_and_not_before(tmp_path: Path) -> None:
    path = write_example(tmp_path / "loan.xlsx")
    before = path.read_bytes()
    shared = SharedWorkbook(sheetengine.open(path), path)
    page, other = Page(shared), Page(shared)
    welcome = page.session.welcome()
    loan, totals = shared.workbook["Loan"], shared.workbook["Totals"]
    assert welcome["file"] == "loan.xlsx" and welcome["unsaved"] is False
    assert welcome["looks"][str(loan.id)]["frozen"] == (7, 1)
    assert {"name": "Rate", "text": "=Loan!$B$2", "area": "Loan!B2", "sheet": loan.id, "rect": [1, 1, 1, 1]} in welcome["names"]
    page.ask(Show(loan.id, ((0, 0, 20, 5),)))
    assert page.cells[1, 1] == "4.25%" and page.cells[3, 1] == "1 Feb 2024"
    answer = page.ask(Enter(loan.id, 1, 1, (("5%",),)))
    assert page.cells[1, 1] == "5.00%"
    assert answer["trace"]["recomputed"] == 1 + 4 * 240 + 4
    assert path.read_bytes() == before
    page.ask(Save())
    assert other.pushed[-1]["type"] == "saved" and other.pushed[-1]["unsaved"] is False
    again = sheetengine.open(path)
    assert again["Loan"]["B2"].value == 0.05 and again["Loan"]["B2"].text == "5.00%"
    assert again["Totals"]["B2"].value == totals["B2"].value


def test_a_workbook_without_a_file_is_not_saved(shared: SharedWorkbook) -> None:
    with pytest.raises(SheetEngineError, match="no file"):
        Page(shared).ask(Save())


def test_places_are_found_by_address_and_by_name(tmp_path: Path) -> None:
    path = write_example(tmp_path / "loan.xlsx")
    shared = SharedWorkbook(sheetengine.open(path), path)
    page = Page(shared)
    loan, totals = shared.workbook["Loan"].id, shared.workbook["Totals"].id
    assert page.ask(Find(totals, "b3"))["rect"] == [2, 1, 2, 1]
    assert page.ask(Find(totals, "rate"))["area"] == "Loan!B2"
    assert page.ask(Find(totals, "Loan!C8:D9"))["sheet"] == loan
    with pytest.raises(UnknownReference):
        page.ask(Find(totals, "nowhere"))
    told = page.ask(Inspect(totals, 4, 1))
    assert told["kind"] == "error" and told["value"] == "#DIV/0!" and told["error"]["origin"] == "Totals!B5"
    assert page.ask(Jump(loan, 0, 0, "end")) == {"type": "place", "row": 246, "column": 5}


def test_history_is_bounded_by_cells_and_keeps_the_newest() -> None:
    book = book_of_rows(1_000)
    sheet = book["Sheet1"]
    sheet["C1"] = "=SUM(B1:B1000)"
    history = History(most=5, most_cells=3_000)
    for value in range(8):
        with book.trace() as small:
            sheet["A5"] = value
        history.add(small)
    assert len(history) == 5
    with book.trace() as large:
        sheet["A1:A1000"] = np.ones((1_000, 1))
    for _ in range(3):
        history.add(large)
    assert len(history) == 2
    assert history.why(sheet["B7"]) != [] and history.why(sheet["A5"]) == []
    with book.trace() as nothing:
        pass
    history.add(nothing)
    assert len(history) == 2
