"""What can go wrong with clocks."""


class NoAgreement(Exception):
    """No agreement is in force at T0: clocks cannot be opened, and must not be guessed (R56)."""
