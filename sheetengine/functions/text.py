"""Excel's text functions."""
