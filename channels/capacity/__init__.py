"""Limits that follow from capacities: of bandwidth, and with errors allowed."""
