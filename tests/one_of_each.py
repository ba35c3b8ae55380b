"""One record of every kind, for tests that visit every address."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.core.files.base import ContentFile

from accounts.models import User
from accounts.roles import Role
from audit import services as audit
from calendars.models import CalendarYear
from hotline.models import Contact
from hotline.services.machine_room import Alarm, file_report
from incidents.models import Incident, RecoveryDocument, RecoveryFile
from incidents.services import report_incident
from oncall import board, links
from oncall.models import HandoverSheet, Page, Shift
from operations.models import ManagedObject
from readiness.models import Drill, EmergencyPlan, Risk
from tests.readiness.library import standing
from tickets.models import Attachment, Consultation, Defect, ProjectGroup
from tickets.models.knowledge import KnowledgeArticle
from tickets.services.consultations import Question, record_consultation
from tickets.services.defects import submit_new
from tickets.services.inputs import DefectInput
from tickets.services.knowledge import Wording, propose, publish

WHAT = "查询三个月以上的交易时页面提示超时,无法导出。"


@dataclass
class World:
    """The records, and everybody by role."""

    people: dict[str, User]
    defect: Defect
    consultation: Consultation
    incident: Incident
    attachment: Attachment
    contact: Contact
    machine_room: Any
    page: Page
    system: ManagedObject
    group: ProjectGroup
    plan: EmergencyPlan
    drill: Drill
    risk: Risk

    @property
    def article(self) -> KnowledgeArticle:
        """The published knowledge article."""
        return KnowledgeArticle.objects.get()

    def arguments(self) -> dict[str, dict[str, Any]]:
        """Arguments of the addresses that name a record."""
        defect, incident = {"key": self.defect.number}, {"number": self.incident.number}
        report, call = {"number": self.machine_room.number}, {"sid": uuid.uuid4()}
        thing = {"code": self.system.code}
        unit = {"pk": self.people[Role.REPORTER].organisation_id}
        person = {"pk": self.people[Role.REPORTER].pk}
        return {
            "tickets:defect": defect,
            "tickets:defect_paper": defect,
            "tickets:defect_receipt": defect,
            "tickets:defect_action": {**defect, "action": "accept"},
            "tickets:attachment": {"key": self.attachment.key},
            "tickets:group": {"pk": self.group.pk},
            "tickets:consultation_print": {"number": self.consultation.number},
            "tickets:knowledge": {"number": self.article.number},
            "tickets:knowledge_opinion": {"number": self.article.number},
            "tickets:knowledge_action": {"key": self.article.number, "action": "retire"},
            "tickets:consultation": {"number": self.consultation.number},
            "tickets:consultation_action": {"key": self.consultation.number, "action": "close"},
            "incidents:room": incident,
            "incidents:live": incident,
            "sla:ledger": {"subject": self.incident.number},
            "sla:ledger_export": {"subject": self.incident.number},
            "incidents:act": {"key": self.incident.number, "action": "acknowledge"},
            "incidents:print": {**incident, "kind": "recovery", "version": 1},
            "incidents:file": {"key": RecoveryFile.objects.get().key},
            "hotline:incident_contacts": incident,
            "readiness:plan": {"number": self.plan.number},
            "readiness:plan_act": {"key": self.plan.number, "action": "write"},
            "readiness:drill_start": {"number": self.plan.number},
            "readiness:drill": {"number": self.drill.number},
            "readiness:drill_act": {"key": self.drill.number, "action": "start"},
            "readiness:risk": {"number": self.risk.number},
            "readiness:risk_act": {"key": self.risk.number, "action": "assess"},
            "readiness:checklist": incident,
            "readiness:checklist_open": incident,
            "readiness:checklist_tick": {**incident, "use": 1},
            "readiness:checklist_untick": {**incident, "tick": 1},
            "hotline:contact": {"number": self.contact.number},
            "hotline:contact_correct": {"number": self.contact.number},
            "hotline:contact_decide": {"number": self.contact.number, "pk": 0},
            "hotline:machine_room": report,
            "hotline:machine_room_take": report,
            "hotline:machine_room_judge": report,
            "oncall:page": {"pk": self.page.pk},
            "oncall:page_panel": {"subject": self.incident.number},
            "oncall:page_acknowledge": {"pk": self.page.pk},
            "oncall:link": {"token": links.token(self.page, self.people[Role.TECH])},
            "oncall:phone_board": {"token": board.token(self.people[Role.TECH])},
            "oncall:evidence": {"pk": self.page.pk},
            "oncall:ladder_edit": {"urgency": "urgent"},
            **{
                f"oncall:twilio_{kind}": {"reference": "page:1:rung:0:1"}
                for kind in ("voice", "spare", "digit", "status", "text")
            },
            "oncall:aliyun": {"secret": "x"},
            "api:page": {"pk": self.page.pk},
            "api:page_acknowledge": {"pk": self.page.pk},
            "oncall:phone_answer": call,
            "oncall:phone_hang_up": call,
            "oncall:phone_press": call,
            "oncall:shift_remove": {"pk": Shift.objects.get().pk},
            "oncall:leave_withdraw": {"pk": 0},
            "oncall:load_detail": {"pk": self.people[Role.TECH].pk, "figure": "nights"},
            "oncall:swap_act": {"pk": 0, "act": "agree"},
            "oncall:handover": {"pk": HandoverSheet.objects.get().pk},
            "oncall:handover_acknowledge": {"pk": 0},
            "api:leave_withdraw": {"pk": 0},
            "api:swap_act": {"pk": 0, "act": "agree"},
            "api:feed_revoke": {"pk": 0},
            "oncall:feed": {"key": uuid.uuid4(), "token": "wrong"},
            "oncall:feed_revoke": {"pk": 0},
            "oncall:shift_replace": {"pk": Shift.objects.get().pk},
            "oncall:rotation_edit": {"roster": "hotline"},
            "api:shift_replace": {"pk": Shift.objects.get().pk},
            "teamwork:around": {"kind": "defect", "key": self.defect.number, "act": "comment"},
            "teamwork:phrase_remove": {"pk": 0},
            "teamwork:delegation_panel": person,
            "teamwork:hand_over": person,
            "teamwork:delegation_end": {"pk": 0},
            "notifications:open": {"pk": 0},
            "notifications:read": {"pk": 0},
            "calendars:year": {"year": 2026},
            "operations:object": thing,
            "operations:object_edit": thing,
            "operations:object_propose": thing,
            "operations:object_decide": thing,
            "accounts:unit": unit,
            "accounts:unit_switch": unit,
            "sla:agreement": {"version": 1},
            "sla:agreement_action": {"key": "1", "action": "confirm"},
            "reports:figure": {"code": "backlog"},
            **dict.fromkeys(
                ["accounts:person", "accounts:person_roles", "accounts:person_password",
                 "accounts:person_switch"],
                person,
            ),
            "api:no_such_address": {},
        }  # fmt: skip


def build(people: dict[str, User], system: ManagedObject, now: datetime) -> World:
    """Everything through the services, a few minutes before ``now``."""
    reporter, agent = people[Role.REPORTER], people[Role.AGENT]
    then = now - timedelta(minutes=10)
    shift = Shift.objects.create(
        starts_at=now - timedelta(hours=1), ends_at=now + timedelta(hours=8),
        primary=people[Role.TECH], backup=people[Role.SUPPORT],
    )  # fmt: skip
    assert shift.pk
    HandoverSheet.objects.create(
        at=now, kind=HandoverSheet.Kind.SHIFT, taker=people[Role.TECH], leaver=people[Role.SUPPORT]
    )
    CalendarYear.objects.get_or_create(year=2026, defaults=_year(then))
    defect = submit_new(
        actor=reporter, now=then, reporter=reporter,
        form=DefectInput(
            title="商户交易查询超时", phenomenon=WHAT, managed_object=system,
            contact_phone="024-22851234",
        ),
    )  # fmt: skip
    attachment = Attachment(
        defect=defect, name="screen.txt", content_type="text/plain", size=4, sha256="0" * 64,
        uploaded_by=reporter, uploaded_at=then,
    )  # fmt: skip
    attachment.file.save("screen.txt", ContentFile(b"text"), save=False)
    attachment.save()
    consultation = record_consultation(
        actor=agent, now=then, close=False,
        question=Question(
            caller=reporter, caller_name=reporter.name, caller_phone="024-22851234",
            unit=reporter.organisation, channel="hotline", managed_object=system,
            question="商户号查询在哪个菜单里?", started_at=then,
        ),
    )  # fmt: skip
    article = propose(
        actor=agent, now=then,
        wording=Wording("怎样查询商户号", "商户号在哪里查询?", WHAT, public=True),
    )  # fmt: skip
    publish(article, actor=people[Role.SUPPORT], now=then)
    with audit.unit_of_work():
        incident = report_incident(
            actor=agent, now=then, title="收单业务中断", phenomenon=WHAT, managed_object=system,
            unit=reporter.organisation, reporter=reporter, reporter_name=reporter.name,
            reporter_phone="024-22851234", claimed_down=True,
        )  # fmt: skip
    recovery = RecoveryDocument.objects.create(
        incident=incident, version=1, summary="切换备用阵列", rows=[],
        author=people[Role.TECH], written_at=then,
    )  # fmt: skip
    kept = RecoveryFile(
        document=recovery, name="array.txt", content_type="text/plain", size=4, sha256="0" * 64,
        uploaded_by=people[Role.TECH], uploaded_at=then,
    )  # fmt: skip
    kept.file.save("array.txt", ContentFile(b"text"), save=False)
    kept.save()
    machine_room = file_report(
        actor=people[Role.MONITOR], now=then, reporter=people[Role.MONITOR],
        alarm=Alarm(
            phone="13800138000", location="一号机房 B 列 12 柜", managed_object=system,
            alarm_at=then, phenomenon="精密空调停机,机房温度持续上升",
        ),
    )  # fmt: skip
    contact = Contact.objects.create(
        number="LX-20261123-0001", channel="hotline", caller=reporter, caller_name=reporter.name,
        caller_phone="024-22851234", unit=reporter.organisation, summary="问菜单",
        result="solved", started_at=then, ended_at=then, after_hours=False, agent=agent,
    )  # fmt: skip
    page = Page.objects.filter(subject=incident.number).get()
    group = ProjectGroup.objects.create(name="前置系统组", name_en="Front-end group")
    plan, drill, risk = standing(people, now)
    return World(
        people, defect, consultation, incident, attachment, contact, machine_room, page, system,
        group, plan, drill, risk,
    )  # fmt: skip


def _year(now: datetime) -> dict[str, Any]:
    return {"notice": "test", "loaded_at": now}
