"""A real browser for tests: Chromium without a window, its own profile, and what tests do with a page."""

from __future__ import annotations

import contextlib
import os
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from tests import needs

try:
    from selenium import webdriver
    from selenium.webdriver.common.keys import Keys
except ImportError:
    webdriver = Keys = None  # `chromium` says so

_FLAGS = (
    "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage", "--force-device-scale-factor=1", "--hide-scrollbars",
)  # fmt: skip


@contextlib.contextmanager
def chromium(width: int = 1280, height: int = 900) -> Iterator[Any]:
    """A driver, closed with its processes at the end; the test is skipped where browser or driver are missing."""
    needs.chromium()
    driver_path = needs.program("chromedriver")
    if webdriver is None:
        needs.lacks("selenium is not installed")
    profile = tempfile.mkdtemp(prefix="sheetengine-chromium-")
    options = webdriver.ChromeOptions()
    options.binary_location = needs.chromium()
    for flag in (*_FLAGS, f"--user-data-dir={profile}", f"--window-size={width},{height}"):
        options.add_argument(flag)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    service = webdriver.ChromeService(executable_path=driver_path, log_output=os.devnull)
    driver = webdriver.Chrome(options=options, service=service)
    try:
        yield driver
    finally:
        driver.quit()
        shutil.rmtree(profile, ignore_errors=True)


def wait_for(condition: Callable[[], Any], what: str, seconds: float = 10.0) -> Any:
    """The first true answer of a condition."""
    end = time.monotonic() + seconds
    while True:
        found = condition()
        if found:
            return found
        if time.monotonic() > end:
            raise AssertionError(f"not within {seconds:g} s: {what}")
        time.sleep(0.02)


def set_size(driver: Any, width: int, height: int) -> None:
    """The viewport, to the pixel (a window's size is not)."""
    driver.execute_cdp_cmd(
        "Emulation.setDeviceMetricsOverride", {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": False}
    )


def laid_out(driver: Any) -> None:
    """Wait until two frames were painted at the present size."""
    driver.execute_async_script(
        "const done = arguments[0]; requestAnimationFrame(() => requestAnimationFrame(() => requestAnimationFrame(done)))"
    )


def set_theme(driver: Any, theme: str) -> None:
    """Light or dark, as the system would say."""
    driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [{"name": "prefers-color-scheme", "value": theme}]})


def screenshot(driver: Any, path: Path, whole: bool = True) -> None:
    """The page as a picture, to its whole height."""
    import base64

    taken = driver.execute_cdp_cmd("Page.captureScreenshot", {"format": "png", "captureBeyondViewport": whole, "optimizeForSpeed": False})
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(base64.b64decode(taken["data"]))


def idle(driver: Any) -> bool:
    """Whether the page has sent and shown all it had to."""
    return bool(driver.execute_script("return Boolean(window.sheetengine && window.sheetengine.idle)"))


def drag(driver: Any, canvas_id: str, points: list[tuple[float, float]]) -> None:
    """A stroke of the mouse over a canvas, in shares of its size; real input events, as from a device."""
    box = driver.execute_script(
        "const b = document.getElementById(arguments[0]).getBoundingClientRect(); return [b.left, b.top, b.width, b.height]", canvas_id
    )
    for number, (x, y) in enumerate(points):
        place = {"x": box[0] + x * box[2], "y": box[1] + y * box[3], "button": "left", "buttons": 1, "clickCount": 1}
        if number == 0:
            driver.execute_cdp_cmd("Input.dispatchMouseEvent", {"type": "mousePressed", **place})
        driver.execute_cdp_cmd("Input.dispatchMouseEvent", {"type": "mouseMoved", **place})
    driver.execute_cdp_cmd("Input.dispatchMouseEvent", {"type": "mouseReleased", **place, "buttons": 0})


_PAINT = """
const [strokes, rate, done] = arguments;
const canvas = document.getElementById("picture"), box = canvas.getBoundingClientRect();
const fire = (type, step) => canvas.dispatchEvent(new PointerEvent(type, {
    pointerId: 1, isPrimary: true, button: type === "pointerdown" ? 0 : -1, buttons: 1, pointerType: "mouse", bubbles: true,
    clientX: box.left + box.width * (0.5 + 0.35 * Math.cos(step / 37)),
    clientY: box.top + box.height * (0.5 + 0.35 * Math.sin(step / 23)),
}));
const move = "onpointerrawupdate" in window ? "pointerrawupdate" : "pointermove";
fire("pointerdown", 0);
window.sheetengine.resetLatencies();
const started = performance.now();
let step = 0, frames = 0;
const frame = () => { frames++; if (step < strokes) requestAnimationFrame(frame); };
requestAnimationFrame(frame);
const timer = setInterval(() => {
    while (step < strokes && performance.now() - started > step * 1000 / rate) fire(move, ++step);
    if (step >= strokes) {
        clearInterval(timer);
        fire("pointerup", step);
        const seconds = (performance.now() - started) / 1000;
        setTimeout(() => done({latencies: window.sheetengine.latencies.slice(), seconds, frames}), 500);
    }
}, 1);
"""


def paint_at(driver: Any, strokes: int, rate: float) -> dict[str, Any]:
    """Strokes at a rate (events a second) on the page `draw`: the latencies in ms that the page measured, from the event to the frame."""
    driver.set_script_timeout(strokes / rate + 30)
    figures: dict[str, Any] = driver.execute_async_script(_PAINT, strokes, rate)
    return figures


def console_errors(driver: Any) -> list[str]:
    """What the page complained about."""
    return [entry["message"] for entry in driver.get_log("browser") if entry["level"] == "SEVERE"]


SEVEN = [(0.28, 0.27), (0.5, 0.26), (0.7, 0.27), (0.64, 0.42), (0.57, 0.56), (0.5, 0.7), (0.46, 0.8)]
