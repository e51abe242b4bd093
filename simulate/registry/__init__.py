"""From names to classes, and plug-ins."""
