"""Forms of the teamwork room."""
