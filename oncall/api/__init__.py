"""The on-call room over the API."""
