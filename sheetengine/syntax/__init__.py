"""Formula text: lifted to a shape and operands, parsed by lark once per shape, printed, shifted."""
