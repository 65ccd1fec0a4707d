"""A spreadsheet engine a program can call."""
