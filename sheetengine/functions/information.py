"""Excel's information functions."""
