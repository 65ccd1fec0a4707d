"""What happens to formulas, names and tables when rows, cells, sheets or names come, go, move or are renamed."""
