"""What weights the words of a convolutional code have: spectrum, free distance, catastrophe."""
