"""List decoding of polar codes: several paths at once."""
