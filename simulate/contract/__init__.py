"""The contract of codes, decoders and channels, as tests on anybody's class."""
