"""The page `view` in a real browser, driven by its keyboard and its mouse."""

from __future__ import annotations

import signal
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import sheetengine
from sheetengine import digits_data
from sheetengine.web.shared_workbook import SharedWorkbook
from tests.web.browser import Keys, chromium, console_errors, idle, laid_out, screenshot, set_size, set_theme, wait_for
from tests.web.conftest import ServerProcess, pictures, serving, view_pages
from tests.web.example_book import write_example
from tests.web.rows_book import book_of_a_million_rows
from tests.web.test_draw_page import CONTRAST

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def driver() -> Iterator[Any]:
    with chromium() as driver:
        yield driver


@pytest.fixture
def loan(tmp_path: Path, example_file: Path) -> Path:
    path = tmp_path / "loan.xlsx"
    path.write_bytes(example_file.read_bytes())
    return path


@pytest.fixture(scope="module")
def example_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_example(tmp_path_factory.mktemp("example") / "loan.xlsx")


@pytest.fixture
def page(driver: Any, loan: Path) -> Iterator[Any]:
    with serving(*view_pages(SharedWorkbook(sheetengine.open(loan), loan))) as address:
        set_size(driver, 1280, 800)
        driver.get(address)
        settle(driver)
        yield driver
        errors = console_errors(driver)
        driver.get("about:blank")
    assert errors == []


@pytest.fixture(scope="module")
def rows_server() -> Iterator[str]:
    with serving(*view_pages(SharedWorkbook(book_of_a_million_rows()))) as address:
        yield address


def settle(driver: Any) -> None:
    wait_for(lambda: idle(driver), "the page has sent and shown all")


def text(driver: Any, element: str) -> str:
    return str(driver.find_element("id", element).text)


def go(driver: Any, place: str) -> None:

    box = driver.find_element("id", "name-box")
    box.click()
    box.send_keys(place, Keys.ENTER)
    wait_for(lambda: driver.switch_to.active_element.get_attribute("id") == "sheet-view", f"gone to {place}")
    told(driver)


def told(driver: Any) -> dict[str, Any]:
    """What the page knows of the active cell, once it is asked."""
    here = "const v = window.sheetengine.view, c = window.sheetengine.cell; return c && c.row === v.active[0] && c.column === v.active[1] ? c : null"
    settle(driver)
    found: dict[str, Any] = wait_for(lambda: driver.execute_script(here), "the active cell is told")
    return found


def keys(driver: Any, *pressed: str) -> None:
    driver.switch_to.active_element.send_keys(*pressed)
    settle(driver)


def active(driver: Any) -> tuple[int, int]:
    row, column = driver.execute_script("return window.sheetengine.view.active")
    return row, column


def shown(driver: Any, row: int, column: int) -> str:
    """The text in the element of a cell, counted from 0."""
    # In one go: an element that was found may be drawn anew before it is asked.
    place = f".cell[data-row='{row}'][data-column='{column}']"
    return str(driver.execute_script("return document.querySelector(arguments[0])?.textContent ?? ''", place))


def test_cells_formats_frozen_heads_and_names_are_shown(page: Any) -> None:
    assert text(page, "file") == "loan.xlsx"
    assert [tab.text for tab in page.find_elements("css selector", "#tabs [role=tab]")] == ["Loan", "Totals"]
    assert (shown(page, 0, 1), shown(page, 1, 1), shown(page, 3, 1), shown(page, 6, 5)) == ("250,000.00", "4.25%", "1 Feb 2024", "Balance")
    merged = page.find_element("css selector", ".cell[data-row='0'][data-column='3']")
    assert merged.text == "A loan, month by month"
    below = page.find_element("css selector", ".cell[data-row='3'][data-column='1']").rect
    last = page.find_element("css selector", ".cell[data-row='7'][data-column='5']").rect
    assert merged.rect["y"] + merged.rect["height"] <= below["y"] and merged.rect["height"] > 2 * below["height"]
    assert abs(merged.rect["x"] + merged.rect["width"] - last["x"] - last["width"]) <= 2
    go(page, "F240")
    assert shown(page, 6, 5) == "Balance" and shown(page, 239, 5) != "" and shown(page, 8, 0) == ""
    go(page, "rate")
    assert active(page) == (1, 1)
    page.find_element("css selector", "#names li:nth-child(5) button").click()
    wait_for(lambda: active(page) == (2, 1), "the name Years leads to B3")


