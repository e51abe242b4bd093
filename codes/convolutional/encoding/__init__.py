"""How a convolutional code is written down and encoded: polynomials, the circuit, puncturing."""
