"""Pages of the oncall room."""
