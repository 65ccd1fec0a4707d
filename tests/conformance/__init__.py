"""Formulas against the values Excel gives: books that Excel saved, and tables of cases written by hand, under ../shared/conformance.

python -m tests.conformance            the table: per corpus and per function, then every failing case that is not listed
python -m tests.conformance NAME …     the cases of some functions, one by one
python -m tests.conformance --write    known_failures.tsv made anew, keeping the reasons that stand there
"""
