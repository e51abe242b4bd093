"""The kernels of belief propagation."""
