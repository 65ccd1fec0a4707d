"""Workbooks that the tests of commands open."""

from __future__ import annotations

from pathlib import Path

import xlsxwriter


def loan(path: Path) -> Path:
    """Two sheets, names, a date, an error, a filled column."""
    with xlsxwriter.Workbook(path) as file:
        page = file.add_worksheet("Loan")
        file.add_worksheet("It's notes").write("A1", "hello")
        rate, date = file.add_format({"num_format": "0.00%"}), file.add_format({"num_format": "yyyy-mm-dd"})
        for row, (label, value, style) in enumerate(
            [("rate", 0.05, rate), ("years", 10, None), ("amount", 100000, None), ("start", 45292, date)]
        ):
            page.write(row, 0, label)
            page.write(row, 1, value, style)
        page.write_formula("B5", "=PMT(B1,B2,B3)", None, 0)
        page.write_formula("B6", "=B5*B2", None, 0)
        page.write_formula("B7", "=1/0", None, "#DIV/0!")
        for row in range(10):
            page.write(row, 3, row + 1)
            page.write_formula(row, 4, f"=D{row + 1}*$B$1", None, (row + 1) * 0.05)
        page.write_formula("E11", "=SUM(E1:E10)", None, 2.75)
        file.define_name("Payment", "=Loan!$B$5")
        file.define_name("Rate", "=Loan!$B$1")
        file.define_name("Share", "=Loan!$B$1/2")
    return path


def circle(path: Path) -> Path:
    """A1 and B1 read each other."""
    with xlsxwriter.Workbook(path) as file:
        page = file.add_worksheet("Sheet1")
        page.write_formula("A1", "=B1+1", None, "")
        page.write_formula("B1", "=A1+1", None, "")
        page.write_formula("C1", "=1+1", None, 2)
    return path
