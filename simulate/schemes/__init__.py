"""Tables of schemes, modulations with codes, that standards choose from as the channel allows."""
