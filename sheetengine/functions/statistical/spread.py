"""Variance, deviation, skewness, covariance and correlation."""
