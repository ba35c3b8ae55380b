"""Pages of the teamwork room."""
