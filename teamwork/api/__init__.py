"""The teamwork room over the API."""
