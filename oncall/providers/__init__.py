"""The telephone at the end of the ladder: one provider, chosen by ``settings.PHONE_PROVIDER``."""

from __future__ import annotations

from functools import cache

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.utils.module_loading import import_string

from oncall.budget import Budget
from oncall.providers.base import PhoneProvider

PROVIDERS = {
    "simulator": "oncall.providers.simulator.Simulator",
    "twilio": "oncall.providers.twilio.Twilio",
    "aliyun": "oncall.providers.aliyun.Aliyun",
}


def chosen() -> PhoneProvider:
    """The provider new calls go through; raises ``ImproperlyConfigured`` for an unknown name."""
    return named(settings.PHONE_PROVIDER)


def budget() -> Budget:
    """How often the carrier lets one number be called (``settings.PHONE_BUDGET``)."""
    try:
        return Budget.parse(settings.PHONE_BUDGET)
    except ValueError:
        raise ImproperlyConfigured(
            "PHONE_BUDGET is calls per minute/hour/day to one number, such as 1/5/20"
        ) from None


def named(name: str) -> PhoneProvider:
    """A provider by its name: an attempt is asked after where it was placed."""
    if name not in PROVIDERS:
        known = ", ".join(sorted(PROVIDERS))
        raise ImproperlyConfigured(f"PHONE_PROVIDER is {name!r}; known are: {known}")
    return _built(name)


@cache
def _built(name: str) -> PhoneProvider:
    provider: PhoneProvider = import_string(PROVIDERS[name])()
    return provider
