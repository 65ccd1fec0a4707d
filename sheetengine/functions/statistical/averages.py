"""Averages, counts and extremes."""
