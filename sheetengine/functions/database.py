"""Excel's database functions."""
