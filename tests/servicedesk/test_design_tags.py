"""The tags, filters and formats every page is made of."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django import forms
from django.apps import AppConfig, apps
from django.conf import settings
from django.template import Context, Template
from django.test import RequestFactory
from django.utils import translation
from django.utils.html import escape

from servicedesk.navigation import NAVIGATION, pages
from workflow import durations
from workflow.deadlines import deadline
from workflow.decisions import Decision, deny_person
from workflow.phones import mask_phone

# 09:05 in Beijing
NOW = datetime(2026, 11, 23, 1, 5, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _english() -> Any:
    with translation.override("en"):
        yield


def render(source: str, **context: Any) -> str:
    """A template of one line."""
    return Template(source).render(Context(context))


def running(**left: float) -> dict[str, Any]:
    """A running clock that falls due ``left`` from now."""
    return {"state": "running", "due_at": NOW + timedelta(**left), "now": NOW}


# --- times ------------------------------------------------------------------------------------
def test_times_are_shown_in_beijing_whatever_the_active_zone() -> None:
    assert render("{{ at|dt }}", at=NOW) == "2026-11-23 09:05"
    assert render('{{ at|dt:"s" }}', at=NOW) == "2026-11-23 09:05:00"
    assert render('{{ at|dt:"date" }}', at=datetime(2026, 11, 23, 17, tzinfo=UTC)) == "2026-11-24"
    assert render("{{ at|dt }}", at=date(2026, 11, 23)) == "2026-11-23"
    assert render("{{ at|dt }}", at=None) == "—"


@pytest.mark.parametrize(
    ("gap", "words"),
    [
        (timedelta(seconds=20), "just now"),
        (timedelta(minutes=5), "5 min ago"),
        (timedelta(hours=3, minutes=59), "3 h ago"),
        (timedelta(days=1), "2026-11-22 09:05"),
        (-timedelta(minutes=30), "in 30 min"),
    ],
)
def test_relative_times_turn_into_dates_after_a_day(gap: timedelta, words: str) -> None:
    assert durations.relative(NOW - gap, NOW) == words


def test_a_relative_time_carries_the_full_one() -> None:
    html = durations.ago(NOW - timedelta(hours=3), NOW)
    assert 'datetime="2026-11-23T06:05:00+08:00"' in html
    assert 'title="2026-11-23 06:05:00"' in html


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(720, "12 min"), (11100, "3 h 05 min"), (183_600, "2 d 3 h")],
)
def test_lengths_use_the_two_largest_units(seconds: int, words: str) -> None:
    assert durations.length(timedelta(seconds=seconds), NOW) == words
    assert durations.length(NOW - timedelta(seconds=seconds), NOW) == words


def test_below_a_minute_a_span_has_seconds_and_what_still_grows_has_none() -> None:
    assert durations.length(timedelta(seconds=30), NOW) == "30 s"
    assert durations.length(NOW - timedelta(seconds=30), NOW) == "under a minute"
    assert durations.length(timedelta(0), NOW) == "under a minute"


@pytest.mark.parametrize(
    ("seconds", "face"), [(0, "00:00"), (309, "05:09"), (3909, "1:05:09"), (-61, "-01:01")]
)
def test_seconds_as_a_clock_face(seconds: int, face: str) -> None:
    assert render("{{ seconds|hms }}", seconds=seconds) == face


# --- phones -----------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("number", "masked"),
    [
        ("13800138000", "138****8000"),
        ("１３８ ００１３ ８０００", "138****8000"),
        ("+8613800138000", "+86 138****8000"),
        ("024-22851234", "024-****1234"),
        ("024-22851234转8012", "024-****1234-8012"),
        ("22851234", "****1234"),
        ("8012", "8012"),
        ("95588", "95588"),
        ("", ""),
        (None, ""),
    ],
)
def test_phones_are_masked(number: str | None, masked: str) -> None:
    assert mask_phone(number) == masked


# --- deadlines --------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("clock", "kind", "text"),
    [
        (running(hours=9, minutes=12), "ok", "On track 9 h 12 min left"),
        (running(minutes=48), "warn", "Due soon 0 h 48 min left"),
        (running(hours=-1, minutes=-5), "late", "Overdue 1 h 05 min over"),
        (running(hours=1) | {"state": "met"}, "met", "Met"),
        (running(hours=1) | {"state": "lapsed"}, "lapsed", "Lapsed"),
        (running(hours=1) | {"state": "voided"}, "voided", "Voided"),
        ({"state": "none"}, "none", "Not agreed"),
        (None, "none", "Not agreed"),
    ],
)
def test_a_chip_says_its_state_in_a_word_and_a_number(
    clock: dict[str, Any] | None, kind: str, text: str
) -> None:
    html = render("{% deadline_chip clock %}", clock=clock)
    assert f"deadline-{kind}" in html
    assert re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html)).strip() == text


def test_the_last_moment_is_not_yet_late() -> None:
    assert deadline(running(seconds=0), NOW).kind == "warn"
    assert deadline(running(seconds=-1), NOW).kind == "late"


def test_the_chip_carries_the_servers_clock_for_the_browser() -> None:
    html = render("{% deadline_chip clock %}", clock=running(hours=2))
    now_ms = int(NOW.timestamp() * 1000)
    assert f'data-now="{now_ms}"' in html
    assert f'data-due="{now_ms + 7_200_000}"' in html


def test_a_warning_time_is_taken_from_the_clock_or_from_its_span() -> None:
    clock = running(hours=4) | {"started_at": NOW - timedelta(hours=8)}
    assert deadline(clock, NOW).kind == "ok"  # 66 % of twelve hours
    assert deadline(clock | {"started_at": NOW - timedelta(hours=12)}, NOW).kind == "warn"  # 75 %
    assert deadline(clock | {"warn_at": NOW}, NOW).kind == "warn"


def test_contract_hours_may_be_shorter_in_drills() -> None:
    clock = running(seconds=540) | {"hour_seconds": 60}
    assert deadline(clock, NOW).detail == "9 h 00 min left"


def test_a_missed_deadline_stands_still_once_the_duty_is_done() -> None:
    clock = running(hours=-5) | {"state": "missed", "stopped_at": NOW - timedelta(hours=3)}
    shown = deadline(clock, NOW)
    assert (shown.detail, shown.live) == ("2 h 00 min over", False)


# --- components -------------------------------------------------------------------------------
def offer(label: str, decision: Decision | None = None, **more: Any) -> dict[str, Any]:
    """An act as a page offers it."""
    return {"label": label, "url": f"/{label}/", "decision": decision, **more}


def test_the_first_possible_act_is_the_primary_one() -> None:
    blocked = deny_person("author", "Someone else must sign: you wrote the plan")
    html = render("{% action_bar offers %}", offers=[offer("sign", blocked), offer("recall")])
    assert html.index("/recall/") < html.index("Someone else must sign")
    assert html.count("btn-primary") == 1
    assert re.search(r'btn-primary" href="/recall/"', html)


def test_a_blocked_act_says_why_and_cannot_be_followed() -> None:
    blocked = deny_person("author", "you wrote the plan")
    html = render("{% action_bar offers %}", offers=[offer("sign", blocked)])
    assert 'aria-disabled="true"' in html
    assert "not possible:" in html
    assert "you wrote the plan" in html
    assert "/sign/" not in html


def test_a_dangerous_act_is_never_primary() -> None:
    html = render("{% action_bar offers %}", offers=[offer("void", tone="danger")])
    assert "btn-primary" not in html


def test_words_of_people_are_escaped_everywhere() -> None:
    evil = '<script>alert("1")</script>'
    entry = {"at": NOW, "title": evil, "person": evil, "text": evil}
    html = render(
        "{% page_header evil number=evil lead=evil %}{% timeline entries %}{% facts rows %}"
        "{% empty_state evil evil %}{% state_badge evil evil %}{% stat evil evil evil %}"
        "{% panel evil %}{{ evil }}{% endpanel %}{% dialog 'd' evil %}{{ evil }}{% enddialog %}"
        "{% internal evil %}{{ evil }}{% endinternal %}{% icon evil evil %}",
        evil=evil,
        entries=[entry],
        rows=[(evil, evil)],
    )
    assert "<script" not in html
    assert escape(evil) in html


def test_internal_entries_are_marked_by_a_word() -> None:
    entry = {"at": NOW, "title": "Note", "text": "x"}
    assert "Internal" not in render("{% timeline e %}", e=[entry])
    assert "Internal" in render("{% timeline e %}", e=[entry | {"internal": True}])


def test_links_keep_the_filters() -> None:
    request = RequestFactory().get("/", {"state": "open", "page": "3"})
    link = render("{% query_with sort='due' page=None %}", request=request)
    assert link == escape("?state=open&sort=due")


def test_a_keyset_page_links_to_its_neighbours() -> None:
    request = RequestFactory().get("/", {"state": "open", "before": "x"})
    html = render(
        "{% pagination page %}", request=request, page={"prev": "", "next": "k7", "total": 128}
    )
    assert "128 in all" in html
    assert 'href="?state=open&amp;after=k7"' in html
    assert 'rel="prev"' not in html


# --- forms ------------------------------------------------------------------------------------
class Sample(forms.Form):
    """One field of each kind."""

    title = forms.CharField(help_text="One sentence.")
    at = forms.DateTimeField(required=False)
    day = forms.DateField(required=False)
    sure = forms.BooleanField(required=False)
    kind = forms.ChoiceField(choices=[("a", "A")], widget=forms.RadioSelect)


def test_a_wrong_field_is_tied_to_its_error_and_its_help() -> None:
    html = str(Sample({"title": ""}))
    control = re.search(r'<input type="text" name="title"[^>]*>', html)
    assert control
    assert 'aria-invalid="true"' in control[0]
    assert 'aria-describedby="id_title_helptext id_title_error"' in control[0]
    assert 'id="id_title_helptext"' in html
    assert 'id="id_title_error"' in html
    assert "(required)" in html


def test_labels_stand_without_colons_and_groups_have_a_legend() -> None:
    html = str(Sample())
    assert 'for="id_title" class="field-label">Title<' in html
    assert "<legend" in html
    assert 'class="form-check-input" id="id_sure"' in html


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize(
    "typed", ["2026-11-23", "2026年11月23日", "2026.11.23", "2026/11/23", "20261123", "2026.1.2"]
)
def test_dates_may_be_typed_as_people_write_them(language: str, typed: str) -> None:
    expected = date(2026, 1, 2) if typed == "2026.1.2" else date(2026, 11, 23)
    with translation.override(language):
        assert Sample().fields["day"].clean(typed) == expected


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize(
    "typed",
    [
        "2026-11-23 09:05",
        "2026-11-23T09:05",
        "2026年11月23日 9时5分",
        "2026年11月23日09:05",
        "2026.11.23 09：05",
        "20261123 0905",
    ],
)
def test_times_may_be_typed_as_people_write_them(language: str, typed: str) -> None:
    with translation.override(language):
        assert Sample().fields["at"].clean(typed) == NOW


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_a_date_alone_is_midnight_and_not_misread(language: str) -> None:
    with translation.override(language):
        found = Sample().fields["at"].clean("20261123")
    assert durations.stamp(found) == "2026-11-23 00:00"


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_forms_show_times_as_the_pages_do(language: str) -> None:
    with translation.override(language):
        html = str(Sample(initial={"at": NOW, "day": date(2026, 11, 23)}))
        money = render("{% load l10n %}{{ n|localize }}", n=1234567)
    assert 'value="2026-11-23 09:05"' in html
    assert 'value="2026-11-23"' in html
    assert money == "1234567"  # grouping only where a page asks for it


# --- the house ---------------------------------------------------------------------------------
ICON_NAMES = re.compile(r"""(?:{% icon |icon=|"icon": )["']([a-z0-9-]+)["']""")


def test_every_icon_in_use_is_in_the_sprite() -> None:
    sprite = (settings.BASE_DIR / "static/desk/icons.svg").read_text("utf-8")
    shipped = set(re.findall(r'<symbol id="([^"]+)"', sprite))
    used = {item.icon for group in NAVIGATION for item in group.items}
    used |= {page.icon for page in pages()}
    home = Path(settings.BASE_DIR)
    for room in [home / "templates", *(home / config.label for config in get_rooms())]:
        for file in room.rglob("*"):
            if file.suffix in (".html", ".py"):
                used |= set(ICON_NAMES.findall(file.read_text("utf-8")))
    assert "bug" in used
    assert used <= shipped, f"add to deploy/icons.txt: {sorted(used - shipped)}"


def get_rooms() -> list[AppConfig]:
    """The product's own apps."""
    return [
        config
        for config in apps.get_app_configs()
        if Path(config.path).parent == Path(settings.BASE_DIR)
    ]


def luminance(colour: str) -> float:
    """Relative luminance of #rrggbb (WCAG 2)."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Contrast ratio of two colours."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_every_text_colour_reaches_the_contrast_of_wcag(theme: str) -> None:
    css = Path(settings.BASE_DIR / "static/desk/tokens.css").read_text("utf-8")
    block = re.search(rf'\[data-bs-theme="{theme}"\] {{(.*?)\n}}', css, re.DOTALL)
    assert block
    colours = dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", block[1]))
    plain = ["ink", "ink-2", "quiet", "accent", "late", "ok", "warn", "info", "idle", "internal"]
    pairs = [(text, under) for text in plain for under in ("paper", "surface", "sunk")]
    pairs += [(tone, f"{tone}-soft") for tone in plain[3:]]
    pairs += [("ink", f"{tone}-soft") for tone in plain[3:]]
    pairs += [("quiet", "internal-soft"), ("quiet", "accent-soft"), ("ink-2", "internal-soft")]
    pairs += [("accent-on", "accent"), ("accent-on", "accent-strong"), ("late-on", "late-solid")]
    pairs += [("rail-ink", "rail-bg"), ("rail-quiet", "rail-bg"), ("rail-ink", "rail-here")]
    weak = {pair: contrast(colours[pair[0]], colours[pair[1]]) for pair in pairs}
    assert {pair: round(ratio, 2) for pair, ratio in weak.items() if ratio < 4.5} == {}
    # Borders of controls and the focus ring: 3:1 against what they stand on.
    edges = [(edge, under) for edge in ("line-strong", "focus") for under in ("paper", "surface")]
    assert [pair for pair in edges if contrast(colours[pair[0]], colours[pair[1]]) < 3] == []
