"""Whole jobs on files, each one call: recalculate, check, diff.

In: paths, bytes or file objects. Out: dataclasses that say what was found; files where asked for. Nothing here prints.
"""
