"""Excel's math functions."""
