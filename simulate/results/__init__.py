"""Results: rows, and files on the disk."""
