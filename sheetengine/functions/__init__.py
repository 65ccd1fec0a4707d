"""Excel's functions: what they declare, how they are called, one file per category."""
