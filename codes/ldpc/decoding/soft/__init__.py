"""What goes on where belief propagation does not end, linear programming, and the decoding of syndromes."""
