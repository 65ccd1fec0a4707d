"""The dependency graph of rectangles: who reads what, compressed to one edge per operand of a block."""
