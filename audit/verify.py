"""Proving the chain."""

from __future__ import annotations

from dataclasses import dataclass

from audit.models import GENESIS, ChainHead, Event


@dataclass(frozen=True)
class Verdict:
    """Result of a walk along the chain; ``broken_seq`` names the first row that does not fit."""

    checked: int
    broken_seq: int | None
    reason: str

    @property
    def intact(self) -> bool:
        """True when every row fits."""
        return self.broken_seq is None


def verify_chain() -> Verdict:
    """Recompute the chain from its first row to its head (I03)."""
    seq, previous = 0, GENESIS
    for event in Event.objects.order_by("seq").iterator(chunk_size=2000):
        seq += 1
        if event.seq != seq:
            return Verdict(seq - 1, seq, "a row is missing")
        if event.prev_hash != previous:
            return Verdict(seq - 1, seq, "the link to the previous row does not fit")
        if event.hash != event.compute_hash():
            return Verdict(seq - 1, seq, "the content does not fit its hash")
        previous = event.hash
    head = ChainHead.objects.filter(pk=1).first()
    head_seq, head_hash = (head.seq, head.hash) if head else (0, GENESIS)
    if head_seq != seq or head_hash != previous:
        return Verdict(seq, min(seq, head_seq) + 1, "rows at the end are missing or foreign")
    return Verdict(seq, None, "")
