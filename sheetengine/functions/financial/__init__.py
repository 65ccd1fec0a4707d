"""Excel's financial functions: annuities, cash flows, depreciation, securities."""

from sheetengine.functions.financial import annuity, bonds, cash_flows, coupons, depreciation, odd_bonds, securities

__all__ = ["annuity", "bonds", "cash_flows", "coupons", "depreciation", "odd_bonds", "securities"]
