"""What weights the words of a turbo code have: its error floor."""
