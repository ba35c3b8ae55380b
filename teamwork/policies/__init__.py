"""Who may do what around a record."""
