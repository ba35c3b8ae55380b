"""The REST face of a record: one error envelope, inputs from the same forms, the same services."""

from workflow.api.envelope import exception_handler

__all__ = ["exception_handler"]
