"""Excel's date_time functions."""
