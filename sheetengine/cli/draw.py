"""`sheetengine draw`: the page to draw a digit on and watch the sheet think.

In: nothing, or a workbook of another network. Out: a local server and a browser page. Invariant: every page has a workbook of its own,
and no file is written.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

import sheetengine
from sheetengine import digits_data
from sheetengine.cli.serving import serving_options

if TYPE_CHECKING:
    from sheetengine.web.app import Send, Session


@click.command("draw")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, readable=True, path_type=Path), required=False)
@click.option("--picture", default="drawing", show_default=True, metavar="NAME", help="The defined name of the picture to paint on.")
@serving_options
def command(file: Path | None, picture: str, host: str, port: int | None, browser: bool) -> None:
    """Draw a digit in the browser and watch the sheet recompute.

    Without FILE it is the digits workbook that comes with the package; FILE is one of another network, as workbooks/build.py makes it.

    \b
      sheetengine draw
      sheetengine draw my-network.xlsx --picture drawing
    """
    from sheetengine.web.draw_session import DrawSession  # noqa: PLC0415  # the pages load when they are served
    from sheetengine.web.network import find_network  # noqa: PLC0415  # as above
    from sheetengine.web.serve import serve  # noqa: PLC0415  # as above; raises MissingDependency without the extra

    workbook = sheetengine.open(digits_data.workbook_bytes() if file is None else file.read_bytes())
    # A workbook without such a network is refused here, not in the page.
    find_network(workbook, picture)

    def session(_: Send) -> Session:
        # A copy takes 9 ms where opening the file takes 120.
        return DrawSession(workbook.copy(), picture)

    serve({"draw": session}, host=host, port=port, browser=browser, say=click.echo)
