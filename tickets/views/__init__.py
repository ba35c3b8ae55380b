"""Pages of the tickets room."""
