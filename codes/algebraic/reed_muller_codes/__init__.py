"""Reed-Muller codes."""
