"""Commands that tell what is known without simulating: names, codes, limits."""
