"""The product's formats; see ``servicedesk.formats.shared``."""

from __future__ import annotations

from servicedesk.formats.shared import *  # noqa: F403
