"""Rows written together: what many causes in one transaction would write one by one.

Inside a block the rows are collected and written at its end with a few statements. An error inside
leaves the block with nothing written; whoever opened it rolls back to where it began.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

RowT = TypeVar("RowT")
ValueT = TypeVar("ValueT")


@dataclass
class _Block(Generic[RowT]):
    rows: list[RowT] = field(default_factory=list)
    known: dict[Any, Any] = field(default_factory=dict)


class Together(Generic[RowT]):
    """Collects rows of one kind; ``write`` gets all of a block's rows at its end."""

    def __init__(self, name: str, write: Callable[[list[RowT]], None]) -> None:
        self._write = write
        self._open: ContextVar[_Block[RowT] | None] = ContextVar(f"together_{name}", default=None)

    @contextmanager
    def block(self) -> Iterator[None]:
        """Collect until the end of the block; a block inside another joins it."""
        if self._open.get() is not None:
            yield
            return
        block: _Block[RowT] = _Block()
        token = self._open.set(block)
        try:
            yield
        finally:
            self._open.reset(token)
        if block.rows:
            self._write(block.rows)

    def add(self, rows: Iterable[RowT]) -> None:
        """Write the rows at the end of the block, or at once outside of one."""
        block = self._open.get()
        if block is not None:
            block.rows.extend(rows)
        elif found := list(rows):
            self._write(found)

    @property
    def is_open(self) -> bool:
        """True inside a block."""
        return self._open.get() is not None

    def known(self, key: Any, find: Callable[[], ValueT]) -> ValueT:
        """What ``find`` gives; inside a block it is asked once for each ``key``."""
        block = self._open.get()
        if block is None:
            return find()
        if key not in block.known:
            block.known[key] = find()
        found: ValueT = block.known[key]
        return found
