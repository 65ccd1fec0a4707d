"""Excel's statistical functions."""
