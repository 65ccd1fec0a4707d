"""`python -m benchmarks.files`: whole jobs on files, ours beside the peers in the same run.

open         1,000,000 cells, 500,000 of them formulas, opened and recalculated: ours against python-calamine (reading the values) plus
             formualizer (loading and evaluating), the two libraries one would join for the same
memory       the peak while that file is opened, beyond what the imports take, against the size of the sheet's XML
recalculate  a file of 100,000 formulas computed and written, end to end in a process each: ours, formualizer's recalculate_file,
             LibreOffice headless converting it

Each figure is the median of the rounds. `--json` writes them for compare.py.
"""

from __future__ import annotations

import argparse
import json
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
_OURS = "import sys, sheetengine; found = sheetengine.recalculate_file(sys.argv[1], sys.argv[2]); assert found.ok"
_THEIRS = "import sys, formualizer; formualizer.recalculate_file(sys.argv[1], sys.argv[2])"


def in_process(code: str, *arguments: object) -> str:
    done = subprocess.run([sys.executable, "-c", code, *map(str, arguments)], capture_output=True, text=True, check=True)
    return done.stdout


def by_libreoffice(source: Path, folder: Path) -> None:
    office = shutil.which("soffice")
    assert office is not None
    home = f"-env:UserInstallation=file://{folder}/profile"
    out = folder / "office"
    subprocess.run([office, home, "--headless", "--convert-to", "xlsx", "--outdir", str(out), str(source)], capture_output=True, check=True)


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


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.files", description="Whole jobs on files, ours beside the peers.")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--rows", type=int, default=100_000, help="rows of the large file, ten cells each (default 100,000)")
    parser.add_argument("--json", type=Path)
    parser.add_argument("--no-office", action="store_true", help="leave LibreOffice out")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        big, small, out = folder / "big.xlsx", folder / "small.xlsx", folder / "out.xlsx"
        model(big, options.rows)
        without_values(small, options.rows // 5)
        ours, peers, mine, theirs, office = [], [], [], [], []
        for _ in range(options.rounds):
            ours.append(timed(lambda: open_ours(big)))
            peers.append(timed(lambda: open_peers(big)))
            mine.append(timed(lambda: in_process(_OURS, small, out)))
            check_values(out, options.rows // 5)
            theirs.append(timed(lambda: in_process(_THEIRS, small, folder / "theirs.xlsx")))
            if not options.no_office and shutil.which("soffice") and not office:
                by_libreoffice(small, folder)  # its profile is made once
                office.append(timed(lambda: by_libreoffice(small, folder)))
        peak = int(in_process(_MEMORY, big))
        with zipfile.ZipFile(big) as archive:
            size = max(entry.file_size for entry in archive.infolist())
    figures = {
        "open": {"ours": statistics.median(ours), "calamine + formualizer": statistics.median(peers)},
        "memory": {"peak": peak, "sheet XML": size},
        "recalculate": {"ours": statistics.median(mine), "formualizer": statistics.median(theirs)},
    }
    if office:
        figures["recalculate"]["LibreOffice"] = statistics.median(office)
    print(f"{10 * options.rows:,} cells, {5 * options.rows:,} formulas opened and recalculated: {figures['open']['ours']:.2f} s;", end=" ")
    print(f"calamine + formualizer {figures['open']['calamine + formualizer']:.2f} s")
    print(f"peak memory {peak / 1e6:.0f} MB, {peak / size:.2f} times the sheet's XML of {size / 1e6:.0f} MB")
    print(f"a file of {options.rows:,} formulas recalculated, process and all: {figures['recalculate']['ours']:.2f} s;", end=" ")
    print(f"formualizer {figures['recalculate']['formualizer']:.2f} s" + (f"; LibreOffice {office[0]:.2f} s" if office else ""))
    if options.json is not None:
        options.json.write_text(json.dumps(figures, indent=2))
    return 0


if __name__ == "__main__":
    sys.exit(main())
