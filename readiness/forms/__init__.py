"""Input of the readiness room."""
