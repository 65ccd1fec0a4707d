"""SUMIF, COUNTIFS, MAXIFS and their kin."""
