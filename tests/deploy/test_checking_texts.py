"""The check of the Chinese catalogue finds every kind of fault."""

from __future__ import annotations

import polib
import pytest

from deploy import check_messages
from deploy.ground import Problem

Catalogue = dict[tuple[str | None, str], polib.POEntry]


def _catalogue(*entries: polib.POEntry) -> Catalogue:
    return {(entry.msgctxt, entry.msgid): entry for entry in entries}


def _entry(english: str, chinese: str = "", *flags: str) -> polib.POEntry:
    return polib.POEntry(msgid=english, msgstr=chinese, flags=list(flags))


SOURCE = _catalogue(_entry("Sent by %(name)s"))


@pytest.mark.parametrize(
    ("entry", "fault"),
    [
        (_entry("Sent by %(name)s", ""), "no Chinese"),
        (_entry("Sent by %(name)s", "  "), "no Chinese"),
        (_entry("Sent by %(name)s", "由%(name)s发送", "fuzzy"), "marked fuzzy"),
        (_entry("Sent by %(name)s", "由%(nane)s发送"), "other placeholders"),
        (_entry("Sent by %(name)s", "已发送"), "other placeholders"),
    ],
)
def test_bad_chinese_is_told(entry: polib.POEntry, fault: str) -> None:
    assert list(check_messages.faults(SOURCE, _catalogue(entry))) == [
        f"{fault}: 'Sent by %(name)s' ()"
    ]


def test_good_chinese_passes() -> None:
    good = _catalogue(_entry("Sent by %(name)s", "由%(name)s发送"))

    assert list(check_messages.faults(SOURCE, good)) == []


def test_missing_and_left_over_texts_are_told() -> None:
    other = _catalogue(_entry("Gone", "没了"))

    assert list(check_messages.faults(SOURCE, other)) == [
        "not in the catalogue: 'Sent by %(name)s' ()",
        "no longer in the source: 'Gone'",
    ]


def test_without_gettext_it_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")

    with pytest.raises(Problem, match="apt install gettext"):
        check_messages.need_gettext()
