"""One run: what is there already, simulating what is missing, saving and drawing; shards of a sweep."""
