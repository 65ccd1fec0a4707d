"""Continuous distributions."""
