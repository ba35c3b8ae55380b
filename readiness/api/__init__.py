"""The readiness room over the API."""
