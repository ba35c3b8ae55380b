"""Figures of docs/performance.md: one command each, on databases of their own."""
