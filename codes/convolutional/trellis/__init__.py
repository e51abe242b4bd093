"""The trellis as tables and as types of kernels, for every decoder that walks it."""
