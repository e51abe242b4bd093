"""What weights the words of a polar code have."""
