"""Commands that simulate, or go on with what was simulated."""
