"""Use cases of the teamwork room."""
