"""`python -m benchmarks`: the nine workbooks, ours beside the peers; a table on the screen, and JSON where asked.

python -m benchmarks                              all nine, five rounds, files as Excel writes them
python -m benchmarks arith text --rounds 9        some of them
python -m benchmarks --dialect openpyxl --json out.json
python -m benchmarks --large                      sizes past the peers', ours alone
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from benchmarks import large, measure, report, scenarios
from benchmarks.dialects import DIALECTS, path_of
from benchmarks.engines import engines


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("workbooks", nargs="*", help=f"some of: {', '.join(scenarios.ALL)}")
    parser.add_argument("--rounds", type=int, default=5, help="how often each engine opens each file, in turn (default 5)")
    parser.add_argument("--dialect", choices=sorted(DIALECTS), default="excel", help="who writes the files (default excel)")
    parser.add_argument("--json", type=Path, help="where to write the figures for compare.py")
    parser.add_argument("--no-memory", action="store_true", help="leave out peak memory, which takes a process for each engine and file")
    parser.add_argument("--alone", action="store_true", help="ours without the peers")
    parser.add_argument("--large", action="store_true", help="a million rows, scattered edits, unrelated formulas: ours alone")
    options = parser.parse_args()
    unknown = [name for name in options.workbooks if name not in scenarios.ALL]
    if unknown:
        parser.error(f"there is no workbook {', '.join(unknown)}; there are {', '.join(scenarios.ALL)}")
    if options.large:
        print(large.run())
        return 0
    present = engines()[:1] if options.alone else engines()
    versions = {engine.name: engine.version() for engine in present}
    results = []
    for name in options.workbooks or scenarios.ALL:
        scenario = scenarios.ALL[name]()
        path = path_of(name, options.dialect, scenario.book)
        print(f"{name}: {scenario.what}", file=sys.stderr, flush=True)
        found = measure.run(scenario, path, present, options.rounds)
        if not options.no_memory:
            for engine in present:
                found[engine.name].memory = measure.peak_memory(engine.name, path)
        results.append((scenario, found))
    print(report.table(results, versions, options.rounds, options.dialect))
    if options.json:
        options.json.write_text(json.dumps(report.as_json(results, versions, options.rounds, options.dialect), indent=1) + "\n")
    return 1 if any(found["sheetengine"].wrong for _, found in results) else 0


if __name__ == "__main__":
    sys.exit(main())
