"""Entropies, information, capacities of discrete channels, and information that is measured."""
