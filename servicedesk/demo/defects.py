"""The sample defects, driven through the product's own services at their true times."""

from __future__ import annotations

from typing import Any
from uuid import NAMESPACE_URL, uuid5

from servicedesk.demo.people import person, person_named
from servicedesk.demo.stories import Sample, at, samples, stories
from servicedesk.demo.systems import system
from tickets.models import Defect
from tickets.services import (
    defects,
    execution,
    grouping,
    processing,
    replies,
    signoff,
    superior,
    triage,
    verification,
)
from tickets.services.inputs import ChangeInput, DefectInput, SolutionInput

Story = dict[str, Any]
SUPPORT, SUPERVISOR, SUPERIOR = "lina", "chenming", "hezhiyuan"


def replay_defects() -> None:
    """Submit, work on and answer every sample defect."""
    for story in stories()["defects"]:
        _whole_way(story)
    _convert(stories()["converted"])


def submit(sample: Sample, submitted: str) -> Defect:
    """The bank user files the sample's form (D2)."""
    reporter = person_named(sample["reporter_name"])
    return defects.submit_new(
        actor=reporter,
        now=at(submitted),
        reporter=reporter,
        form=DefectInput(
            title=sample["title"],
            phenomenon=sample["description"],
            managed_object=system(sample["system"]),
            contact_phone=sample["phone"],
            urgency=sample["severity"],
        ),
        token=uuid5(NAMESPACE_URL, sample["title"]),
        is_demo=True,
    )


def _whole_way(story: Story) -> Defect:
    sample, times = samples()[story["sample"]], story["times"]
    support = person(SUPPORT)
    defect = submit(sample, times["submitted"])
    defect = triage.accept(defect, actor=support, now=at(times["accepted"]))
    if stories()["merged"]["parent"] == story["sample"]:
        _merge_into(defect)
    defect = _classify(defect, story)
    defect = _sign(defect, story)
    defect = _report_upward(defect, sample, times)
    defect = _carry_out(defect, story)
    return _answer(defect, story, sample)


def _classify(defect: Defect, story: Story) -> Defect:
    classify = (
        triage.classify_technical if story["route"] == "technical" else triage.classify_business
    )
    assignee = person(story["assignee"])
    return classify(
        defect,
        actor=person(SUPPORT),
        now=at(story["times"]["classified"]),
        participants=[person(SUPPORT), assignee],
        basis=story["basis"],
        module=story["module"],
        assignee=assignee,
    )


def _sign(defect: Defect, story: Story) -> Defect:
    """Send for sign-off; one sample is sent back first and signed in its second version."""
    times, back = story["times"], story["send_back"]
    supervisor = person(SUPERVISOR)
    if back:
        defect = _send(defect, story, times["sent"], measures=back["measures_first"])
        defect = signoff.send_back(
            defect, actor=supervisor, now=at(back["at"]), opinion=back["opinion"]
        )
        defect = _send(defect, story, back["resent"])
    else:
        defect = _send(defect, story, times["sent"])
    latest = defect.solutions.latest("version")
    return signoff.approve(
        defect,
        actor=supervisor,
        now=at(times["signed"]),
        solution_hash=latest.content_hash,
        opinion="同意按方案实施。",
    )


def _send(defect: Defect, story: Story, sent: str, **changed: str) -> Defect:
    plan = SolutionInput(
        **{**story["solution"], **changed},
        planned_at=at(story["times"]["started"]),
        planned_implementer=person(story["implementer"]),
        module=story["module"],
    )
    return processing.send_for_sign_off(
        defect, actor=person(story["assignee"]), now=at(sent), plan=plan
    )


def _report_upward(defect: Defect, sample: Sample, times: dict[str, str]) -> Defect:
    defect = superior.send_superior_report(
        defect,
        actor=person(SUPPORT),
        now=at(times["reported_upward"]),
        content=f"{sample['title']}。已确认属实,解决方案已经主管签字。",
    )
    return superior.acknowledge_superior_report(
        defect, actor=person(SUPERIOR), now=at(times["acknowledged"]), opinion="已阅,请按方案落实。"
    )


def _carry_out(defect: Defect, story: Story) -> Defect:
    times, change = story["times"], story["change"]
    implementer = person(story["implementer"])
    defect = execution.start(
        defect, actor=implementer, now=at(times["started"]), backup=story["backup"]
    )
    defect = execution.finish(
        defect,
        actor=implementer,
        now=at(times["finished"]),
        steps=story["solution"]["measures"],
        result=f"实施完成。{change['after']}",
        change=ChangeInput(**change),
    )
    return verification.verify_solved(
        defect,
        actor=person(SUPPORT),
        now=at(times["verified"]),
        evidence=story["evidence"],
        method=story["solution"]["measures"],
    )


def _answer(defect: Defect, story: Story, sample: Sample) -> Defect:
    """Reply (D22) and, where the unit has answered, acceptance (D23)."""
    times = story["times"]
    if not times["replied"]:
        return defect
    defect = replies.reply(
        defect,
        actor=person(SUPPORT),
        now=at(times["replied"]),
        recipient_kind="submitting_unit",
        solution=story["solution"]["measures"],
        analysis=story["analysis"],
        cause=story["solution"]["cause"],
    )
    if "closed" in times:
        reporter = person_named(sample["reporter_name"])
        defect = replies.accept_reply(defect, actor=reporter, now=at(times["closed"]), rating=5)
    return defect


def _merge_into(parent: Defect) -> Defect:
    """The same fault reported by a second unit joins the first (D30)."""
    merged = stories()["merged"]
    support = person(SUPPORT)
    child = submit(samples()[merged["sample"]], merged["submitted"])
    child = triage.accept(child, actor=support, now=at(merged["accepted"]))
    return grouping.merge(
        child, actor=support, now=at(merged["merged"]), parent=parent, opinion=merged["opinion"]
    )


def _convert(story: Story) -> None:
    """An operation issue, explained and turned into a consultation (D7)."""
    support = person(SUPPORT)
    defect = submit(samples()[story["sample"]], story["submitted"])
    defect = triage.accept(defect, actor=support, now=at(story["accepted"]))
    triage.convert_to_consultation(
        defect,
        actor=support,
        now=at(story["converted"]),
        explainer=support,
        explanation=story["explanation"],
    )
