"""From YAML to curves that can be simulated."""
