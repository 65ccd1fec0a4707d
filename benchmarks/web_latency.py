"""From a stroke to the screen, measured in the page `draw` by the page: Chromium without a window, 120 strokes a second.

    python -m benchmarks.web_latency [--rate 120] [--seconds 5]

Prints JSON. A stroke's time ends with the frame that shows the cells the engine computed for it; a screen of 60 frames a second adds
half a frame (8 ms) to whatever the engine takes. `answer` is the way to the engine and back alone.
"""

from __future__ import annotations

import argparse
import json
import os
import tempfile
from pathlib import Path
from typing import Any

from tests.web.browser import chromium, idle, paint_at, set_size, wait_for
from tests.web.conftest import ServerProcess


def percentiles(times: list[float]) -> dict[str, float]:
    """Median and tail, in the unit of the times."""
    ordered = sorted(times)
    return {f"p{share}": round(ordered[min(len(ordered) - 1, len(ordered) * share // 100)], 2) for share in (50, 90, 95, 99)}


def measure(rate: float, seconds: float) -> dict[str, Any]:
    """One run with a server and a browser of its own."""
    with tempfile.TemporaryDirectory() as folder:
        server = ServerProcess(Path(folder), "draw")
        try:
            address = server.start()
            with chromium(1280, 900) as driver:
                set_size(driver, 1280, 900)
                driver.get(address)
                wait_for(lambda: idle(driver), "the page is ready")
                paint_at(driver, 60, rate)
                driver.execute_script("""
                    window.answers = [];
                    const connection = window.sheetengine.connection, request = connection.request.bind(connection);
                    connection.request = async (type, fields) => {
                        const started = performance.now(), answer = await request(type, fields);
                        if (type === "paint") window.answers.push(performance.now() - started);
                        return answer;
                    };
                """)
                figures = paint_at(driver, int(rate * seconds), rate)
                answers = driver.execute_script("return window.answers")
        finally:
            server.stop()
    return {
        "strokes_per_second": rate,
        "strokes": int(rate * seconds),
        "answers": len(answers),
        "frames_per_second": round(figures["frames"] / figures["seconds"], 1),
        "answer_ms": percentiles(answers),
        "screen_ms": percentiles(figures["latencies"]),
        "load_before": round(os.getloadavg()[0], 2),
    }


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rate", type=float, default=120)
    parser.add_argument("--seconds", type=float, default=5)
    given = parser.parse_args()
    print(json.dumps(measure(given.rate, given.seconds), indent=2))
