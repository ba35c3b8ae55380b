"""Four engines take up one due batch together: everything once, on both databases (I17)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

import pytest

from audit.models import Event
from audit.verify import verify_chain
from notifications.models import Message
from oncall.models import Page
from sla import firing
from sla.models import Alert, Commitment, Milestone
from sla.proof import differences
from sla.services import fire_due
from tests.incidents.conftest import Story, after
from tests.threads import at_once

ENGINES, INCIDENTS = 4, 12
# Until the sixteenth hour has passed: five of FIX, five of PLAN.
EACH = 10


@pytest.mark.django_db(transaction=True)
def test_four_engines_over_one_due_batch_tell_each_milestone_once(
    story: Callable[..., Story], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Milestone, event, letter, page and alert; small batches, so that all four get their share."""
    monkeypatch.setattr(firing, "BATCH", 3)
    for _number in range(INCIDENTS):
        story().acknowledge().declare()
    at = after(16.5)

    def engine(_number: int) -> int:
        total = 0
        while told := fire_due(at):
            total += told
        return total

    shares = at_once(ENGINES, engine)
    # Who finds every due row in other hands goes home; the next tick finds nothing left.
    shares.append(engine(0))

    assert sum(shares) == Milestone.objects.count() == INCIDENTS * EACH
    told = Event.objects.filter(action="sla.milestone")
    keys = Counter((event.target_id, event.data["clock"], event.data["code"]) for event in told)
    assert len(keys) == INCIDENTS * EACH
    assert set(keys.values()) == {1}
    letters = Counter(Message.objects.values_list("recipient", "channel", "dedupe_key"))
    assert set(letters.values()) == {1}
    for reason in ("fix_breach", "plan_duty", "plan_breach"):
        assert Page.objects.filter(key__endswith=f":{reason}").count() == INCIDENTS
    assert Alert.objects.filter(ended_at=None).count() == INCIDENTS
    rows = list(Commitment.objects.select_related("agreement"))
    assert differences(rows, after(17)) == []
    assert verify_chain().intact
