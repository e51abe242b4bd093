"""Binary channels at finite length, by exact sums over what may be received."""
