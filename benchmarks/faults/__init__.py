"""The fault campaign: processes are killed and stopped, and nothing is lost or doubled."""
