"""What is counted of frames."""
