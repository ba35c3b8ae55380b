"""Which colour a state has. The word always stands beside it."""

from __future__ import annotations

# accent: somebody works on it · info: waits for someone to take it · warn: needs a decision or
# came back · late: trouble · ok: done well · idle: at its end or resting
_TONES = {
    "idle": "draft closed converted merged withdrawn voided deferred lapsed none cancelled "
    "archived false_alarm not_due inactive expired superseded retired filed",
    "info": "submitted reported open awaiting_superior asked queued planned scheduled pending due",
    "accent": "triaging tech_processing biz_processing implementing verifying assessing reviewing "
    "running calling in_progress active delivering drafting held",
    "warn": "returned pending_signoff awaiting_approval mitigated downgraded resolved_late "
    "retrying paused rejected unacknowledged",
    "late": "declared missed breached failed overdue gave_up dead",
    "ok": "approved resolved replied confirmed met acknowledged answered sent delivered done "
    "released published accepted verified effective",
}
STATE_TONES = {code: tone for tone, codes in _TONES.items() for code in codes.split()}


def tone_of(code: str) -> str:
    """Tone of a state code; quiet when unknown."""
    return STATE_TONES.get(code, "idle")
