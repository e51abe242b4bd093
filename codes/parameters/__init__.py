"""What parameters of codes may be: octal digits, one of the lengths and rates of a standard."""
