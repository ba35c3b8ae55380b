"""``manage.py load_demo``: once is enough, twice does no harm."""

from __future__ import annotations

from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from notifications.models import Message
from tickets.models import Consultation, Defect


def test_the_command_fills_once_and_says_the_log_ins(db: None, settings: Any) -> None:
    settings.DEMO = True
    for _time in range(2):
        out = StringIO()
        call_command("load_demo", stdout=out)
        assert "zhoujing" in out.getvalue()
        assert (Defect.objects.count(), Consultation.objects.count()) == (9, 7)
    assert Message.objects.exists()


def test_without_the_demo_flag_nothing_is_loaded(db: None, settings: Any) -> None:
    settings.DEMO = False
    with pytest.raises(CommandError, match="DEMO is off"):
        call_command("load_demo")
    assert not Defect.objects.exists()
