"""Excel's lookup functions."""
