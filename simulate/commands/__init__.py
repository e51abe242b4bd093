"""The command line; running, merging, progress."""
