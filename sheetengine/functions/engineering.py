"""Excel's engineering functions."""
