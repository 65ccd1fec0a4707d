"""The pages `draw` and `view`: a local server, one WebSocket per page, static files without a build step.

In: a workbook and a browser. Out: pages that show what the engine computes. Only `sheetengine.cli` imports this package; it needs
the extra `web` (starlette, uvicorn, websockets). `docs/page.md` explains the protocol and who may speak it.
"""
