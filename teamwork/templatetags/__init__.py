"""Tags of the teamwork room."""
