"""`python -m benchmarks.files`: whole jobs on files, ours beside the peers in the same run.

open         1,000,000 cells, 500,000 of them formulas, opened and recalculated: ours against python-calamine (reading the values) plus
             formualizer (loading and evaluating), the two libraries one would join for the same
memory       the peak while that file is opened, beyond what the imports take, against the size of the sheet's XML
recalculate  a file of 100,000 formulas that nobody has computed, computed and written, end to end in a process each: the command
             `sheetengine recalc`, formualizer's recalculate_file, LibreOffice headless converting it, once with a profile that is there
             and once with a new one, as a pipeline in a container starts it
heavy        the same for a file whose 100,000 formulas are SUMIFS, COUNTIFS, VLOOKUP, INDEX with MATCH, and texts

Packages run from their bytecode, as they do where they are installed. Each figure is the median of the rounds. `--json` writes them
for compare.py.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

import numpy as np

import sheetengine


def model(path: Path, rows: int) -> None:
    """Five columns of numbers and five of formulas: arithmetic, a condition, rounding, a sum."""
    wb = sheetengine.Workbook(sheet="Data")
    ws = wb["Data"]
    ws[f"A1:E{rows}"] = np.round(np.random.default_rng(1).random((rows, 5)) * 1000, 4)
    for column, formula in zip("FGHIJ", ("=A1*2+B1", "=F1+C1", "=IF(G1>500,D1,E1)", "=ROUND(H1*1.19,2)", "=SUM(A1:E1)"), strict=True):
        ws[f"{column}1:{column}{rows}"] = formula
    wb.save(path)


def without_values(path: Path, rows: int) -> None:
    """The same as openpyxl writes it: formulas that nobody has computed yet."""
    import openpyxl

    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("Data")
    numbers = np.round(np.random.default_rng(1).random((rows, 5)) * 1000, 4).tolist()
    for row, values in enumerate(numbers, start=1):
        sheet.append(
            [
                *values,
                f"=A{row}*2+B{row}",
                f"=F{row}+C{row}",
                f"=IF(G{row}>500,D{row},E{row})",
                f"=ROUND(H{row}*1.19,2)",
                f"=SUM(A{row}:E{row})",
            ]
        )
    book.save(path)


def heavy(path: Path, rows: int) -> None:
    """Orders with what a report asks of each: sums and counts by customer, a price looked up twice, a text."""
    import openpyxl

    book = openpyxl.Workbook(write_only=True)
    prices, sheet = book.create_sheet("Prices"), book.create_sheet("Orders")
    items = max(rows // 10, 1)
    for item in range(items):
        prices.append([f"item {item * 7919 % items:05d}", round(1 + item * 0.37, 2)])
    for row in range(1, rows + 1):
        sheet.append(
            [
                f"item {row * 31 % items:05d}",
                f"customer {row % 211}",
                row * 17 % 97 + 1,
                f"=SUMIFS(C$1:C${rows},B$1:B${rows},B{row})",
                f'=COUNTIFS(B$1:B${rows},B{row},C$1:C${rows},">"&C{row})',
                f"=C{row}*VLOOKUP(A{row},Prices!A$1:B${items},2,FALSE)",
                f"=INDEX(Prices!B$1:B${items},MATCH(A{row},Prices!A$1:A${items},0))",
                f'=UPPER(LEFT(A{row},4))&"-"&TEXT(F{row},"0.00")',
            ]
        )
    book.save(path)


def timed(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def open_ours(path: Path) -> None:
    wb = sheetengine.open(path, recalculate=True)
    wb.recalculate()


def open_peers(path: Path) -> None:
    import formualizer
    import python_calamine

    python_calamine.CalamineWorkbook.from_path(str(path)).get_sheet_by_name("Data").to_python()
    formualizer.load_workbook(str(path)).evaluate_all()


_MEMORY = """
import sys
import sheetengine
from sheetengine.functions import library
import sheetengine.io.xlsx_read, sheetengine.workbook.loading

def peak():
    # The peak of this process alone: what getrusage says begins with the parent's.
    return next(int(line.split()[1]) for line in open("/proc/self/status") if line.startswith("VmHWM")) * 1024

