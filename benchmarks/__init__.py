"""The engine beside its peers, on the same files in the same run: `python -m benchmarks` (or `make bench`)."""
