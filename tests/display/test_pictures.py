"""Ranges, sheets and traces as notebooks show them; graphs of dependencies as boxes."""

from __future__ import annotations

import re
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest

import sheetengine
from sheetengine import digits_data
from sheetengine.display.boxes import GAP_DOWN, WIDTH, Box, Graph, place
from sheetengine.display.grids import readable_on
from sheetengine.display.svg import SvgPicture, graph_svg
from sheetengine.io.colour_scales import read_shadings
from sheetengine.workbook.dependency_map import dependency_map

SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(scope="module")
def digits() -> sheetengine.Workbook:
    return sheetengine.open(digits_data.workbook_bytes())


def long_book(rows: int = 100_000) -> sheetengine.Workbook:
    book = sheetengine.Workbook()
    sheet = book["Sheet1"]
    sheet[f"A1:A{rows}"] = np.arange(float(rows)).reshape(-1, 1)
    sheet[f"B1:B{rows}"] = "=A1*$F$1"
    sheet["C1"] = "=B1"
    sheet[f"C2:C{rows}"] = "=C1+B2"
    sheet["E1"], sheet["F1"] = f"=SUM(C1:C{rows})", 3
    return book


def rows_of(html: str) -> list[list[str]]:
    """The cells of a table, by rows."""
    return [
        re.findall(r"<td[^>]*>(.*?)</td>", line)
        for line in re.findall(r"<tr>(.*?)</tr>", html.partition("<tbody>")[2].partition("</tbody>")[0])
    ]


# -- grids ---------------------------------------------------------------------------------------------------------------


def test_a_range_shows_texts_kinds_and_formulas() -> None:
    sheet = sheetengine.Workbook()["Sheet1"]
    sheet["A1:C1"] = ['<b>&"x"', 0.25, True]
    sheet["B1"].number_format = "0%"
    sheet["A2"], sheet["B2"] = '=IF(B1<1,"a<b","")', "=1/0"
    html = sheet["A1:C2"]._repr_html_()
    assert rows_of(html) == [["&lt;b&gt;&amp;&quot;x&quot;", "25%", "TRUE"], ["a&lt;b", "#DIV/0!", ""]]
    assert 'title="=IF(B1&lt;1,&quot;a&lt;b&quot;,&quot;&quot;)"' in html
    assert '<td class="e" title="=1/0">' in html and '<td class="n">25%' in html
    assert "<script" not in html and "<b>" not in html.replace("<tbody>", "")


def test_huge_ranges_are_bounded_and_say_so() -> None:
    sheet = long_book()["Sheet1"]
    for shown in (sheet, sheet["A:F"], sheet["A1:XFD1048576"]):
        html = shown._repr_html_()
        assert len(html) < 60_000
        assert len(rows_of(html)) == 60
        assert "99,940 more rows" in html
    assert "more" not in sheet["A1:F20"]._repr_html_()
    assert rows_of(sheetengine.Workbook()["Sheet1"]._repr_html_()) == [[""]]
    assert len(rows_of(sheet["H200000:H200100"]._repr_html_())) == 1


def test_a_sheet_gives_a_picture_with_the_digit_shaded(digits: sheetengine.Workbook, tmp_path: Path) -> None:
    picture = digits["Number"].show()
    assert isinstance(picture, SvgPicture) and picture._repr_svg_() == picture.svg
    picture.save(tmp_path / "number.svg")
    tree = ElementTree.parse(tmp_path / "number.svg").getroot()
    fills = [rect.get("fill") for rect in tree.iter(f"{SVG}rect") if (rect.get("fill") or "").startswith("rgb(")]
    pixels = digits["Number"]["A1:AB28"].values
    expected = {f"rgb({shade},{shade},{shade})" for shade in np.round(255 - 255 * pixels).astype(int).ravel().tolist()}
    assert expected <= set(fills)
    assert fills.count("rgb(255,255,255)") >= int((pixels == 0).sum())
    assert digits["Number"]["AD2"].text in picture.svg
    assert "http://" not in picture.svg.replace("http://www.w3.org/2000/svg", "")