def test_a_column_is_widened_and_fitted(page: Any, loan: Path) -> None:
    from selenium.webdriver.common.action_chains import ActionChains

    before = loan.read_bytes()
    width = "return window.sheetengine.view.geometry.width(1)"
    edge = """const v = window.sheetengine.view, b = v.root.getBoundingClientRect();
              return [b.left + v.headWidth + v.geometry.left(2) - v.x - 2, b.top + 10]"""
    was, (x, y) = page.execute_script(width), map(round, page.execute_script(edge))
    chain = ActionChains(page, duration=20)
    chain.w3c_actions.pointer_action.move_to_location(x, y).pointer_down().move_to_location(x + 70, y).pointer_up()
    chain.perform()
    wait_for(lambda: page.execute_script(width) == was + 70, "the column is wider")
    settle(page)
    head = page.find_element("xpath", "//div[contains(@class,'heads columns')]/div[text()='B']")
    assert head.rect["width"] == was + 70
    assert shown(page, 0, 1) == "250,000.00" and active(page) == (0, 0), "nothing else is selected"
    for name in ("Totals", "Loan"):
        page.find_element("xpath", f"//*[@id='tabs']/button[text()='{name}']").click()
        settle(page)
    assert page.execute_script(width) == was + 70, "the page remembers it"
    x, y = map(round, page.execute_script(edge))
    chain = ActionChains(page, duration=20)
    chain.w3c_actions.pointer_action.move_to_location(x, y).double_click()
    chain.perform()
    wait_for(lambda: 24 <= page.execute_script(width) < was + 70, "the column fits its texts")
    assert loan.read_bytes() == before and not page.find_element("id", "unsaved").is_displayed()


def test_a_formula_is_edited_undone_and_saved(page: Any, loan: Path) -> None:

    before = loan.read_bytes()
    go(page, "B5")
    assert "".join(span["text"] for span in told(page)["formula"]) == "=-PMT(Rate/12,Years*12,Amount)"
    payment = shown(page, 4, 1)
    keys(page, Keys.F2)
    editor = page.switch_to.active_element
    assert editor.get_attribute("value") == "=-PMT(Rate/12,Years*12,Amount)"
    editor.send_keys("*2", Keys.ENTER)
    settle(page)
    assert active(page) == (5, 1)
    doubled = shown(page, 4, 1)
    assert float(doubled.replace(",", "")) == pytest.approx(2 * float(payment.replace(",", "")), abs=0.02)
    assert page.find_element("id", "unsaved").is_displayed()
    assert "Loan!B5" in text(page, "trace") and "recomputed in" in text(page, "count")
    assert loan.read_bytes() == before
    keys(page, Keys.CONTROL + "z")
    assert shown(page, 4, 1) == payment
    keys(page, Keys.CONTROL + "y")
    assert shown(page, 4, 1) == doubled
    keys(page, Keys.CONTROL + "z")
    go(page, "B2")
    keys(page, "5%", Keys.ENTER)
    keys(page, Keys.CONTROL + "s")
    wait_for(lambda: not page.find_element("id", "unsaved").is_displayed(), "saved")
    again = sheetengine.open(loan)
    assert again["Loan"]["B5"].formula == "=-PMT(Rate/12,Years*12,Amount)"
    assert again["Loan"]["B2"].value == 0.05 and again["Loan"]["B2"].text == "5.00%"
    assert again["Loan"]["B5"].text == shown(page, 4, 1)


def test_f2_at_once_shows_what_the_cell_holds(page: Any) -> None:
    """Before the page was told what the cell holds it must not begin with nothing: Enter would empty it."""
    go(page, "C8")
    for row in range(8, 30):
        page.switch_to.active_element.send_keys(Keys.ARROW_DOWN, Keys.F2)
        wait_for(lambda: page.switch_to.active_element.get_attribute("class") == "cell-editor formula-like", "the editor is open")
        assert page.switch_to.active_element.get_attribute("value") == "=Payment"
        page.switch_to.active_element.send_keys(Keys.ESCAPE)
        assert active(page) == (row, 2)


def test_a_formula_with_a_mistake_stays_to_be_mended(page: Any) -> None:

    go(page, "D2")
    keys(page, "=SUM(B1")
    keys(page, ":B2", Keys.ENTER)
    wait_for(lambda: page.find_elements("css selector", ".toast"), "the mistake is told")
    editor = page.switch_to.active_element
    assert editor.get_attribute("value") == "=SUM(B1:B2"
    editor.send_keys(")", Keys.TAB)
    settle(page)
    assert active(page) == (1, 4)
    assert shown(page, 1, 3) == "250000.0425" or shown(page, 1, 3).startswith("250000")
    keys(page, "x", Keys.ESCAPE)
    assert shown(page, 1, 4) == ""


