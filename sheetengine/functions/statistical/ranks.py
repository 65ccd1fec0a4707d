"""Ranks, percentiles, frequencies and permutations."""
