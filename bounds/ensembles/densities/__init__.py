"""Discretised density evolution: densities of LLRs on a grid, and what variables and checks make of them."""
