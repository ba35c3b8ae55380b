"""How dates and numbers are shown and read, in both languages."""
