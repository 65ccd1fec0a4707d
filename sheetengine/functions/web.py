"""Excel's web functions."""
