"""Phone numbers as lists may show them."""

from __future__ import annotations

import re
import unicodedata

_LANDLINE = re.compile(r"^(0\d{2,3})-?(\d{3,4})(\d{4})(?:[-转xX]+(\d{1,6}))?$")
_SHORT = 7


def mask_phone(number: str | None) -> str:
    """Hide the middle: ``138****8000``, ``024-****1234-8012``; extensions and 955xx stay whole."""
    if not number:
        return ""
    text = re.sub(r"\s+", "", unicodedata.normalize("NFKC", str(number)))
    prefix = "+86 " if text.startswith("+86") else ""
    text = text.removeprefix("+86")
    if landline := _LANDLINE.match(text):
        area, _middle, last, extension = landline.groups()
        return f"{prefix}{area}-****{last}" + (f"-{extension}" if extension else "")
    digits = re.sub(r"\D", "", text)
    if len(digits) < _SHORT:
        return prefix + text
    head = digits[:3] if len(digits) > 9 else ""
    return f"{prefix}{head}****{digits[-4:]}"