def test_shadings_are_read_as_the_file_says_them() -> None:
    xml = (
        b'<worksheet><sheetData/><conditionalFormatting sqref="A1:B2 D4"><cfRule type="colorScale" priority="1"><colorScale>'
        b'<cfvo type="min"/><cfvo type="num" val="0"/><cfvo type="max"/><color rgb="FF5B8DB8"/><color rgb="FFFFFFFF"/><color rgb="FFD1495B"/>'
        b"</colorScale></cfRule></conditionalFormatting>"
        b'<conditionalFormatting sqref="C1:C9"><cfRule type="dataBar" priority="2"><dataBar><cfvo type="num" val="0"/>'
        b'<cfvo type="num" val="4"/><color rgb="FF7FB685"/></dataBar></cfRule></conditionalFormatting>'
        b'<conditionalFormatting sqref="E1"><cfRule type="colorScale" priority="3"><colorScale><cfvo type="percentile" val="10"/>'
        b'<cfvo type="max"/><color rgb="FFFFFFFF"/><color rgb="FF000000"/></colorScale></cfRule></conditionalFormatting>'
        b'<conditionalFormatting sqref="nowhere"><cfRule type="colorScale"><colorScale><cfvo type="min"/><cfvo type="max"/>'
        b'<color rgb="FFFFFFFF"/><color rgb="FF000000"/></colorScale></cfRule></conditionalFormatting></worksheet>'
    )
    scale, bar = read_shadings(xml)
    assert [str(area) for area in scale.areas] == ["A1:B2", "D4"] and scale.stops == (None, 0.0, None)
    assert scale.colour(-2.0, -2.0, 4.0) == (0x5B, 0x8D, 0xB8)
    assert scale.colour(0.0, -2.0, 4.0) == (255, 255, 255)
    assert scale.colour(9.0, -2.0, 4.0) == (0xD1, 0x49, 0x5B)
    assert scale.colour(-1.0, -2.0, 4.0) == (173, 198, 220)
    assert bar.bar and bar.share(1.0, 0, 0) == 0.25 and bar.share(9.0, 0, 0) == 1.0 and bar.share(-1.0, 0, 0) == 0.0


def test_text_on_a_fill_is_readable() -> None:
    assert readable_on((255, 255, 255)) == "#16191d" and readable_on((0, 0, 0)) == "#f5f4f0"


# -- graphs --------------------------------------------------------------------------------------------------------------


def test_a_hundred_thousand_cells_are_a_handful_of_boxes() -> None:
    sheet = long_book()["Sheet1"]
    graph = dependency_map(sheet["E1"])
    titles = {box.title: box for box in graph.boxes}
    assert set(titles) == {"Sheet1!E1", "Sheet1!C1", "Sheet1!C2:C100000", "Sheet1!B1:B100000", "Sheet1!A1:A100000", "Sheet1!F1"}
    assert titles["Sheet1!E1"].kind == "asked" and titles["Sheet1!A1:A100000"].kind == "input"
    assert titles["Sheet1!C2:C100000"].loop and not titles["Sheet1!B1:B100000"].loop
    assert titles["Sheet1!B1:B100000"].lines == ("=A1*$F$1", "100,000 cells")
    assert titles["Sheet1!F1"].lines == ("3",)
    key = {box.key: box.title for box in graph.boxes}
    assert {(key[one], key[two]) for one, two in graph.edges} == {
        ("Sheet1!A1:A100000", "Sheet1!B1:B100000"),
        ("Sheet1!F1", "Sheet1!B1:B100000"),
        ("Sheet1!B1:B100000", "Sheet1!C1"),
        ("Sheet1!B1:B100000", "Sheet1!C2:C100000"),
        ("Sheet1!C1", "Sheet1!C2:C100000"),
        ("Sheet1!C1", "Sheet1!E1"),
        ("Sheet1!C2:C100000", "Sheet1!E1"),
    }
    column = {box.key: box.column for box in graph.boxes}
    assert all(column[one] < column[two] for one, two in graph.edges)
    back = dependency_map(sheet["F1"], "dependents")
    assert {box.title for box in back.boxes} == set(titles) - {"Sheet1!A1:A100000"}


