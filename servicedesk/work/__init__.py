"""What waits for a person, what the person did, and what the person submitted."""
