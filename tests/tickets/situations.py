"""Defects in every state, and with every parallel duty: the columns of the expectation table.

A situation is called like its state, or ``state+what`` when something beside the state decides
who may do what. Each is built by the services, from the first step on.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from accounts.models import User
from incidents.models import Incident
from tests.tickets.journey import TEXT, Journey
from tickets.models import Defect, ProjectGroup, SuperiorReport
from tickets.services import (
    corrections,
    defects,
    deferring,
    emergency,
    ending,
    grouping,
    links,
    opinions,
    processing,
    replies,
    rulings,
    triage,
)


@dataclass
class Company:
    """Those who do not walk the usual path."""

    tech2: User
    biz: User
    supervisor2: User


class Situations:
    """Builds a defect in any situation; a new one each time."""

    def __init__(self, journey: Journey, company: Company) -> None:
        self.journey, self.company = journey, company
        self.cast = journey.cast
        self.group, _created = ProjectGroup.objects.get_or_create(name="前置系统组")
        self.group.members.set([company.tech2])

    def build(self, name: str) -> Defect:
        """A defect in the situation called ``name``."""
        found = self._special().get(name)
        return found() if found else self.journey.at(name)

    def _special(self) -> dict[str, Callable[[], Defect]]:
        return {
            "triaging+refuted": self.refuted,
            "biz_processing": self.biz_processing,
            "tech_processing+asked": self.asked,
            "tech_processing+answered": self.answered,
            "tech_processing+side": self.side_proposed,
            "tech_processing+third": self.third_time,
            "tech_processing+stated": self.stated,
            "pending_signoff+emergency": self.emergency_wanted,
            "approved+emergency": self.released,
            "awaiting_superior": self.awaiting,
            "awaiting_superior+sent": self.reported_for_decision,
            "awaiting_superior+explained": self.explained,
            "deferred": self.deferred,
            "resolved+reported": lambda: self.journey.report_upward(self.journey.resolved()),
            "replied+silent": self.silent,
            "draft+void": self.draft_to_void,
            "submitted+void": lambda: self.void_asked(self.journey.submitted()),
            "tech_processing+withdraw": self.withdrawal_asked,
            "closed+later": self.closed_with_more,
            "merged+replied": self.merged_and_replied,
            "replied+done": lambda: self.journey.acknowledge(self.journey.replied()),
            "converted": self.converted,
            "merged": self.merged,
            "withdrawn": self.withdrawn,
            "voided": self.voided,
        }

    def void_asked(self, defect: Defect) -> Defect:
        """D33, not confirmed."""
        return ending.ask_void(
            defect, actor=self.cast.support, now=self.journey.later(), cause="test",
            opinion="培训时录入的测试单",
        )  # fmt: skip

    def draft_to_void(self) -> Defect:
        """D33 of a draft that service support filed for somebody."""
        draft = defects.save_draft(
            actor=self.cast.support, now=self.journey.later(), reporter=self.cast.reporter,
            form=self.journey.form(),
        )  # fmt: skip
        return self.void_asked(draft)

    def withdrawal_asked(self) -> Defect:
        """D29 in processing, not answered."""
        return ending.ask_withdrawal(
            self.journey.tech_processing(), actor=self.cast.reporter, now=self.journey.later(),
            opinion="经核对系本行网络故障，不再需要处理",
        )  # fmt: skip

    def closed_with_more(self) -> Defect:
        """Closed without a rating, linked, and with a correction that nobody has confirmed."""
        defect = replies.accept_reply(
            self.journey.acknowledge(self.journey.replied()), actor=self.cast.reporter,
            now=self.journey.later(),
        )  # fmt: skip
        defect = links.link(
            defect, actor=self.cast.support, now=self.journey.later(), kind="related",
            target=self.journey.submitted(),
        )  # fmt: skip
        return corrections.add_correction(
            defect, actor=self.cast.support, now=self.journey.later(), text="回复中参数应为六十"
        )

    def merged_and_replied(self) -> Defect:
        """D30, and the reply to its own unit."""
        parent = self.journey.tech_processing()
        child = grouping.merge(
            self.journey.submitted(), actor=self.cast.support, now=self.journey.later(),
            parent=parent,
        )  # fmt: skip
        signed = self.journey.approved(
            self.journey.pending_signoff(Defect.objects.get(pk=parent.pk))
        )
        verified = self.journey.verifying(self.journey.implementing(signed))
        self.journey.replied(self.journey.resolved(verified))
        return Defect.objects.get(pk=child.pk)

    def refuted(self) -> Defect:
        """D13."""
        return processing.not_confirmed(
            self.journey.tech_processing(), actor=self.cast.tech, now=self.journey.later(),
            opinion="复测三次均正常，日志无异常",
        )  # fmt: skip

    def biz_processing(self) -> Defect:
        """D6."""
        return triage.classify_business(
            self.journey.triaging(), actor=self.cast.support, now=self.journey.later(),
            participants=[self.cast.support], basis="分润规则理解不一致", module="渠道分润",
            assignee=self.company.biz,
        )  # fmt: skip

    def asked(self, defect: Defect | None = None) -> Defect:
        """D10, not answered."""
        return opinions.ask_groups(
            defect or self.journey.tech_processing(), actor=self.cast.tech,
            now=self.journey.later(), groups=[self.group], question="是否涉及前置系统的参数？",
        )  # fmt: skip

    def answered(self) -> Defect:
        """D10, answered."""
        defect = self.asked()
        return opinions.answer_group(
            defect, actor=self.company.tech2, now=self.journey.later(),
            group=defect.group_opinions.get(), answer="confirmed",
        )  # fmt: skip

    def side_proposed(self, defect: Defect | None = None) -> Defect:
        """D8, not decided."""
        return rulings.reclassify(
            defect or self.journey.tech_processing(), actor=self.cast.tech,
            now=self.journey.later(), opinion="属于业务规则问题，应由业务处理",
        )  # fmt: skip

    def third_time(self) -> Defect:
        """D8 there and back, and proposed again: a supervisor rules."""
        defect = rulings.agree_to_reclassify(
            self.side_proposed(), actor=self.cast.support, now=self.journey.later(),
            assignee=self.company.biz,
        )  # fmt: skip
        defect = rulings.reclassify(
            defect, actor=self.company.biz, now=self.journey.later(), opinion="规则无误，是程序问题"
        )
        defect = rulings.agree_to_reclassify(
            defect, actor=self.cast.support, now=self.journey.later(), assignee=self.cast.tech
        )
        return self.side_proposed(defect)

    def stated(self) -> Defect:
        """D12, not co-signed."""
        return rulings.state_unsolvable(
            self.journey.tech_processing(), actor=self.cast.tech, now=self.journey.later(),
            cause_class="interface", module="对账文件", cause="银联接口不返回该字段",
            why="须由外部机构改造接口", alternatives="每日人工补录数据", workaround="次日人工核对",
        )  # fmt: skip

    def emergency_wanted(self) -> Defect:
        """Sent for signature while its S1 incident runs."""
        defect = self.journey.pending_signoff()
        self.link_incident(defect)
        return defect

    def link_incident(self, defect: Defect) -> Incident:
        """A running S1 incident to which the defect is linked."""
        now = self.journey.now
        return Incident.objects.create(
            number=f"GZ-20261123-{defect.pk:04d}", state="declared", severity="S1",
            title=defect.title, phenomenon=TEXT, managed_object=self.cast.system,
            unit=defect.unit, source_defect=defect, created_at=now, state_since=now,
            holder_role="support", reporter=self.cast.support, reporter_name="李娜",
            reporter_phone="13800138000", first_contact_at=now, business_impact=TEXT,
        )  # fmt: skip

    def released(self, defect: Defect | None = None) -> Defect:
        """D26, not signed yet."""
        defect = defect or self.emergency_wanted()
        return emergency.release_emergency(
            defect, actor=self.cast.supervisor, now=self.journey.later(),
            authoriser_name="何志远", authoriser_phone="13800138000",
            authorised_at=self.journey.now, reason="全行收单中断，须立即调整参数",
            solution_hash=defect.solutions.latest("version").content_hash,
        )  # fmt: skip

    def awaiting(self) -> Defect:
        """D12, co-signed; the report is due."""
        return rulings.cosign_unsolvable(
            self.stated(), actor=self.cast.supervisor, now=self.journey.later()
        )

    def reported_for_decision(self) -> Defect:
        """The report has reached the superior department."""
        return self.journey.report_upward(self.awaiting())

    def decided(self, decision: str, **more: object) -> Defect:
        """D27."""
        return deferring.decide(
            self.reported_for_decision(), actor=self.cast.superior, now=self.journey.later(),
            decision=decision, opinion="同意，请按此办理", **more,  # type: ignore[arg-type]
        )  # fmt: skip

    def explained(self) -> Defect:
        """D27: to be answered with an explanation."""
        return self.decided("explain")

    def deferred(self) -> Defect:
        """D27: until next week."""
        return self.decided("defer", review_at=self.journey.now + timedelta(days=7))

    def silent(self) -> Defect:
        """The superior department has not acknowledged for five working days."""
        defect = self.journey.replied()
        past = self.journey.now - timedelta(minutes=1)
        SuperiorReport.objects.filter(defect=defect).update(silent_at=past)
        return defect

    def converted(self) -> Defect:
        """D7."""
        return triage.convert_to_consultation(
            self.journey.triaging(), actor=self.cast.support, now=self.journey.later(),
            explainer=self.cast.support, explanation="请在清算菜单中选择结算月份",
        )  # fmt: skip

    def merged(self) -> Defect:
        """D30."""
        parent = self.journey.triaging()
        return grouping.merge(
            self.journey.triaging(), actor=self.cast.support, now=self.journey.later(),
            parent=parent,
        )  # fmt: skip

    def withdrawn(self) -> Defect:
        """D29."""
        return ending.withdraw(
            self.journey.submitted(), actor=self.cast.reporter, now=self.journey.later(),
            opinion="已自行恢复，不再需要",
        )  # fmt: skip

    def voided(self) -> Defect:
        """Entered by mistake: the row as D33 leaves it."""
        defect = self.journey.submitted()
        Defect.objects.filter(pk=defect.pk).update(state="voided", holder_role="", holder=None)
        return Defect.objects.get(pk=defect.pk)
