"""FORECAST.ETS and its kin."""
