"""Demonstration data: people, roster, and the sample tickets replayed through the services."""
