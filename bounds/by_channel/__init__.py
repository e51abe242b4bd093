"""The bounds that there are, a file for each channel."""
