"""A workbook to look at: a loan with its schedule, and sales by month; names, formats, dates, an error, two sheets."""

from __future__ import annotations

from pathlib import Path

import xlsxwriter

import sheetengine


def write_example(path: Path) -> Path:
    """Writes the file, values computed by the engine."""
    with xlsxwriter.Workbook(path) as file:
        money, percent, date = (file.add_format({"num_format": pattern}) for pattern in ("#,##0.00", "0.00%", "d mmm yyyy"))
        head = file.add_format({"bold": True})
        loan = file.add_worksheet("Loan")
        loan.freeze_panes(7, 1)
        for row, (label, value, style) in enumerate(
            [("Amount", 250_000, money), ("Rate", 0.0425, percent), ("Years", 20, None), ("First payment", 45_323, date)]
        ):
            loan.write(row, 0, label, head)
            loan.write(row, 1, value, style)
        loan.write(4, 0, "Payment", head)
        loan.write_formula(4, 1, "=-PMT(Rate/12,Years*12,Amount)", money)
        for column, label in enumerate(["Month", "Due", "Payment", "Interest", "Principal", "Balance"]):
            loan.write(6, column, label, head)
        for month in range(240):
            row = 7 + month
            before = "Amount" if month == 0 else f"F{row}"
            loan.write(row, 0, month + 1)
            loan.write_formula(row, 1, f"=EDATE(First,A{row + 1}-1)", date)
            loan.write_formula(row, 2, "=Payment", money)
            loan.write_formula(row, 3, f"={before}*Rate/12", money)
            loan.write_formula(row, 4, f"=C{row + 1}-D{row + 1}", money)
            loan.write_formula(row, 5, f"={before}-E{row + 1}", money)
        loan.merge_range(0, 3, 2, 5, "A loan, month by month")
        loan.conditional_format(7, 5, 246, 5, {"type": "data_bar", "bar_color": "#7FB1C8"})
        loan.set_column(0, 0, 15)
        loan.set_column(1, 5, 13)
        for name, place in (("Amount", "$B$1"), ("Rate", "$B$2"), ("Years", "$B$3"), ("First", "$B$4"), ("Payment", "$B$5")):
            file.define_name(name, f"=Loan!{place}")
        totals = file.add_worksheet("Totals")
        for row, (label, formula) in enumerate(
            [
                ("Paid", "=SUM(Loan!C8:C247)"),
                ("Interest", "=SUM(Loan!D8:D247)"),
                ("Share of interest", "=B2/B1"),
                ("Months until half is paid", "=MATCH(Amount/2,Loan!F8:F247,-1)+1"),
                ("Nothing", "=1/0"),
            ]
        ):
            totals.write(row, 0, label, head)
            totals.write_formula(row, 1, formula, percent if row == 2 else money if row < 2 else None)
        totals.set_column(0, 0, 26)
        totals.set_column(1, 1, 14)
    book = sheetengine.open(path, recalculate=True)
    book.save(path)
    return path
