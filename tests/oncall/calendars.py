"""Leave calendars as calendar programs write them."""

from __future__ import annotations


def event(*lines: str) -> str:
    """One event."""
    return "\r\n".join(["BEGIN:VEVENT", "DTSTAMP:20261101T000000Z", *lines, "END:VEVENT"])


def calendar(*events: str, head: str = "") -> bytes:
    """A file that holds ``events``."""
    top = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//test//leave//EN"]
    return "\r\n".join([*top, *([head] if head else []), *events, "END:VCALENDAR", ""]).encode()


TRIP = event(
    "UID:trip-1", "SUMMARY:年休假", "DTSTART;VALUE=DATE:20261201", "DTEND;VALUE=DATE:20261203"
)  # fmt: skip
