"""How kernels are compiled: what they call, and what compiling leaves behind."""
