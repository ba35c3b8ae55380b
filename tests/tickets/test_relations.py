"""D30, D31 and R41: merged, split off, grouped, linked; found among hundreds."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from accounts.models import User
from audit.models import Event
from operations.models import ManagedObject
from tests.tickets.journey import Journey
from tickets.candidates import for_merging
from tickets.models import Defect, DefectLink, Reply, SignOff
from tickets.services import grouping, links, receipts
from workflow.errors import InvalidInput, NotAllowed, WrongState

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]
WHY = "排查后确认原因不同，单独处理"


def merge(journey: Journey, child: Defect, parent: Defect) -> Defect:
    """By service support."""
    return grouping.merge(child, actor=journey.cast.support, now=journey.later(), parent=parent)


def split(journey: Journey, child: Defect) -> Defect:
    """By service support."""
    return grouping.unmerge(child, actor=journey.cast.support, now=journey.later(), opinion=WHY)


def link(journey: Journey, defect: Defect, kind: str, target: Defect) -> Defect:
    """By service support."""
    return links.link(
        defect, actor=journey.cast.support, now=journey.later(), kind=kind, target=target
    )


def test_d30_chosen_on_a_page_that_searches(journey: Journey, signed_in: SignIn) -> None:
    parent = journey.triaging(journey.submitted(title="终端签到失败"))
    for number in range(25):
        journey.submitted(title=f"报表导出缓慢{number}")
    child = journey.submitted()
    client = signed_in(journey.cast.support)
    url = f"/defects/{child.key}/do/merge/"
    first = client.get(url).content.decode()
    assert first.count('type="radio"') == 20
    for words in (str(parent.number)[-4:], "签到", "zdqd", "zhongduanqiandao"):
        page = client.get(url, {"q": words}).content.decode()
        assert f'value="{parent.number}"' in page, words
    assert "没有符合条件的缺陷" in client.get(url, {"q": "没有这样的词"}).content.decode()
    sent = {"version": child.row_version, "parent": parent.number}
    assert client.post(url, sent).status_code == 302
    assert Defect.objects.get(pk=child.pk).merged_into == parent


def test_d30_the_page_asks_a_fixed_number_of_questions(
    journey: Journey, django_assert_max_num_queries: Callable[..., object]
) -> None:
    child = journey.submitted()
    for number in range(30):
        journey.submitted(title=f"报表导出缓慢{number}")
    with django_assert_max_num_queries(4):  # type: ignore[attr-defined]
        found = for_merging(child, journey.cast.support, "bbdc")
        assert len([each.unit.label for each in found]) == 20


def test_d30_a_number_that_does_not_fit_is_refused_beside_the_field(
    journey: Journey, signed_in: SignIn
) -> None:
    child, closed = journey.submitted(), journey.closed()
    client = signed_in(journey.cast.support)
    url = f"/defects/{child.key}/do/merge/"
    for number in ("QX-20200101-0001", str(closed.number), str(child.number), ""):
        answer = client.post(url, {"version": child.row_version, "parent": number})
        assert answer.status_code == 422, number
    assert Defect.objects.get(pk=child.pk).state == "submitted"


def test_d30_a_child_with_a_live_signature_is_refused(journey: Journey) -> None:
    """It cannot come about by the acts themselves, so the signature is put there by hand."""
    child, parent = journey.approved(), journey.triaging()
    Defect.objects.filter(pk=child.pk).update(state="tech_processing", holder_role="tech")
    child = Defect.objects.get(pk=child.pk)
    with pytest.raises(WrongState):
        merge(journey, child, parent)
    SignOff.objects.filter(defect=child).update(voided_at=journey.now)
    assert merge(journey, child, parent).state == "merged"


def test_d30_a_returned_parent_may_take_others_in(journey: Journey) -> None:
    assert merge(journey, journey.submitted(), journey.returned()).state == "merged"


def test_d31_split_off_before_the_reply(journey: Journey, signed_in: SignIn) -> None:
    parent = journey.triaging()
    child = merge(journey, journey.submitted(), parent)
    client = signed_in(journey.cast.support)
    answer = client.post(
        f"/defects/{child.key}/do/unmerge/", {"version": child.row_version, "opinion": WHY}
    )
    assert answer.status_code == 302
    child = Defect.objects.get(pk=child.pk)
    assert (child.state, child.merged_into, child.holder) == (
        "triaging", None, journey.cast.support,
    )  # fmt: skip
    assert Event.objects.filter(target_id=str(parent.pk), action="defect.split_off").count() == 1


def test_d31_by_support_alone_and_with_a_reason(journey: Journey) -> None:
    child = merge(journey, journey.submitted(), journey.triaging())
    with pytest.raises(NotAllowed):
        grouping.unmerge(child, actor=journey.cast.tech, now=journey.later(), opinion=WHY)
    with pytest.raises(InvalidInput):
        grouping.unmerge(child, actor=journey.cast.support, now=journey.later(), opinion="略")
    with pytest.raises(WrongState):
        split(journey, journey.triaging())


def test_d31_not_after_the_reply_and_one_split_off_gets_none(journey: Journey) -> None:
    parent = journey.tech_processing()
    stays = merge(journey, journey.submitted(), parent)
    goes = merge(journey, journey.submitted(), parent)
    split(journey, goes)
    parent = journey.replied(journey.resolved(journey.verifying(journey.implementing(
        journey.approved(journey.pending_signoff(Defect.objects.get(pk=parent.pk)))
    ))))  # fmt: skip
    with pytest.raises(WrongState):
        split(journey, Defect.objects.get(pk=stays.pk))
    assert {each.defect_id for each in Reply.objects.all()} == {parent.pk, stays.pk}


def test_r49_a_merged_unit_signs_for_its_own_reply(
    journey: Journey, teammate: User, signed_in: SignIn
) -> None:
    parent = journey.tech_processing()
    child = merge(journey, journey.submitted(), parent)
    journey.replied(journey.resolved(journey.verifying(journey.implementing(journey.approved(
        journey.pending_signoff(Defect.objects.get(pk=parent.pk))
    )))))  # fmt: skip
    child = Defect.objects.get(pk=child.pk)
    with pytest.raises(NotAllowed):
        receipts.receive(child, actor=teammate, now=journey.later())
    answer = signed_in(journey.cast.reporter).post(
        f"/defects/{child.key}/do/receive/",
        {"version": child.row_version, "rating": 4, "comment": "处理及时"},
    )
    assert answer.status_code == 302
    own = Reply.objects.get(defect=child)
    assert (own.received_by, own.rating, own.rating_comment) == (
        journey.cast.reporter, 4, "处理及时",
    )  # fmt: skip
    with pytest.raises(WrongState):
        receipts.receive(
            Defect.objects.get(pk=child.pk), actor=journey.cast.reporter, now=journey.later()
        )


@pytest.mark.parametrize("kind", ["related", "duplicate", "recurrence", "group"])
def test_r41_links_are_read_from_both_sides_and_taken_away_with_a_trail(
    kind: str, journey: Journey, signed_in: SignIn
) -> None:
    one, other = journey.triaging(), journey.closed()
    client = signed_in(journey.cast.support)
    sent = {"version": one.row_version, "kind": kind, "target": other.number}
    assert client.post(f"/defects/{one.key}/do/link/", sent).status_code == 302
    assert str(other.number) in client.get(f"/defects/{one.key}/").content.decode()
    assert str(one.number) in client.get(f"/defects/{other.key}/").content.decode()
    tie = DefectLink.objects.get()
    other = Defect.objects.get(pk=other.pk)
    gone = {"version": other.row_version, "tie": tie.pk}
    assert client.post(f"/defects/{other.key}/do/unlink/", gone).status_code == 302
    assert not DefectLink.objects.exists()
    for record, acts in ((one, ["link", "unlinked"]), (other, ["linked", "unlink"])):
        for act in acts:
            assert Event.objects.filter(
                target_id=str(record.pk), action=f"defect.{act}", data__kind=kind
            ).exists(), act


def test_r41_a_group_has_one_head_and_one_level(journey: Journey) -> None:
    head, member, third = journey.triaging(), journey.triaging(), journey.triaging()
    link(journey, member, "group", head)
    for one, other in ((head, member), (head, third), (third, member), (member, third)):
        with pytest.raises(InvalidInput):
            link(journey, Defect.objects.get(pk=one.pk), "group", other)
    link(journey, third, "group", head)
    assert DefectLink.objects.filter(target=head).count() == 2


def test_r41_never_to_itself_twice_or_to_a_draft(journey: Journey) -> None:
    one, other = journey.triaging(), journey.triaging()
    link(journey, one, "related", other)
    for left, right in ((one, one), (one, other), (other, one), (one, journey.draft())):
        with pytest.raises(InvalidInput):
            link(journey, Defect.objects.get(pk=left.pk), "related", right)
    with pytest.raises(InvalidInput):
        link(journey, Defect.objects.get(pk=one.pk), "cousin", other)


def test_r41_the_bank_reads_only_links_within_its_scope(
    journey: Journey, signed_in: SignIn, outsider: User
) -> None:
    own = journey.triaging()
    reporter, journey.cast.reporter = journey.cast.reporter, outsider
    foreign = journey.triaging()
    journey.cast.reporter = reporter
    link(journey, own, "duplicate", foreign)
    page = signed_in(reporter).get(f"/defects/{own.key}/").content.decode()
    assert str(foreign.number) not in page
    assert signed_in(reporter).post(f"/defects/{own.key}/do/link/", {}).status_code == 403


def test_merged_defects_keep_apart_by_system(journey: Journey) -> None:
    system = ManagedObject.objects.create(code="POS-FE", name="前置", kind="application")
    child = journey.submitted(managed_object=system)
    assert for_merging(child, journey.cast.support, "") == []
    with pytest.raises(InvalidInput):
        merge(journey, child, journey.triaging())
