"""The sections of an emergency response plan (应急预案, document 5.3)."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

# Code → name, in the order in which they are printed. The revision record is written by the
# product itself from the versions.
SECTIONS: dict[str, Any] = {
    "general": _("General: purpose, basis, scope, principles"),
    "organisation": _("Organisation and duties: leading, executing, support team"),
    "overview": _("System overview: business impact, RTO, RPO, resources"),
    "risks": _("Risks and scenarios"),
    "monitoring": _("Monitoring and early warning"),
    "grading": _("Grades and response"),
    "procedure": _("Handling procedure"),
    "playbook": _("Scenario playbook: commands, judgement, way back"),
    "communication": _("Communication and reporting: to whom, when, in which words"),
    "recovery": _("Recovery and rebuilding"),
    "aftermath": _("Aftermath: evaluation and summary"),
    "support": _("Support: people, material, technology, communication"),
    "training": _("Drills and training"),
    "annex": _("Annexes: contacts, charts, forms"),
}
OPTIONAL = frozenset({"annex"})
