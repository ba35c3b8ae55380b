"""The audit trail as the audit administrator reads it (I03)."""
