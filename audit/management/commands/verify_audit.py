"""``manage.py verify_audit``: prove that the audit trail has not been altered (I03)."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from audit.verify import verify_chain


class Command(BaseCommand):
    """Walk the chain; exit 1 and name the first broken row when it does not hold."""

    help = "Recomputes the hash chain of the audit trail and names the first broken row."

    def handle(self, *args: Any, **options: Any) -> None:
        verdict = verify_chain()
        if not verdict.intact:
            raise CommandError(
                f"audit trail broken at row {verdict.broken_seq}: {verdict.reason} "
                f"({verdict.checked} rows before it are intact)"
            )
        self.stdout.write(self.style.SUCCESS(f"audit trail intact: {verdict.checked} rows"))
