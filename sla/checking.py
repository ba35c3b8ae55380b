"""The nightly proof of all clocks: a due row like every other, worked off in pieces (I17)."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.actors import CLOCK_ENGINE
from accounts.models import User
from accounts.roles import Role
from audit import services as audit
from engine.due import backlog, claim_due
from notifications.services import Letter, notify
from sla.models import ClockCheck, Commitment
from sla.proof import Difference, differences
from sla.target_proof import last_number, target_differences
from workflow.durations import local

ENGINE = "proof"
CHECKED = "sla.checked"
NIGHT = time(2, 30)
# Small pieces: the engines beside this one never wait long for a worker.
PIECE = 200
# A night was left out.
CHECK_IS_OLD = timedelta(hours=26)
LEASE = timedelta(seconds=120)
KEPT_DIFFERENCES = 100


def check_due(now: datetime) -> int:
    """Engine "proof": one piece of the check that is due at ``now`` (UTC), if one is.

    Returns 1 while there is something left to do. A worker that dies leaves a lease that ends;
    another one goes on after the last record that was finished.
    """
    check = _claim(now)
    if check is None:
        return 0
    held = check.due_at
    done = _next_piece(check, now)
    with audit.unit_of_work():
        present = ClockCheck.objects.select_for_update().get(pk=check.pk)
        if present.finished_at is not None or present.due_at != held:
            return 1  # another worker took over after our lease had ended
        check.due_at = now
        if done:
            _finish(check, now)
        check.save()
        if done:
            ClockCheck.objects.create(due_at=next_night(now))
    return 1


def check_all(now: datetime) -> ClockCheck:
    """Check every record at once, at a person's command; the result is noted like a nightly one."""
    check = ClockCheck(started_at=now, due_at=now, by_hand=True)
    while not _next_piece(check, now):
        pass
    with audit.unit_of_work():
        _finish(check, now)
        check.save()
    return check


def last_check() -> ClockCheck | None:
    """The latest check that came to its end."""
    found: ClockCheck | None = (
        ClockCheck.objects.filter(finished_at__isnull=False).order_by("-finished_at").first()
    )
    return found


def waiting(now: datetime) -> int:
    """1 while a check that is due at ``now`` (UTC) has not come to its end."""
    return backlog(ClockCheck.objects.filter(finished_at=None), now=now, due_field="due_at")


def next_night(now: datetime) -> datetime:
    """The next half past two in the morning, Beijing time, as UTC."""
    here = local(now)
    night = here.replace(hour=NIGHT.hour, minute=NIGHT.minute, second=0, microsecond=0)
    return (night if night > here else night + timedelta(days=1)).astimezone(now.tzinfo)


def _claim(now: datetime) -> ClockCheck | None:
    waiting = ClockCheck.objects.filter(finished_at=None)
    # A product that was never checked begins at once, so that the first look says something.
    if not waiting.exists():
        ClockCheck.objects.bulk_create([ClockCheck(due_at=now)], ignore_conflicts=True)
    if not waiting.filter(due_at__lte=now).exists():
        return None
    with transaction.atomic():
        claimed = claim_due(waiting, now=now, due_field="due_at", limit=1, lease=LEASE)
    return claimed[0] if claimed else None


def _next_piece(check: ClockCheck, now: datetime) -> bool:
    """Compare the next records, then the next internal clocks; True when there were none left."""
    check.started_at = check.started_at or now
    rows = Commitment.objects.filter(pk__gt=check.position).select_related("agreement")
    piece = list(rows.order_by("pk")[:PIECE])
    if piece:
        check.position, check.records = piece[-1].pk, check.records + len(piece)
        _keep(check, differences(piece, now))
        return False
    first, last = check.target_position + 1, last_number()
    if first > last:
        return True
    until = min(last, check.target_position + PIECE)
    seen, found = target_differences(range(first, until + 1), now)
    check.target_position, check.targets = until, check.targets + seen
    _keep(check, found)
    return False


def _keep(check: ClockCheck, found: list[Difference]) -> None:
    check.difference_count += len(found)
    room = max(0, KEPT_DIFFERENCES - len(check.differences))
    check.differences = check.differences + [each.as_data() for each in found[:room]]


def _finish(check: ClockCheck, now: datetime) -> None:
    """Note the result in the trail; tell those who must look into a difference."""
    check.finished_at = check.due_at = now
    check.save()
    audit.record(
        actor=CLOCK_ENGINE,
        action=CHECKED,
        target=check,
        label=f"{check.records}",
        happened_at=now,
        data={
            "records": check.records,
            "internal": check.targets,
            "differences": check.difference_count,
        },
    )
    if check.difference_count:
        _tell(check, now)


def _tell(check: ClockCheck, now: datetime) -> None:
    def write(_person: User) -> Letter:
        first = Difference(**check.differences[0])
        facts = {
            "count": check.difference_count,
            "records": check.records,
            "internal": check.targets,
            "subject": first.subject,
            "what": f"{first.clock} {first.what}".strip(),
        }
        return Letter(
            _("Stored clocks differ from the audit trail: %(count)s differences") % facts,
            _(
                "%(records)s records and %(internal)s internal clocks were checked. The first "
                "difference is at %(subject)s (%(what)s). The whole list stands on the health "
                "page. Find out who changed the rows before anybody relies on these deadlines."
            )
            % facts,
        )

    people = User.objects.holding(Role.SUPERVISOR, Role.MANAGER, Role.SYSADMIN, Role.AUDITOR)
    notify(
        recipients=list(people),
        key=f"sla:check:{check.pk}",
        write=write,
        url="/health/",
        now=now,
        urgent=True,
    )
