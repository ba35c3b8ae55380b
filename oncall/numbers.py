"""What is wrong, or doubtful, about a telephone number with the provider in use."""

from __future__ import annotations

import re

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

INTERNATIONAL = re.compile(r"\+[1-9]\d{6,14}")


def is_mainland(number: str) -> bool:
    """A mainland-China number, with or without its country code."""
    digits = re.sub(r"[\s()-]", "", number)
    return digits.startswith(("+86", "0086")) or bool(re.fullmatch(r"1[3-9]\d{9}", digits))


def warnings_for(number: str) -> list[str | Promise]:
    """Sentences for the person whose number it is; empty when calls will reach it."""
    if not number:
        return [_("No phone number is entered: you cannot be called.")]
    provider = settings.PHONE_PROVIDER
    found: list[str | Promise] = []
    if provider == "twilio" and is_mainland(number):
        found.append(
            _("Twilio places no calls to mainland-China numbers (+86): this phone will not ring.")
        )
    elif provider == "twilio" and not INTERNATIONAL.fullmatch(number):
        found.append(_("Twilio wants the number with its country code, such as +85251234567."))
    if provider == "aliyun" and not is_mainland(number):
        found.append(_("Alibaba Cloud voice calls mainland-China numbers only."))
    return found
