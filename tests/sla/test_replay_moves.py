"""A T0 that is moved later and back again: stored and rebuilt clocks wait for the same moment."""

from __future__ import annotations

from collections.abc import Callable

from sla.proof import differences
from tests.sla.conftest import Promise, after


def test_later_and_earlier_again(promise: Callable[..., Promise]) -> None:
    clocks = promise()
    clocks.tick(after(7))
    clocks.move(after(3), after(7))
    assert differences([clocks.commitment], after(7)) == []
    clocks.move(after(-1), after(7.5))

    assert differences([clocks.commitment], after(7.5)) == []
    clocks.tick(after(20))
    assert differences([clocks.commitment], after(20)) == []
