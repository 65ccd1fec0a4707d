"""Excel's logical functions."""
