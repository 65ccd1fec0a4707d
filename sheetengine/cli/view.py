"""`sheetengine view`: any workbook in a page, to look at, trace and edit.

In: a file. Out: a local server and a browser page. Invariant: the file is written only when the page says save.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from sheetengine.cli.places import file_argument, open_file
from sheetengine.cli.serving import serving_options

if TYPE_CHECKING:
    from sheetengine.web.app import Send, Session


@click.command("view")
@file_argument
@serving_options
def command(file: Path, host: str, port: int | None, browser: bool) -> None:
    """Look at a workbook in the browser: edit it, trace every edit, save it.

    Formulas are recomputed as you type; the file is written when you save.

    \b
      sheetengine view model.xlsx
    """
    from sheetengine.web.serve import serve  # noqa: PLC0415  # the pages load when they are served; MissingDependency without the extra
    from sheetengine.web.shared_workbook import SharedWorkbook  # noqa: PLC0415  # as above
    from sheetengine.web.view_session import ViewSession  # noqa: PLC0415  # as above

    shared = SharedWorkbook(open_file(file), file)

    def session(send: Send) -> Session:
        return ViewSession(shared, send)

    def closing(session: Session) -> None:
        assert isinstance(session, ViewSession)
        session.close()

    serve({"view": session}, host=host, port=port, browser=browser, say=click.echo, closing=closing)
