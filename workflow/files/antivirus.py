"""Asking clamd whether a file is clean, over its socket (I06). Off unless ``CLAMD_URL`` is set.

When it is on and does not answer, nothing is taken: a scanner that is down is no scanner.
"""

from __future__ import annotations

import logging
import socket
import struct
from collections.abc import Sequence
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from audit import services as audit
from audit.models import Event
from workflow.errors import InvalidInput

log = logging.getLogger(__name__)
CHUNK = 64 * 1024
LONGEST_ANSWER = 4096


class ScannerDown(Exception):
    """clamd gave no usable answer."""


def check_clean(files: Sequence[UploadedFile[Any]], *, actor: User) -> None:
    """Raise ``InvalidInput`` (field ``files``) unless every file is clean; nothing when it is off.

    Called before the transaction of the record begins: scanning takes time. What was found is
    written into the trail under the person who sent it.
    """
    if not settings.CLAMD_URL:
        return
    for file in files:
        try:
            found = scan(file)
        except (ScannerDown, OSError, ValueError) as failure:
            log.error("clamd does not answer: %s", failure)
            _note(actor, file, "scanner_down", "")
            message = _("The virus scanner does not answer, so no file can be taken now.")
            raise InvalidInput({"files": message}) from None
        if found:
            _note(actor, file, "infected", found)
            name = {"name": file.name}
            raise InvalidInput({"files": _("%(name)s holds a virus and was refused.") % name})


def scan(file: UploadedFile[Any]) -> str:
    """Name of the virus in ``file``, "" when it is clean. Raises ``ScannerDown``, ``OSError``."""
    file.seek(0)
    with _connect() as line:
        line.sendall(b"zINSTREAM\0")
        for chunk in file.chunks(CHUNK):
            line.sendall(struct.pack("!I", len(chunk)) + chunk)
        line.sendall(struct.pack("!I", 0))
        answer = _read(line)
    file.seek(0)
    word = answer.rpartition(" ")[2]
    if word == "OK":
        return ""
    if word == "FOUND":
        return answer.removeprefix("stream: ").removesuffix(" FOUND") or "?"
    raise ScannerDown(answer or "no answer")


def _connect() -> socket.socket:
    """A connection to ``unix:///path`` or ``tcp://host:port``, with a time-out."""
    url, timeout = urlsplit(settings.CLAMD_URL), settings.CLAMD_TIMEOUT
    if url.scheme == "unix":
        line = socket.socket(socket.AF_UNIX)
        line.settimeout(timeout)
        try:
            line.connect(url.path)
        except OSError:
            line.close()
            raise
        return line
    if url.scheme != "tcp" or not url.hostname:
        raise ScannerDown("CLAMD_URL must be unix:///path or tcp://host:port")
    return socket.create_connection((url.hostname, url.port or 3310), timeout)


def _read(line: socket.socket) -> str:
    answer = b""
    while not answer.endswith(b"\0") and len(answer) < LONGEST_ANSWER:
        more = line.recv(LONGEST_ANSWER)
        if not more:
            break
        answer += more
    return answer.rstrip(b"\0\n").decode("utf-8", "replace").strip()


def _note(actor: User, file: UploadedFile[Any], code: str, found: str) -> None:
    with audit.unit_of_work():
        audit.record(
            actor=actor, action="files.refused", target=actor, label=actor.audit_name,
            outcome=Event.Outcome.REFUSED,
            data={"code": code, "name": (file.name or "")[:150], "found": found[:120]},
        )  # fmt: skip
