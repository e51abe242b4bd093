"""What maps labels to samples and demaps them: each axis by itself, or points of the plane."""
