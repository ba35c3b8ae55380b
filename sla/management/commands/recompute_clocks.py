"""``manage.py recompute_clocks --check``: are the stored clocks those of the audit trail?"""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from sla.checking import check_all
from sla.models import Commitment
from sla.proof import Difference, differences


class Command(BaseCommand):
    """Rebuild every clock from the trail; exit 1 and name each difference when one is found."""

    help = "Rebuilds all clocks from the audit trail and names every difference with what is stored"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--check",
            action="store_true",
            required=True,
            help="compare only: no stored row is ever mended by this command",
        )
        parser.add_argument("--record", help="the clocks of one record, such as GZ-20261123-0001")

    def handle(self, *args: Any, **options: Any) -> None:
        now = timezone.now()
        if options["record"]:
            commitments = list(Commitment.objects.filter(subject=options["record"]))
            if not commitments:
                raise CommandError(f"no clocks belong to {options['record']}")
            count, found = len(commitments), differences(commitments, now)
        else:
            check = check_all(now)
            count, found = check.records, [Difference(**each) for each in check.differences]
            if check.difference_count > len(found):
                self.stderr.write(f"the first {len(found)} of {check.difference_count}:")
        for difference in found:
            self.stderr.write(str(difference))
        if found:
            raise CommandError(f"{count} records checked: the stored clocks differ from the trail")
        self.stdout.write(self.style.SUCCESS(f"{count} records checked: no difference"))
