"""``manage.py recompute_clocks --check``: are the stored clocks those of the audit trail?"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from sla.checking import check_all
from sla.models import Commitment
from sla.proof import Difference, differences
from sla.target_proof import numbers_of, target_differences


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
        parser.add_argument(
            "--record",
            help="the clocks of one record, such as GZ-20261123-0001 or QX-20261123-0001",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        now = timezone.now()
        if options["record"]:
            records, internal, found = _of_record(options["record"], now)
        else:
            check = check_all(now)
            records, internal = check.records, check.targets
            found = [Difference(**each) for each in check.differences]
            if check.difference_count > len(found):
                self.stderr.write(f"the first {len(found)} of {check.difference_count}:")
        for difference in found:
            self.stderr.write(str(difference))
        checked = f"{records} records and {internal} internal clocks checked"
        if found:
            raise CommandError(f"{checked}: the stored clocks differ from the trail")
        self.stdout.write(self.style.SUCCESS(f"{checked}: no difference"))


def _of_record(number: str, now: datetime) -> tuple[int, int, list[Difference]]:
    commitments = list(Commitment.objects.filter(subject=number).select_related("agreement"))
    internal, found = target_differences(numbers_of(number), now)
    if not commitments and not internal:
        raise CommandError(f"no clocks belong to {number}")
    return len(commitments), internal, [*differences(commitments, now), *found]
