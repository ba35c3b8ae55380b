"""Forms of defects: pages and API take the same input."""
