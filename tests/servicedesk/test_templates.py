"""Every template compiles and keeps scripts and styles in files."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.template import engines

HOME = Path(settings.BASE_DIR) / "templates"
NAMES = sorted(str(file.relative_to(HOME)) for file in HOME.rglob("*.html"))
# The content security policy refuses these, so that the page would silently miss them.
INLINE = re.compile(r"<style\b|<script(?![^>]*\bsrc=)|\sstyle=|\son[a-z]+=", re.IGNORECASE)


def test_there_are_templates() -> None:
    assert "base.html" in NAMES


@pytest.mark.parametrize("name", NAMES)
def test_template_compiles(name: str) -> None:
    engines["django"].get_template(name)


@pytest.mark.parametrize("name", NAMES)
def test_template_has_no_inline_script_or_style(name: str) -> None:
    assert INLINE.findall((HOME / name).read_text("utf-8")) == []