def test_the_keyboard_does_what_excels_does(page: Any) -> None:

    go(page, "A8")
    keys(page, Keys.ARROW_RIGHT, Keys.ARROW_DOWN)
    assert active(page) == (8, 1)
    keys(page, Keys.CONTROL + Keys.ARROW_DOWN)
    wait_for(lambda: active(page) == (246, 1), "to the end of the column")
    keys(page, Keys.CONTROL + Keys.ARROW_RIGHT)
    wait_for(lambda: active(page) == (246, 5), "to the end of the row")
    keys(page, Keys.HOME)
    assert active(page) == (246, 0)
    keys(page, Keys.CONTROL + Keys.HOME)
    assert active(page) == (0, 0)
    keys(page, Keys.CONTROL + Keys.END)
    wait_for(lambda: active(page) == (246, 5), "the last cell in use")
    keys(page, Keys.PAGE_UP)
    up = active(page)
    assert 200 < up[0] < 246
    keys(page, Keys.PAGE_DOWN)
    assert active(page) == (246, 5)
    keys(page, Keys.TAB)
    assert active(page) == (246, 6)
    keys(page, Keys.SHIFT + Keys.TAB)
    assert active(page) == (246, 5)
    page.switch_to.active_element.send_keys(Keys.NULL)
    go(page, "H1")
    keys(page, Keys.SHIFT + Keys.ARROW_DOWN)
    keys(page, Keys.SHIFT + Keys.ARROW_DOWN)
    assert page.execute_script("return window.sheetengine.view.range") == [0, 7, 2, 7]
    assert page.find_element("id", "name-box").get_attribute("value") == "H1:H3"
    go(page, "H1")
    keys(page, "7", Keys.ENTER)
    keys(page, "8", Keys.ENTER)
    assert (shown(page, 0, 7), shown(page, 1, 7)) == ("7", "8")
    go(page, "H1:H2")
    keys(page, Keys.DELETE)
    assert (shown(page, 0, 7), shown(page, 1, 7)) == ("", "")
    keys(page, Keys.CONTROL + "z")
    assert (shown(page, 0, 7), shown(page, 1, 7)) == ("7", "8")
    go(page, "H5")
    keys(page, "9", Keys.ARROW_RIGHT)
    assert active(page) == (4, 8) and shown(page, 4, 7) == "9"
    keys(page, Keys.F9)
    assert "recomputed in" in text(page, "count")


def test_references_are_followed_there_and_back(page: Any) -> None:

    go(page, "D9")
    found = told(page)
    assert [span["text"] for span in found["formula"] if "area" in span] == ["F8", "Rate"]
    outlines = page.find_elements("css selector", ".outline.precedent")
    assert {mark.value_of_css_property("border-top-color") for mark in outlines} == {
        ref.value_of_css_property("color") for ref in page.find_elements("css selector", "#formula .ref")
    }
    keys(page, Keys.CONTROL + "[")
    wait_for(lambda: active(page) == (1, 1), "to the first that is read")
    go(page, "F247")
    told(page)
    keys(page, Keys.CONTROL + "]")
    wait_for(lambda: "Totals" in page.find_element("css selector", "#tabs [aria-selected=true]").text, "to who reads it, on another sheet")
    assert active(page) == (3, 1)
    go(page, "B5")
    told(page)
    wait_for(lambda: "#DIV/0!" in text(page, "cell-facts"), "an error says what it is")


def test_cells_are_copied_with_their_formulas_and_texts_pasted_as_typed(page: Any) -> None:
    go(page, "D9:E9")
    keys(page, Keys.CONTROL + "c")
    go(page, "D300")
    keys(page, Keys.CONTROL + "v")
    wait_for(lambda: "".join(span["text"] for span in told(page)["formula"]) == "=F299*Rate/12", "the formula came along, shifted")
    go(page, "H1")
    page.execute_script("""
        const clipboard = new DataTransfer();
        clipboard.setData("text/plain", "12%\\t=B3*2\\n'007\\t1,234.5\\n");
        document.dispatchEvent(new ClipboardEvent("paste", {clipboardData: clipboard}));
    """)
    wait_for(lambda: shown(page, 1, 8) == "1,234.5" or shown(page, 1, 8) == "1,234.50", "four cells were typed")
    assert [shown(page, 0, 7), shown(page, 0, 8), shown(page, 1, 7)] == ["12%", "40", "007"]


