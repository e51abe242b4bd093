"""How fast links run here."""
