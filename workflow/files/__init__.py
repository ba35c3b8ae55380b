"""Files that people add to records, for every room: looked into, scanned, stored, sent back."""
