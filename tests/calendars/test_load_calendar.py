"""Loading a year's arrangement from a file: preview, all or nothing, trail."""

from __future__ import annotations

import json
from collections.abc import Callable
from copy import deepcopy
from datetime import date
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from accounts.models import User
from audit.models import Event
from calendars.models import CalendarDay, CalendarYear

pytestmark = pytest.mark.django_db

NEXT_YEAR: dict[str, Any] = {
    "year": 2027,
    "notice": "国办发明电〔2026〕9号",
    "days": [
        {"kind": "makeup", "from": "2026-12-27", "name": "元旦", "name_en": "New Year's Day"},
        {
            "kind": "holiday", "from": "2027-01-01", "to": "2027-01-03",
            "name": "元旦", "name_en": "New Year's Day",
        },
    ],
}  # fmt: skip

Write = Callable[[Any], str]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Write a file and give its path."""

    def write_file(content: Any) -> str:
        path = tmp_path / "year.json"
        text = content if isinstance(content, str) else json.dumps(content, ensure_ascii=False)
        path.write_text(text, encoding="utf-8")
        return str(path)

    return write_file


def run(*arguments: str) -> str:
    """Output of the command."""
    out = StringIO()
    call_command("load_calendar", *arguments, stdout=out)
    return out.getvalue()


def test_it_loads_the_year_with_its_days(write: Write) -> None:
    out = run(write(NEXT_YEAR))
    assert "calendar 2027 loaded" in out
    year = CalendarYear.objects.get(year=2027)
    assert year.notice == "国办发明电〔2026〕9号"
    assert list(year.days.values_list("date", "kind")) == [
        (date(2026, 12, 27), "makeup"),
        (date(2027, 1, 1), "holiday"),
        (date(2027, 1, 2), "holiday"),
        (date(2027, 1, 3), "holiday"),
    ]


def test_it_tells_the_trail_who_loaded_what(write: Write, sysadmin: User) -> None:
    run(write(NEXT_YEAR), "--by", "QianJin")
    event = Event.objects.get(action="calendar.loaded")
    assert (event.actor_key, event.target_label) == (f"user:{sysadmin.pk}", "2027")
    assert event.data["notice"] == "国办发明电〔2026〕9号"
    assert len(event.data["changes"]) == 4
    entered_by = set(CalendarDay.objects.filter(year=2027).values_list("entered_by", flat=True))
    assert entered_by == {sysadmin.audit_name}


def test_a_dry_run_shows_the_changes_and_makes_none(write: Write) -> None:
    out = run(write(NEXT_YEAR), "--dry-run")
    assert "+ 2026-12-27 makeup 元旦" in out
    assert "nothing has been changed" in out
    assert not CalendarYear.objects.filter(year=2027).exists()
    assert not Event.objects.filter(action__startswith="calendar.").exists()


def test_an_amended_year_replaces_the_old_one_and_names_the_difference(write: Write) -> None:
    run(write(NEXT_YEAR))
    amended = deepcopy(NEXT_YEAR)
    amended["days"][1]["to"] = "2027-01-02"
    out = run(write(amended))
    assert "- 2027-01-03 holiday" in out
    assert "2027-01-02" not in out
    assert CalendarDay.objects.filter(year=2027).count() == 3
    event = Event.objects.get(action="calendar.replaced")
    assert [line[:12] for line in event.data["changes"]] == ["- 2027-01-03"]


def test_loading_the_same_file_again_changes_no_day(write: Write) -> None:
    run(write(NEXT_YEAR))
    assert "no day changes" in run(write(NEXT_YEAR))
    assert CalendarDay.objects.filter(year=2027).count() == 4


def test_a_day_of_another_year_is_not_taken_away(write: Write) -> None:
    run(write(NEXT_YEAR))
    this_year = {
        "year": 2026,
        "notice": "通知",
        "days": [{"kind": "makeup", "from": "2026-12-27", "name": "补", "name_en": "Make-up"}],
    }
    with pytest.raises(CommandError, match="belongs to the arrangement of 2027"):
        run(write(this_year))
    assert CalendarYear.objects.get(year=2026).notice == "国办发明电〔2025〕7号"
    assert CalendarDay.objects.filter(year=2026).count() == 39


def broken(**changes: Any) -> dict[str, Any]:
    """The good file with its second period changed; None takes a key away."""
    content = deepcopy(NEXT_YEAR)
    content["days"][1].update(changes)
    content["days"][1] = {key: each for key, each in content["days"][1].items() if each is not None}
    return content


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("{", "not a JSON file"),
        ([], "one object"),
        ({**NEXT_YEAR, "year": "2027"}, "year: a number"),
        ({**NEXT_YEAR, "notice": " "}, "notice"),
        ({**NEXT_YEAR, "days": []}, "a list of periods"),
        ({**NEXT_YEAR, "days": ["2027-01-01"]}, "item 1: an object"),
        (broken(kind="picnic"), "item 2: kind"),
        (broken(**{"from": "1 January"}), "item 2: “from” must be a date"),
        (broken(to="2026-12-31"), "not a holiday's length"),
        (broken(to="2027-12-31"), "not a holiday's length"),
        (broken(**{"from": "2028-01-01", "to": None}), "outside 2027"),
        (broken(**{"from": "2026-11-29", "to": None}), "outside 2027"),
        (broken(kind="makeup"), "no Saturday or Sunday"),
        (broken(**{"from": "2026-12-27", "to": None}), "occurs twice"),
        (broken(name_en=None), "name_en"),
        (broken(name="节" * 41), "1 to 40 characters"),
    ],
)
def test_a_faulty_file_is_refused_with_the_place_of_the_fault(
    write: Write, content: Any, message: str
) -> None:
    with pytest.raises(CommandError, match=message):
        run(write(content))
    assert not CalendarYear.objects.filter(year=2027).exists()


def test_a_missing_file_and_an_unknown_person_are_refused(write: Write, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="No such file"):
        run(str(tmp_path / "none.json"))
    with pytest.raises(CommandError, match="nobody is called ghost"):
        run(write(NEXT_YEAR), "--by", "ghost")
    assert not CalendarYear.objects.filter(year=2027).exists()
