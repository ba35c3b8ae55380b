"""Rows of many causes are written together at the end of a block."""

from __future__ import annotations

import pytest

from engine.together import Together


@pytest.fixture
def written() -> list[list[int]]:
    """What has been written, one list for each statement."""
    return []


@pytest.fixture
def rows(written: list[list[int]]) -> Together[int]:
    """Rows that are numbers."""
    return Together("test", lambda batch: written.append(list(batch)))


def test_outside_of_a_block_rows_are_written_at_once(
    rows: Together[int], written: list[list[int]]
) -> None:
    rows.add([1, 2])
    rows.add([])

    assert written == [[1, 2]]
    assert not rows.is_open


def test_inside_they_wait_for_its_end_and_a_block_inside_joins_it(
    rows: Together[int], written: list[list[int]]
) -> None:
    with rows.block():
        rows.add([1])
        with rows.block():
            rows.add([2])
        assert rows.is_open
        assert written == []

    assert written == [[1, 2]]


def test_an_error_leaves_nothing_written_and_the_block_closed(
    rows: Together[int], written: list[list[int]]
) -> None:
    def fail() -> None:
        with rows.block():
            rows.add([1])
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    rows.add([2])

    assert written == [[2]]


def test_inside_a_question_is_asked_once(rows: Together[int]) -> None:
    asked: list[str] = []

    def ask() -> int:
        asked.append("?")
        return len(asked)

    with rows.block():
        assert [rows.known("a", ask), rows.known("a", ask), rows.known("b", ask)] == [1, 1, 2]
    assert rows.known("a", ask) == 3
