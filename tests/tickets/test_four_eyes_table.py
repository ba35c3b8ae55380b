"""The four-eyes table of domain section 2.1, cell by cell (R43–R47, I04).

A row is the part somebody wants to play, a column the part he has played already in the same
cycle. ``✗`` must differ, ``✓`` may be the same. Each ✗ is tried by the same account with the role
added, by a second account of the same human, with the superuser flag, and as a forged POST.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from accounts.models import Organisation, RoleGrant, User
from accounts.roles import Role
from audit.models import Event
from tests.conftest import PASSWORD
from tests.tickets.journey import Journey
from tests.tickets.situations import Situations
from tickets import current, policies
from tickets.models import Defect, Solution
from tickets.services import deferring, execution, signoff, superior, verification
from workflow.decisions import Decision
from workflow.errors import NotAllowed, WrongState

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]
# The table of the service's domain, as it stands there; "filer" is written out in D14.
TABLE = """
            reporter filer author opinion signer implementer verifier acker sender
signer      ✗        ✗     ✗      ✓       -      ✗           ✓        ✗     ✓
implementer ✓        ✓     ✓      ✓       ✗      -           ✗        ✓     ✓
verifier    ✓        ✓     ✓      ✓       ✓      ✗           -        ✓     ✓
acker       ✓        ✓     ✗      ✓       ✗      ✓           ✓        -     ✗
"""
ACT_ROLE = {
    "signer": Role.SUPERVISOR, "implementer": Role.IMPLEMENTER, "verifier": Role.SUPPORT,
    "acker": Role.SUPERIOR,
}  # fmt: skip


def _cells() -> list[tuple[str, str, bool]]:
    head, *rows = TABLE.strip().splitlines()
    columns = head.split()
    return [
        (row.split()[0], column, mark == "✓")
        for row in rows
        for column, mark in zip(columns, row.split()[1:], strict=True)
        if mark != "-"
    ]


CELLS = _cells()
FORBIDDEN = [(row, column) for row, column, allowed in CELLS if not allowed]
IDS = [f"{row}-{column}" for row, column in FORBIDDEN]


class Parts:
    """A defect at the point where ``row`` acts, and the one who has played ``column``."""

    def __init__(self, situations: Situations) -> None:
        self.situations, self.journey = situations, situations.journey
        self.cast, self.company = situations.cast, situations.company

    def at(self, row: str, column: str) -> tuple[Defect, User]:
        """The defect, and the person with the part of ``column`` in it."""
        defect = self._stage(row, column)
        return defect, self._who(column, defect)

    def _stage(self, row: str, column: str) -> Defect:
        journey = self.journey
        if column == "filer":
            return self._filed_by_agent(row)
        defect = self.situations.answered() if column == "opinion" else journey.tech_processing()
        if (row, column) == ("signer", "implementer"):
            return self._second_try(defect)
        defect = journey.pending_signoff(defect)
        if column in ("acker", "sender") or row == "acker":
            defect = journey.report_upward(defect)
        if column == "acker":
            defect = journey.acknowledge(defect)
        return self._lead(row, column, defect)

    def _lead(self, row: str, column: str, defect: Defect) -> Defect:
        journey = self.journey
        if row == "signer" or (
            row == "acker" and column in ("reporter", "author", "opinion", "sender")
        ):
            return defect
        defect = journey.approved(defect)
        if row == "implementer":
            return defect
        if row == "acker" and column == "signer":
            return defect
        defect = journey.verifying(journey.implementing(defect))
        if row == "acker" and column == "verifier":
            return journey.resolved(defect)
        return defect

    def _second_try(self, defect: Defect) -> Defect:
        """The first attempt failed: its implementer is in the same cycle as the next signature."""
        journey = self.journey
        defect = journey.implementing(journey.approved(journey.pending_signoff(defect)))
        defect = execution.fail(
            defect,
            actor=self.cast.implementer,
            now=journey.later(),
            opinion="重启失败，已回退原参数",
        )
        other = self._other_implementer()
        return journey.pending_signoff(defect, planned_implementer=other)

    def _other_implementer(self) -> User:
        RoleGrant.objects.get_or_create(user=self.company.tech2, role=Role.IMPLEMENTER)
        fresh: User = User.objects.get(pk=self.company.tech2.pk)
        return fresh

    def _filed_by_agent(self, row: str) -> Defect:
        from tickets.services import defects

        journey = self.journey
        filed = defects.submit_new(
            actor=self.cast.agent, now=journey.later(), reporter=self.cast.reporter,
            form=journey.form(),
        )  # fmt: skip
        defect = journey.pending_signoff(journey.tech_processing(journey.triaging(filed)))
        if row == "acker":
            return journey.report_upward(defect)
        return self._lead(row, "filer", defect)

    def _who(self, column: str, defect: Defect) -> User:
        people: dict[str, User] = {
            "reporter": self.cast.reporter, "filer": self.cast.agent, "author": self.cast.tech,
            "opinion": self.company.tech2, "signer": self.cast.supervisor,
            "implementer": self.cast.implementer, "verifier": self.cast.agent,
            "acker": self.cast.superior, "sender": self.cast.support,
        }  # fmt: skip
        return people[column]

    def act(self, row: str, defect: Defect, actor: User) -> Defect:
        """What ``row`` does."""
        now = self.journey.later()
        if row == "signer":
            shown = defect.solutions.latest("version").content_hash
            return signoff.approve(defect, actor=actor, now=now, solution_hash=shown)
        if row == "implementer":
            Defect.objects.filter(pk=defect.pk).update(implementer=actor)
            return execution.start(defect, actor=actor, now=now, backup="参数文件已备份到运维机")
        if row == "verifier":
            return verification.verify_solved(
                defect,
                actor=actor,
                now=now,
                evidence="连续查询十次均正常",
                method="已扩大查询连接池",
            )
        return superior.acknowledge_superior_report(defect, actor=actor, now=now)


@pytest.fixture
def parts(situations: Situations) -> Parts:
    """Stages for every cell."""
    return Parts(situations)


def _grant(user: User, *roles: str) -> User:
    for role in roles:
        RoleGrant.objects.get_or_create(user=user, role=role)
    fresh: User = User.objects.get(pk=user.pk)
    return fresh


# The implementer comes before the verifier in one cycle, so that cell is asked from its row.
STAGED = [(r, c, ok) for r, c, ok in CELLS if (r, c) not in {("implementer", "verifier"),
                                                            ("signer", "verifier")}]  # fmt: skip


@pytest.mark.parametrize(
    ("row", "column", "allowed"), STAGED, ids=[f"{r}-{c}" for r, c, _ in STAGED]
)
def test_each_cell(parts: Parts, row: str, column: str, allowed: bool) -> None:
    defect, person = parts.at(row, column)
    # A bank user who may also act at the desk sees the record by that role.
    both = _grant(person, ACT_ROLE[row], Role.AGENT)
    before = defect.state
    if allowed:
        done = parts.act(row, defect, both)
        assert (done.row_version, done.state != "") == (defect.row_version + 1, True)
        return
    with pytest.raises(NotAllowed) as refusal:
        parts.act(row, defect, both)
    assert refusal.value.code.startswith("four_eyes_")
    assert Defect.objects.get(pk=defect.pk).state == before
    assert Event.objects.filter(outcome="refused", data__code=refusal.value.code).count() == 1


def test_a_verifier_of_an_earlier_attempt_is_of_an_earlier_cycle(parts: Parts) -> None:
    """Not solved begins a new cycle: its verifier may implement or sign in the next one."""
    journey = parts.journey
    defect = verification.verify_unsolved(
        journey.verifying(), actor=parts.cast.agent, now=journey.later(), opinion="高峰时段仍然超时"
    )
    both = _grant(parts.cast.agent, Role.IMPLEMENTER, Role.SUPERVISOR)
    defect = journey.pending_signoff(defect)
    assert policies.four_eyes_for_signing(both, defect)
    assert parts.act("signer", defect, both).state == "approved"


@pytest.mark.parametrize(
    ("row", "column"), [c for c in FORBIDDEN if c != ("implementer", "verifier")]
)
def test_a_second_account_of_the_same_human_is_refused(
    parts: Parts,
    make_person: Callable[..., User],
    company: Organisation,
    row: str,
    column: str,
) -> None:
    defect, person = parts.at(row, column)
    second = make_person(
        "second", person.name, company, ACT_ROLE[row], Role.AGENT, staff_no=person.staff_no
    )
    with pytest.raises(NotAllowed) as refusal:
        parts.act(row, defect, second)
    assert refusal.value.code.startswith("four_eyes_")


@pytest.mark.parametrize(
    ("row", "column"), [c for c in FORBIDDEN if c != ("implementer", "verifier")]
)
def test_a_superuser_and_a_forged_post_are_refused(
    parts: Parts, signed_in: SignIn, row: str, column: str
) -> None:
    """The flag counts for nothing; a POST that no page offered is answered 403, once noted."""
    defect, person = parts.at(row, column)
    User.objects.filter(pk=person.pk).update(is_superuser=True, is_active=True)
    both = _grant(person, ACT_ROLE[row], Role.AGENT)
    if row == "implementer":
        Defect.objects.filter(pk=defect.pk).update(implementer=both)
    code = {
        "signer": "approve", "implementer": "start", "verifier": "verify_solved",
        "acker": "acknowledge_report",
    }[row]  # fmt: skip
    latest = defect.solutions.latest("version")
    form: dict[str, Any] = {
        "version": defect.row_version, "password": PASSWORD, "opinion": "同意按此实施",
        "solution_hash": latest.content_hash, "backup": "参数文件已备份到运维机",
        "evidence": "连续查询十次均正常", "method": "已扩大查询连接池",
    }  # fmt: skip
    answer = signed_in(both).post(f"{defect.get_absolute_url()}do/{code}/", form)
    assert answer.status_code == 403
    assert Event.objects.filter(outcome="refused", action=f"defect.{code}").count() == 1


def test_a_role_lost_between_page_and_post(parts: Parts, signed_in: SignIn) -> None:
    """Every act asks for the roles as they are at that moment."""
    for row, role, code in (
        ("signer", Role.SUPERVISOR, "approve"),
        ("verifier", Role.AGENT, "verify_solved"),
    ):
        defect, _someone = parts.at(row, "author")
        person = parts.cast.supervisor if row == "signer" else parts.cast.agent
        client = signed_in(person)
        url = f"{defect.get_absolute_url()}do/{code}/"
        assert client.get(url).status_code == 200
        RoleGrant.objects.filter(user=person, role=role).delete()
        answer = client.post(url, {"version": defect.row_version, "opinion": "同意按此实施"})
        assert answer.status_code in (403, 404)
        assert Defect.objects.get(pk=defect.pk).row_version == defect.row_version
        _grant(person, role)


def test_a_solution_edited_by_somebody_else_after_the_signature(parts: Parts) -> None:
    """The signature is bound to the hash: nothing starts, and ``approved`` is not silently kept."""
    journey = parts.journey
    defect = journey.approved()
    assert current.valid_sign_off(defect) is not None
    Solution.objects.update(measures="第三人改过的措施内容")
    assert current.valid_sign_off(defect) is None
    with pytest.raises(WrongState) as refusal:
        journey.implementing(defect)
    assert refusal.value.code == "unsigned"
    defect = execution.change_plan(
        defect, actor=parts.cast.implementer, now=journey.later(), opinion="方案在签字后被改动"
    )
    assert defect.state == "tech_processing"


@pytest.mark.parametrize("part", ["tech", "supervisor", "support"])
def test_the_decision_of_the_superior_follows_the_same_row(
    situations: Situations, journey: Journey, part: str
) -> None:
    """D27 acknowledges as well, so the row of the acker holds for it."""
    both = _grant(getattr(journey.cast, part), Role.SUPERIOR)
    with pytest.raises(NotAllowed) as refusal:
        deferring.decide(
            situations.reported_for_decision(), actor=both, now=journey.later(),
            decision="continue", opinion="同意，请按此办理",
        )  # fmt: skip
    assert refusal.value.code.startswith("four_eyes_")


def test_the_page_shows_who_gave_an_opinion_beside_the_signature(
    situations: Situations, journey: Journey, signed_in: SignIn
) -> None:
    """“Allowed, shown”: a signer who gave a group's opinion is seen to have done so."""
    both = _grant(situations.company.tech2, Role.SUPERVISOR)
    defect = journey.pending_signoff(situations.answered())
    decision: Decision = policies.can_approve(both, defect)
    assert decision
    defect = signoff.approve(
        defect, actor=both, now=journey.later(),
        solution_hash=defect.solutions.get().content_hash,
    )  # fmt: skip
    page = signed_in(journey.cast.support).get(defect.get_absolute_url()).content.decode()
    assert page.count(both.name) >= 2