wb = sheetengine.Workbook()
wb["Sheet1"]["A1:A3"] = "=ROUND(SUM(B1:B9)*1.5,2)"
wb.recalculate()
library.catalogue()
before = peak()
wb = sheetengine.open(sys.argv[1], recalculate=True)
wb.recalculate()
print(peak() - before)
"""
_THEIRS = "import sys, formualizer; formualizer.recalculate_file(sys.argv[1], sys.argv[2])"


class Processes:
    """Runs each job in a process of its own; its folder holds what they leave."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
        self.environment["PYTHONPYCACHEPREFIX"] = str(folder / "bytecode")
        self.office = shutil.which("soffice")
        self.profiles = 0

    def python(self, *arguments: object) -> str:
        command = [sys.executable, *map(str, arguments)]
        return subprocess.run(command, capture_output=True, text=True, check=True, env=self.environment).stdout

    def ours(self, source: Path, target: Path) -> None:
        self.python("-m", "sheetengine", "recalc", source, "-o", target)

    def theirs(self, source: Path, target: Path) -> None:
        self.python("-c", _THEIRS, source, target)

    def libreoffice(self, source: Path, *, fresh: bool) -> Path:
        assert self.office is not None
        self.profiles += fresh
        home = f"-env:UserInstallation=file://{self.folder}/profile{self.profiles if fresh else ''}"
        out = self.folder / "office"
        command = [self.office, home, "--headless", "--convert-to", "xlsx", "--outdir", str(out), str(source)]
        subprocess.run(command, capture_output=True, check=True)
        return out / source.name

    def race(self, source: Path, rounds: int, *, office: bool) -> dict[str, float]:
        """The medians for one file, after a first run of each that is not counted: it makes bytecode and the office's profile."""
        target = self.folder / "out.xlsx"
        jobs: dict[str, Callable[[], object]] = {
            "ours": lambda: self.ours(source, target),
            "formualizer": lambda: self.theirs(source, self.folder / "theirs.xlsx"),
        }
        if office:
            jobs["LibreOffice"] = lambda: self.libreoffice(source, fresh=False)
            jobs["LibreOffice, new profile"] = lambda: self.libreoffice(source, fresh=True)
        seconds: dict[str, list[float]] = {name: [] for name in jobs}
        for number in range(rounds + 1):
            for name, job in jobs.items():
                took = timed(job)
                if number:
                    seconds[name].append(took)
        return {name: statistics.median(times) for name, times in seconds.items()}


def same_values(one: Path, other: Path) -> None:
    """Two files hold the same values, numbers to 12 digits."""
    import python_calamine

    first, second = (python_calamine.CalamineWorkbook.from_path(str(path)) for path in (one, other))
    for name in first.sheet_names:
        for mine, theirs in zip(first.get_sheet_by_name(name).to_python(), second.get_sheet_by_name(name).to_python(), strict=True):
            for a, b in zip(mine, theirs, strict=True):
                assert a == b or (isinstance(a, float) and isinstance(b, float) and abs(a - b) <= 1e-12 * abs(b)), (name, a, b)


def check_values(path: Path, rows: int) -> None:
    """The file holds what numpy says."""
    import python_calamine

    values = np.array(python_calamine.CalamineWorkbook.from_path(str(path)).get_sheet_by_name("Data").to_python(), float)
    a, b, c, d, e = values[:, :5].T
    f = a * 2 + b
    g = f + c
    h = np.where(g > 500, d, e)
    assert len(values) == rows
    for wanted, found in zip((f, g, h, a + b + c + d + e), (values[:, 5], values[:, 6], values[:, 7], values[:, 9]), strict=True):
        assert np.allclose(wanted, found, rtol=1e-12, atol=0)
    assert np.abs(values[:, 8] - h * 1.19).max() <= 0.005 + 1e-9


def _listed(figures: dict[str, float]) -> str:
    return "; ".join(f"{name} {seconds:.2f} s" for name, seconds in figures.items())


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.files", description="Whole jobs on files, ours beside the peers.")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--rows", type=int, default=100_000, help="rows of the large file, ten cells each (default 100,000)")
    parser.add_argument("--json", type=Path)
    parser.add_argument("--no-office", action="store_true", help="leave LibreOffice out")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        big, small, report = folder / "big.xlsx", folder / "small.xlsx", folder / "report.xlsx"
        model(big, options.rows)
        without_values(small, options.rows // 5)
        heavy(report, options.rows // 5)
        run = Processes(folder)
        with_office = not options.no_office and run.office is not None
        figures: dict[str, dict[str, float]] = {"open": {}}
        ours, peers = [], []
        for _ in range(options.rounds):
            ours.append(timed(lambda: open_ours(big)))
            peers.append(timed(lambda: open_peers(big)))
        figures["open"] = {"ours": statistics.median(ours), "calamine + formualizer": statistics.median(peers)}
        with zipfile.ZipFile(big) as archive:
            size = max(entry.file_size for entry in archive.infolist())
        figures["memory"] = {"peak": int(run.python("-c", _MEMORY, big)), "sheet XML": size}
        figures["recalculate"] = run.race(small, options.rounds, office=with_office)
        check_values(folder / "out.xlsx", options.rows // 5)
        figures["heavy"] = run.race(report, options.rounds, office=with_office)
        if with_office:
            same_values(folder / "out.xlsx", folder / "office" / report.name)
    print(f"{10 * options.rows:,} cells, {5 * options.rows:,} formulas opened and recalculated: {_listed(figures['open'])}")
    peak = figures["memory"]["peak"]
    print(f"peak memory {peak / 1e6:.0f} MB, {peak / size:.2f} times the sheet's XML of {size / 1e6:.0f} MB")
    print(f"a file of {options.rows:,} formulas recalculated, process and all: {_listed(figures['recalculate'])}")
    print(f"one of {options.rows:,} conditional sums, lookups and texts: {_listed(figures['heavy'])}")
    if options.json is not None:
        options.json.write_text(json.dumps(figures, indent=2))
    return 0


if __name__ == "__main__":
    sys.exit(main())
