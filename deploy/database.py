"""Brings the database up to date and, when DEMO is on, fills it; prints the demo log-ins.

One process for both: starting Python with the whole product takes longer than either.
"""

from __future__ import annotations

import os

import django


def main() -> None:
    """Migrate, then load demo people and tickets; both leave alone what is there already."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "servicedesk.settings")
    django.setup()
    from django.conf import settings
    from django.core.management import call_command

    call_command("migrate", interactive=False, verbosity=0)
    if settings.DEMO:
        call_command("load_demo")


if __name__ == "__main__":
    main()
