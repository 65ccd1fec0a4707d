"""Excel's financial functions: annuities, cash flows, depreciation, securities."""

from sheetengine.functions.financial import annuity, cash_flows

__all__ = ["annuity", "cash_flows"]
