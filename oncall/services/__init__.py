"""What can be done on call: one use case per file."""
