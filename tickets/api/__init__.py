"""Consultations and defects over the API."""
