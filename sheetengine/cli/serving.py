"""The options of the commands that serve a page.

In: a click command. Out: the same with `--host`, `--port` and `--no-browser`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import click


def serving_options(command: Callable[..., Any]) -> Callable[..., Any]:  # Any: click's own signatures
    """Where to listen, and whether to open the browser."""
    for option in (
        click.option("--browser/--no-browser", default=True, help="Open the page in the browser."),
        click.option("--port", type=click.IntRange(0, 65_535), help="Port; without it 8765, or any free one."),
        click.option(
            "--host", default="127.0.0.1", show_default=True, help="Address to listen on. Others than loopback let other machines in."
        ),
    ):
        command = option(command)
    return command
