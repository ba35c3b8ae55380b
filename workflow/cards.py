"""Card numbers that got into a text by mistake (I12). The product must never keep them."""

from __future__ import annotations

import re
import unicodedata

_RUN = re.compile(r"(?<![\dA-Za-z])\d(?:[ -]?\d){12,18}(?![\dA-Za-z])")


def has_card_number(text: str) -> bool:
    """True when ``text`` holds 13 to 19 digits that pass the Luhn check, blanks or dashes inside.

    Full-width digits count as digits.
    """
    plain = unicodedata.normalize("NFKC", text)
    return any(_luhn(re.sub(r"\D", "", run)) for run in _RUN.findall(plain))


def _luhn(digits: str) -> bool:
    if len(set(digits)) == 1:
        return False
    total = 0
    for place, digit in enumerate(reversed(digits)):
        value = int(digit) * (2 if place % 2 else 1)
        total += value - 9 if value > 9 else value
    return total % 10 == 0
