"""The channels that are simulated."""
