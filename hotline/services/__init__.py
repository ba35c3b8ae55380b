"""Use cases of the front door: calls and machine-room reports."""
