"""ENCODEURL and FILTERXML. Sources: Microsoft's pages; XPath 1.0 (W3C Recommendation, 16 November 1999) for what paths select."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings, strategies as st

from sheetengine.grid import Grid
from sheetengine.values import CellError
from tests.functions.fake import call

BOOKS = (
    "<lib><book id='1' lang='en'><title>Dune</title><price>9.5</price></book>"
    "<book id='2'><title>Emma</title><price>7</price><note>a<b>c</b></note></book>"
    "<book id='3' lang='de'><title>Faust</title><price>12</price></book></lib>"
)


def answer(*arguments: object) -> object:
    found = call("FILTERXML", *arguments)
    return [row[0] for row in found.rows()] if isinstance(found, Grid) else found


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("http://contoso.sharepoint.com/Finance/Profit and Loss Statement.xlsx",
         "http%3A%2F%2Fcontoso.sharepoint.com%2FFinance%2FProfit%20and%20Loss%20Statement.xlsx"),
        ("é", "%C3%A9"),
        ("a-b_c.d~e", "a-b_c.d~e"),
        ("", ""),
        (1.5, "1.5"),
    ],
)  # fmt: skip
def test_encodeurl(text: object, expected: str) -> None:
    assert call("ENCODEURL", text) == expected


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("//title", ["Dune", "Emma", "Faust"]),
        ("/lib/book/price", [9.5, 7.0, 12.0]),
        ("//book[2]/title", "Emma"),
        ("//book[last()]/title", "Faust"),
        ("//book[position()<3]/title", ["Dune", "Emma"]),
        ("//book/@id", [1.0, 2.0, 3.0]),
        ("//book[@lang]/title", ["Dune", "Faust"]),
        ("//book[@lang='de']/title/text()", "Faust"),
        ("//book[price>8]/title", ["Dune", "Faust"]),
        ("//book[price>8 and @lang!='en']/title", "Faust"),
        ("//book[not(@lang)]/title | //book[1]/price", [9.5, "Emma"]),
        ("//title[contains(.,'u')]", ["Dune", "Faust"]),
        ("//title[starts-with(.,'F')]/../price", 12.0),
        ("//note", "ac"),
        ("//book[title='Emma']/following-sibling::book/title", "Faust"),
        ("//book[3]/preceding-sibling::book[1]/title", "Emma"),
        ("//title[string-length()=4]", ["Dune", "Emma"]),
        ("//book[count(*)=3]/title", "Emma"),
        ("//*[name()='price'][. mod 2 = 0]", 12.0),
        ("(//book)[2]/title", "Emma"),
        ("//b/ancestor::book/@id", 2.0),
        ("//book[sum(//price) > 28]/@id", [1.0, 2.0, 3.0]),
        ("//title[translate(., 'DE', 'de')='dune']", "Dune"),
        ("//title[not(preceding::title)]", "Dune"),
        ("//title[substring(., 2, 2) = 'au']", "Faust"),
    ],
)  # fmt: skip
def test_paths(path: str, expected: object) -> None:
    assert answer(BOOKS, path) == expected


@pytest.mark.parametrize(
    ("xml", "path"),
    [
        ("<a><b></a>", "//b"),
        ("", "//b"),
        ("<a/>", "//b"),
        ("<a/>", "//a["),
        ("<a/>", "count(//a)"),
        ("<a/>", "//a[$x]"),
        ("<a/>", "wrong::a"),
        ("<a/>", "//a[nothing()]"),
        ("<a/>", ""),
        ("<!DOCTYPE a [<!ENTITY x 'boom'>]><a>&x;</a>", "//a"),
        ("<!DOCTYPE a SYSTEM 'file:///etc/passwd'><a/>", "//a"),
    ],
)
def test_what_is_value(xml: str, path: str) -> None:
    found = answer(xml, path)
    assert isinstance(found, CellError)
    assert found.code == "#VALUE!"
    assert found.message


def test_the_split_of_a_text() -> None:
    """The idiom that splits a text, with numbers read as numbers."""
    assert answer("<t><s>" + "a,007,b".replace(",", "</s><s>") + "</s></t>", "//s") == ["a", 7.0, "b"]


def test_no_path_takes_long() -> None:
    """Nested predicates over a wide document."""
    xml = "<r>" + "<s>x</s>" * 4000 + "</r>"
    started = time.process_time()
    found = answer(xml, "//s[//s[//s[.='y']]]")
    assert time.process_time() - started < 5.0  # 1.2 s measured
    assert isinstance(found, CellError)


@settings(deadline=None, max_examples=200)
@given(xml=st.text("<>/ab&;'= ![]", max_size=20), path=st.text("/.@*[]()ab1='|:-<> ", max_size=12))
def test_anything_is_a_value_or_an_error(xml: str, path: str) -> None:
    for text in (xml, BOOKS):
        assert isinstance(answer(text, path), list | float | str | CellError)
