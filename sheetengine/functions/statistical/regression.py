"""Lines and curves through points."""