def test_many_weights_of_one_layer_are_one_box(digits: sheetengine.Workbook) -> None:
    graph = dependency_map(digits["Draw"]["AF2"])
    assert len(graph.boxes) == 6
    assert sum("23,550 cells in 31 ranges" in box.lines for box in graph.boxes) == 1


def test_more_boxes_than_asked_for_are_counted() -> None:
    sheet = sheetengine.Workbook()["Sheet1"]
    for row in range(1, 31):
        sheet[f"A{row}"] = 1 if row == 1 else f"=A{row - 1}*{row}+{'+'.join('1' * row)}"
    graph = dependency_map(sheet["A30"], most=10)
    assert len(graph.boxes) == 10 and graph.more == "1 more are left out"


def test_a_circle_is_drawn_and_ends() -> None:
    book = sheetengine.Workbook()
    sheet = book["Sheet1"]
    sheet["A1"], sheet["A2"], sheet["A3"] = "=A3+1", "=A1*2", "=A2-B1"
    with pytest.warns(sheetengine.CircularReferenceWarning):
        graph = dependency_map(sheet["A3"])
    assert {box.title for box in graph.boxes} == {"Sheet1!A1", "Sheet1!A2", "Sheet1!A3"}
    ElementTree.fromstring(graph_svg(graph, "circle"))


def test_a_place_that_reads_nothing_is_one_box() -> None:
    sheet = sheetengine.Workbook()["Sheet1"]
    (box,) = dependency_map(sheet["B7"]).boxes
    assert box.title == "Sheet1!B7" and box.kind == "asked"


def test_boxes_never_overlap_and_texts_stay_within() -> None:
    boxes = tuple(Box(f"k{number}", f"Sheet1!A{number}", ("=" + "A" * 100,) * (number % 3), column=number % 4) for number in range(23))
    edges = tuple((f"k{one}", f"k{two}") for one in range(23) for two in range(23) if one % 4 < two % 4 and (one + two) % 3 == 0)
    placed, width, height = place(Graph(boxes, edges))
    for one in placed:
        assert one.x >= 0 and one.x + WIDTH <= width and one.y >= 0 and one.y + one.box.height <= height
        for two in placed:
            if one is not two and one.x == two.x:
                assert one.y + one.box.height + GAP_DOWN <= two.y or two.y + two.box.height + GAP_DOWN <= one.y
    tree = ElementTree.fromstring(graph_svg(Graph(boxes, edges), "<many & more>"))
    assert tree.find(f"{SVG}title").text == "<many & more>"  # type: ignore[union-attr]  # it is there
    assert all(len(text.text or "") <= 33 for text in tree.iter(f"{SVG}text"))


# -- traces --------------------------------------------------------------------------------------------------------------


def test_a_trace_shows_its_blocks(digits: sheetengine.Workbook) -> None:
    with digits.trace() as trace:
        digits["Draw"]["N14"] = 0.5
    html = trace._repr_html_()
    assert html.startswith("<p>41 cells recomputed, ")
    svg = ElementTree.fromstring(html[html.index("<svg") :])
    titles = [text.text for text in svg.iter(f"{SVG}text") if text.get("font-weight") == "600"]
    assert titles == ["Draw!N14", "Draw!AD2:AD31", "Draw!AE2:AE11", "Draw!AF2"]
    assert len([path for path in svg.iter(f"{SVG}path") if path.get("class") == "edge"]) == 3
    with digits.trace() as nothing:
        pass
    assert nothing._repr_html_().startswith("<p>0 cells recomputed")


def test_a_trace_of_many_cells_is_bounded() -> None:
    book = long_book(50_000)
    with book.trace() as trace:
        book["Sheet1"]["F1"] = 4
    html = trace._repr_html_()
    assert len(html) < 10_000 and "100,001 cells recomputed" in html and "50,000 cells" in html
