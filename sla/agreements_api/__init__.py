"""Agreements over the API."""
