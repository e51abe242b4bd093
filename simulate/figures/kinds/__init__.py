"""A file for each kind of figure, or panel of one."""
