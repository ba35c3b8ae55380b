"""Use cases of the readiness room."""
