"""Makes ``docs/workflow-table.md`` from the expectation table: ``make workflow-table``."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import django
from django.utils import translation

PAGE = Path(__file__).resolve().parents[2] / "docs" / "workflow-table.md"
HEAD = """# The workflow of a defect: state × act × person

Made from the expectation table of the tests by `make workflow-table`; do not edit. The tests
try every cell: what is not listed here is refused (403 not this person, 404 out of scope, 409 not
in this state), leaves the record untouched and writes one refused event into the audit trail.
Four-eyes comes on top, per person: see `tests/tickets/test_four_eyes_table.py`.
"""


def page() -> str:
    """The whole page, in English."""
    with translation.override("en"):
        return "\n".join([HEAD, *_acts(), "", *_states()]) + "\n"


def _acts() -> Iterator[str]:
    from tests.tickets.table import BY_ITSELF, MAY, OTHER_DOORS
    from tickets.actions import DEFECT_ACTIONS

    yield "## Every act\n"
    yield "| No. | Act | Code | In | By | Leads to |"
    yield "|---|---|---|---|---|---|"
    for action in sorted(DEFECT_ACTIONS, key=lambda each: (_order(each.ref), each.code)):
        for row in MAY[action.code]:
            places = "; ".join(_situation(name) for name in row.situations)
            people = ", ".join(_person(name) for name in row.people)
            yield (
                f"| {action.ref} | {action.label} | `{action.code}` | {places} | {people} "
                f"| {_leads_to(row.to)} |"
            )
    for name, source, target in BY_ITSELF:
        yield f"| – | {name} | – | {_state(source)} | the engine | {_state(target)} |"
    for name, source, target in OTHER_DOORS:
        yield f"| – | {name} | – | {_state(source)} | see there | {_state(target)} |"


def _states() -> Iterator[str]:
    from tests.tickets.table import MAY, SITUATIONS

    yield "## Every state\n"
    yield "| State | Acts, with who may do them |"
    yield "|---|---|"
    for situation in SITUATIONS:
        acts = [
            f"`{code}` ({', '.join(_person(name) for name in row.people)})"
            for code, rows in MAY.items()
            for row in rows
            if situation in row.situations
        ]
        yield f"| {_situation(situation)} | {'; '.join(acts) or 'nothing'} |"


def _situation(name: str) -> str:
    from tests.tickets.table import SITUATIONS, state_of

    note = SITUATIONS[name]
    return f"{_state(state_of(name))}{f' ({note})' if note else ''}"


def _state(code: str) -> str:
    from tickets.models import Defect

    return str(Defect.State(code).label)


def _leads_to(to: str) -> str:
    parts = [_state(code) if code else "same state" for code in to.split("|")]
    return " / ".join(parts)


def _person(name: str) -> str:
    from tests.tickets.table import TOLD
    from workflow.templatetags.desk import ROLE_LABELS

    return TOLD.get(name) or str(ROLE_LABELS[name]).lower()


def _order(ref: str) -> tuple[str, int, str]:
    digits = "".join(each for each in ref if each.isdigit())
    return ref[0], int(digits or 0), ref


if __name__ == "__main__":
    django.setup()
    PAGE.write_text(page(), "utf-8")
