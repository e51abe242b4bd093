"""Random numbers: one stream a frame."""
