"""Error rates of codes from their weights: exact ones and union bounds."""
