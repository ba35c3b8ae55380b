"""The virus scanner behind its socket: clean, infected, down, nonsense (I06)."""

from __future__ import annotations

import socket
import struct
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from accounts.models import User
from audit.models import Event
from tests.tickets.journey import Journey
from tickets.models import Attachment, Defect
from workflow.errors import InvalidInput
from workflow.files import antivirus

EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"


class FakeClamd:
    """Speaks clamd's INSTREAM on a socket; ``answer`` overrides what it says."""

    def __init__(self, line: socket.socket) -> None:
        self.line = line
        self.answer = b""
        self.received = b""
        line.listen(4)
        self.thread = threading.Thread(target=self._serve, daemon=True)
        self.thread.start()

    def _serve(self) -> None:
        while True:
            try:
                peer, _address = self.line.accept()
            except OSError:
                return
            with peer, peer.makefile("rb") as stream:
                assert stream.read(10) == b"zINSTREAM\0"
                self.received = b""
                while length := struct.unpack("!I", stream.read(4))[0]:
                    self.received += stream.read(length)
                found = b"stream: Eicar-Test-Signature FOUND\0"
                verdict = found if b"EICAR" in self.received else b"stream: OK\0"
                peer.sendall(self.answer or verdict)


@pytest.fixture(params=["unix", "tcp"])
def clamd(request: pytest.FixtureRequest, tmp_path: Path, settings: Any) -> Iterator[FakeClamd]:
    """A scanner that runs, on each kind of socket."""
    if request.param == "unix":
        line = socket.socket(socket.AF_UNIX)
        line.bind(str(tmp_path / "clamd"))
        settings.CLAMD_URL = f"unix://{tmp_path / 'clamd'}"
    else:
        line = socket.create_server(("127.0.0.1", 0))
        settings.CLAMD_URL = f"tcp://127.0.0.1:{line.getsockname()[1]}"
    yield FakeClamd(line)
    line.close()


def test_a_large_clean_file_goes_through_whole(clamd: FakeClamd, agent: User) -> None:
    content = bytes(range(256)) * 1000
    antivirus.check_clean([SimpleUploadedFile("a.txt", content)], actor=agent)
    assert clamd.received == content
    assert not Event.objects.filter(action="files.refused").exists()


def test_an_infected_file_is_refused_and_noted(clamd: FakeClamd, agent: User) -> None:
    """Who, which file, which virus; the clean one beside it is not taken either."""
    files = [SimpleUploadedFile("ok.txt", b"text"), SimpleUploadedFile("坏.txt", EICAR)]
    with pytest.raises(InvalidInput) as refused:
        antivirus.check_clean(files, actor=agent)
    assert "坏.txt" in str(refused.value.fields["files"])
    event = Event.objects.get(action="files.refused")
    assert (event.actor_key, event.outcome) == (agent.audit_key, "refused")
    assert event.data == {"code": "infected", "name": "坏.txt", "found": "Eicar-Test-Signature"}


@pytest.mark.parametrize("answer", [b"INSTREAM size limit exceeded. ERROR\0", b"\0", b"what?\0"])
def test_an_answer_that_is_none_means_no(clamd: FakeClamd, agent: User, answer: bytes) -> None:
    clamd.answer = answer
    with pytest.raises(InvalidInput):
        antivirus.check_clean([SimpleUploadedFile("a.txt", b"text")], actor=agent)
    assert Event.objects.get(action="files.refused").data["code"] == "scanner_down"


@pytest.mark.parametrize(
    "url", ["tcp://127.0.0.1:1", "unix:///nowhere/clamd", "http://127.0.0.1", "nonsense"]
)
def test_a_scanner_that_is_down_takes_nothing(url: str, agent: User, settings: Any) -> None:
    """Fail closed, with a sentence that says so."""
    settings.CLAMD_URL = url
    agent.language = "en"
    with pytest.raises(InvalidInput):
        antivirus.check_clean([SimpleUploadedFile("a.txt", b"text")], actor=agent)


def test_off_by_default(db: None, agent: User, settings: Any) -> None:
    assert settings.CLAMD_URL == ""
    antivirus.check_clean([SimpleUploadedFile("a.txt", EICAR)], actor=agent)


@pytest.mark.parametrize("way", ["form", "attach", "api"])
def test_no_door_leads_around_it(
    way: str, clamd: FakeClamd, journey: Journey, signed_in: Callable[[User], Client]
) -> None:
    """The submission form, adding files, and the API; nothing is stored."""
    reporter = journey.cast.reporter
    client = signed_in(reporter)
    bad = SimpleUploadedFile("坏.txt", EICAR)
    if way == "form":
        form = {
            "title": "商户交易查询超时", "managed_object": journey.cast.system.pk, "urgency": "S3",
            "phenomenon": "查询三个月以上的交易时超时", "contact_phone": "8012", "files": [bad],
        }  # fmt: skip
        answer = client.post("/defects/new/", form)
        assert answer.status_code == 422
        assert "坏.txt" in answer.content.decode()
        assert not Defect.objects.exists()
    else:
        defect = journey.submitted()
        if way == "attach":
            answer = client.post(f"/defects/{defect.key}/do/attach/", {"files": [bad]})
        else:
            answer = client.post(f"/api/v1/defects/{defect.key}/attachments/", {"files": [bad]})
        assert answer.status_code in (400, 422)
    assert not Attachment.objects.exists()
    assert Event.objects.filter(action="files.refused").count() == 1
