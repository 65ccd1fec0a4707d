"""Structured references in the forms that writers of files have for them."""

from __future__ import annotations

import pytest

from sheetengine.syntax.shape import lift

FORMS = [
    ("T[Net]", (), "Net", None, False),
    ("T[]", (), None, None, False),
    ("T[@Net]", (), "Net", None, True),
    ("[@[a b]]", (), "a b", None, True),
    ("T[[#This Row],[Net]]", ("#This Row",), "Net", None, False),
    ("[[#This Row],Net]", ("#This Row",), "Net", None, False),  # XlsxWriter
    ("T[[#This Row],a b]", ("#This Row",), "a b", None, False),
    ("T[ [#All] , [Net] ]", ("#All",), "Net", None, False),
    ("T[[#Headers],[#Data],[a]:[c]]", ("#Headers", "#Data"), "a", "c", False),
    ("T[[a]:[c]]", (), "a", "c", False),
    ("T['#x]", (), "#x", None, False),
    ("T[[a'[b]]", (), "a[b", None, False),
    ("T[#Totals]", ("#Totals",), None, None, False),
]


@pytest.mark.parametrize(("text", "items", "first", "last", "this_row"), FORMS, ids=[form[0] for form in FORMS])
def test_what_a_structured_reference_names(text, items, first, last, this_row):
    (operand,) = lift("=" + text)[1]
    assert (operand.items, operand.first_column, operand.last_column, operand.this_row) == (items, first, last, this_row)