def test_a_click_puts_an_address_into_the_formula(page: Any) -> None:
    from selenium.webdriver.common.action_chains import ActionChains

    go(page, "H3")
    keys(page, "=")
    cell = page.find_element("css selector", ".cell[data-row='0'][data-column='1']")
    ActionChains(page).move_to_element(cell).click().perform()
    wait_for(lambda: page.switch_to.active_element.get_attribute("value") == "=B1", "B1 was put in")
    page.switch_to.active_element.send_keys("/1000", Keys.ENTER)
    settle(page)
    assert shown(page, 2, 7) == "250"


def test_another_window_sees_the_edit_and_undo_is_shared(page: Any) -> None:

    first = page.current_window_handle
    page.execute_script("window.open(location.href)")
    second = next(handle for handle in page.window_handles if handle != first)
    page.switch_to.window(second)
    settle(page)
    go(page, "H1")
    keys(page, "=B3*2", Keys.ENTER)
    assert shown(page, 0, 7) == "40"
    page.switch_to.window(first)
    wait_for(lambda: shown(page, 0, 7) == "40", "the first window has it")
    assert "by another page" in text(page, "trace")
    page.find_element("id", "sheet-view").click()
    keys(page, Keys.CONTROL + "z")
    page.switch_to.window(second)
    wait_for(lambda: shown(page, 0, 7) == "", "undone in both")
    page.close()
    page.switch_to.window(first)


def test_a_million_rows_and_only_what_is_seen(driver: Any, rows_server: str) -> None:

    set_size(driver, 1280, 800)
    driver.get(rows_server)
    settle(driver)
    elements = "return document.querySelectorAll('.pane *').length"
    assert driver.execute_script(elements) < 600
    go(driver, "A1000000")
    wait_for(lambda: shown(driver, 999_999, 0) == "1000000" and shown(driver, 999_999, 1) == "2000000", "the last row is shown")
    assert driver.execute_script(elements) < 600
    assert driver.execute_script("return Array.from(window.sheetengine.view.rows.keys()).length") < 300
    # Edited at the end, computed at the beginning.
    keys(driver, "0", Keys.ENTER)
    wait_for(lambda: shown(driver, 999_999, 1) == "0", "its row follows")
    keys(driver, Keys.CONTROL + Keys.HOME)
    assert active(driver) == (0, 0)
    go(driver, "D1")
    assert told(driver)["value"] == 1_000_001_000_000 - 2_000_000
    # By the scroll bar, to the middle: the rows there are those that belong there.
    driver.execute_script("const s = document.querySelector('.scroller'); s.scrollTop = s.scrollHeight / 2")
    settle(driver)
    wait_for(lambda: driver.execute_script("return window.sheetengine.view.visible()[0]") > 400_000, "scrolled to the middle")
    row = driver.execute_script("return window.sheetengine.view.visible()[0]") + 3
    wait_for(lambda: shown(driver, row, 1) == str(2 * (row + 1)), "the middle is shown")
    # By the wheel, pixel by pixel.
    at = "return window.sheetengine.view.y"
    before = driver.execute_script(at)
    place = {"x": 400, "y": 400, "deltaX": 0, "deltaY": 110}
    for _ in range(5):
        driver.execute_cdp_cmd("Input.dispatchMouseEvent", {"type": "mouseWheel", **place})
    wait_for(lambda: driver.execute_script(at) == pytest.approx(before + 550, abs=3), "five times 110 pixels")
    keys(driver, Keys.CONTROL + Keys.END)
    wait_for(lambda: active(driver) == (999_999, 3), "the last cell in use")
    go(driver, "A1048576")
    assert active(driver) == (1_048_575, 0)
    assert driver.execute_script("return window.sheetengine.view.visible()[2]") == 1_048_575
    assert console_errors(driver) == []


