"""Two runs side by side: `python -m benchmarks.compare before.json after.json`.

In: two files that `python -m benchmarks --json` wrote. Out: for each workbook our load, edit and memory before and after, and the
ratio; the peers' drift between the runs, which says how far the machine itself changed.
"""

from __future__ import annotations

import json
import statistics
import sys
from pathlib import Path
from typing import Any

from benchmarks.report import seconds

_OURS = "sheetengine"


def compare(before: dict[str, Any], after: dict[str, Any]) -> str:
    """The comparison as text."""
    lines = [f"{'workbook':10} {'load':>22} {'':>6} {'edit':>22} {'':>6} {'MB':>14}"]
    shared = [name for name in before["workbooks"] if name in after["workbooks"]]
    for name in shared:
        old, new = before["workbooks"][name][_OURS], after["workbooks"][name][_OURS]
        line = f"{name:10}"
        for what in ("load", "edit"):
            line += f" {seconds(old[what]):>9} -> {seconds(new[what]):>9} {new[what] / old[what]:>6.2f}"
        lines.append(line + f" {old['memory'] / 1e6:>5.0f} -> {new['memory'] / 1e6:>5.0f}" + ("  WRONG" if new["wrong"] else ""))
    peers = [engine for engine in before["versions"] if engine != _OURS and engine in after["versions"]]
    for engine in peers:
        drift = [after["workbooks"][name][engine]["load"] / before["workbooks"][name][engine]["load"] for name in shared]
        if drift:
            lines.append(f"{engine} loaded in {statistics.median(drift):.2f} of the time before (the machine's own drift)")
    return "\n".join(lines)


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit("python -m benchmarks.compare BEFORE.json AFTER.json")
    print(compare(*(json.loads(Path(name).read_text()) for name in sys.argv[1:])))
