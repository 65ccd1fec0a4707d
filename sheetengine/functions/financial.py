"""Excel's financial functions."""
