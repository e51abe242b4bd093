"""Links that send again what did not arrive: hybrid automatic repeat request (HARQ)."""
