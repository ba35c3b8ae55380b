"""Phone numbers as people in a bank write them: read, checked and brought into one form."""

from __future__ import annotations

import re
import unicodedata
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

_MOBILE = re.compile(r"1[3-9]\d{9}")
# 010 and 02x are three-digit area codes, all others have four digits.
_LANDLINE = re.compile(r"(010|02\d|0[3-9]\d{2})(\d{7,8})(?:-(\d{1,6}))?")
_SERVICE = re.compile(r"[48]00\d{7}")
_BANK = re.compile(r"95\d{3}")
_EXTENSION = re.compile(r"\d{3,6}")
_EXTENSION_WORDS = re.compile(r"(?:转|转接|分机|内线|ext\.?|x)[:.]?(?=\d)", re.IGNORECASE)
_DASHES = re.compile(r"[\-‐‑‒–—―−~]")


def normalise(text: str) -> str:
    """The number in its one form; raises ``ValueError`` when it is none (R12, R14).

    Full-width digits, spaces, brackets and a leading +86 are accepted. Results:
    ``13800138000`` · ``024-22851234`` · ``024-22851234-8012`` · ``4008101234`` · ``95588`` ·
    ``8012`` (internal extension, three to six digits).
    """
    plain = unicodedata.normalize("NFKC", text)
    plain = _DASHES.sub("-", _EXTENSION_WORDS.sub("-", "".join(plain.split())))
    plain = re.sub(r"^(\+|00)86-?", "", plain)
    plain = plain.replace("(", "").replace(")", "-").replace("--", "-").strip("-")
    digits = plain.replace("-", "")
    if not re.fullmatch(r"[0-9-]+", plain):
        raise ValueError(text)
    if _MOBILE.fullmatch(digits) or _SERVICE.fullmatch(digits):
        return digits
    if landline := _read_landline(plain):
        return landline
    if plain == digits and (_BANK.fullmatch(digits) or _EXTENSION.fullmatch(digits)):
        return digits
    raise ValueError(text)


def _read_landline(plain: str) -> str:
    """``024-22851234-8012`` out of a number with an area code, "" when it is none."""
    area, _dash, rest = plain.partition("-")
    joined = plain if len(area) > 4 else area + rest
    found = _LANDLINE.fullmatch(joined)
    return "-".join(part for part in found.groups() if part) if found else ""


class PhoneField(forms.CharField):
    """A phone number; its cleaned value is in the one form of ``normalise``."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", 40)
        kwargs.setdefault("label", _("phone"))
        kwargs.setdefault(
            "widget", forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "off"})
        )
        super().__init__(**kwargs)

    def clean(self, value: Any) -> str:
        """Normalised number, or "" when nothing was given and nothing is required."""
        text: str = super().clean(value)
        if not text:
            return text
        try:
            return normalise(text)
        except ValueError:
            raise ValidationError(
                _(
                    "This is no phone number: a mobile, a landline with area code, "
                    "400, 95xxx or an internal extension."
                ),
                code="phone",
            ) from None
