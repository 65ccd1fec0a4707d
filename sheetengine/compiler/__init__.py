"""From a parsed formula to a program: bound to what its operands are, compiled to a scalar and a vector form."""
