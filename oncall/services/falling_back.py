"""What is done at once when a person cannot be reached in one way (R16).

The ladder goes on to its next rung, and the person is reached by the next channel: instead of a
call by a text message, instead of both by a message in the desk and by e-mail. So nobody whose
number is dead, or whom the carrier lets be called no more, learns of an alarm only in the morning.
"""

from __future__ import annotations

from datetime import datetime

from engine import registry
from oncall.models import Attempt, Page
from oncall.services import attempts
from oncall.services.reaching import Reaching

VOICE, SMS = Attempt.Channel.VOICE, Attempt.Channel.SMS
DEAD = (Attempt.State.FAILED, Attempt.State.OVER_BUDGET)


def reach_otherwise(attempt: Attempt, *, now: datetime) -> None:
    """``attempt`` has failed for good. Its page, ``attempt.page``, is locked. ``now`` UTC."""
    page = attempt.page
    if page.state != Page.State.OPEN:
        return
    if attempt.channel == VOICE:
        attempts.skip_ahead(page, attempt.rung, now=now)
    reached = Reaching(page, attempt.rung, (), [attempt.person], now)
    others = page.attempts.filter(rung=attempt.rung, person=attempt.person).exclude(pk=attempt.pk)
    if attempt.channel == VOICE and not others.filter(channel=SMS).exists():
        Attempt.objects.bulk_create([reached.text_to(attempt.person)], ignore_conflicts=True)
        registry.nudge("calls")
    elif others.filter(state__in=DEAD).exists():
        reached.write_to([attempt.person], ("message", "email"))