def test_scrolling_a_million_rows_is_smooth(driver: Any, rows_server: str) -> None:
    """Two seconds of scrolling: frames go on, and where it stops the rows are right."""
    set_size(driver, 1280, 800)
    driver.get(rows_server)
    settle(driver)
    figures = driver.execute_async_script("""
        const done = arguments[arguments.length - 1], scroller = document.querySelector(".scroller");
        const started = performance.now(), frames = [];
        let last = started;
        const frame = (now) => {
            frames.push(now - last);
            last = now;
            scroller.scrollTop += 90;
            if (now - started < 2000) requestAnimationFrame(frame);
            else done({frames, moved: window.sheetengine.view.y});
        };
        requestAnimationFrame(frame);
    """)
    assert figures["moved"] == pytest.approx(90 * len(figures["frames"]), abs=200)
    ordered = sorted(figures["frames"])
    # Alone on a machine every frame takes 16.7 ms; tests run beside others.
    assert ordered[len(ordered) // 2] < 50
    settle(driver)

    def right() -> bool:
        row = driver.execute_script("return window.sheetengine.view.visible()[0]") + 3
        return shown(driver, row, 0) == str(row + 1) and shown(driver, row, 1) == str(2 * row + 2)

    wait_for(right, "the rows where it stopped")


def test_the_page_goes_on_after_the_server_was_started_anew(driver: Any, tmp_path: Path, loan: Path) -> None:
    server = ServerProcess(tmp_path, "view", str(loan))
    try:
        driver.get(server.start())
        settle(driver)
        go(driver, "F100")
        server.stop(signal.SIGKILL)
        wait_for(lambda: text(driver, "connection") == "reconnecting", "the page notices")
        server.start()
        wait_for(lambda: text(driver, "connection") == "connected" and idle(driver), "the page is connected again")
        wait_for(lambda: shown(driver, 99, 5) != "", "the cells are shown")
        assert active(driver) == (99, 5)
    finally:
        server.stop()
        driver.get("about:blank")
        driver.get_log("browser")


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_nothing_is_cut_off_at_any_width(page: Any, theme: str) -> None:

    set_theme(page, theme)
    go(page, "B2")
    keys(page, "4.5%", Keys.ENTER)
    go(page, "D9")
    for width, height in ((1280, 800), (1920, 1080), (390, 844)):
        set_size(page, width, height)
        laid_out(page)
        settle(page)
        found = page.execute_script("""
            const cut = [];
            for (const node of document.querySelectorAll("button, h1, h2, .count, .facts dd, .tabs button")) {
                const box = node.getBoundingClientRect();
                if (!box.width || node.closest(".unseen") || node.closest("aside")?.offsetParent === null) continue;
                if (box.right > innerWidth + 0.5) cut.push([node.className || node.tagName, node.textContent]);
                if (node.matches("button:not(.names button)") && node.scrollWidth > node.clientWidth + 1) cut.push([node.className, node.textContent]);
            }
            return {cut, scroll: document.documentElement.scrollWidth, tall: document.documentElement.scrollHeight};
        """)
        assert found["cut"] == [], width
        assert found["scroll"] <= width and found["tall"] <= height
        folder = pictures()
        if folder is not None:
            time.sleep(1.3)  # until what was lit has faded
            screenshot(page, folder / f"view-{theme}-{width}.png", whole=False)
    set_size(page, 1280, 800)
    settle(page)
    assert page.execute_script(CONTRAST) == []


def test_the_digit_is_shaded_as_in_excel(driver: Any) -> None:
    book = sheetengine.open(digits_data.workbook_bytes())
    with serving(*view_pages(SharedWorkbook(book))) as address:
        set_size(driver, 1280, 800)
        set_theme(driver, "light")
        driver.get(address)
        settle(driver)
        go(driver, "Number!AD2")
        fills = driver.execute_script("""
            return Array.from(document.querySelectorAll(".cell.filled"), (cell) =>
                [Number(cell.dataset.row), Number(cell.dataset.column), Number(cell.style.backgroundColor.match(/\\d+/)[0])]);
        """)
        pixels = book["Number"]["A1:AB28"].values
        shades = {(row, column): shade for row, column, shade in fills if row < 28 and column < 28}
        assert len(shades) == 784
        assert all(shade == round(255 - 255 * pixels[place]) for place, shade in shades.items())
        # One pixel painted here: its shade and what follows from it.
        go(driver, "A1")
        keys(driver, "1", Keys.ENTER)
        first = "return document.querySelector(\".cell[data-row='0'][data-column='0']\").style.backgroundColor"
        wait_for(lambda: driver.execute_script(first) == "rgb(0, 0, 0)", "the pixel is black")
        assert "41 cells" in text(driver, "count")
        folder = pictures()
        if folder is not None:
            keys(driver, Keys.CONTROL + "z")
            go(driver, "AD2")
            time.sleep(1.3)
            screenshot(driver, folder / "view-digits.png", whole=False)
        driver.get("about:blank")
