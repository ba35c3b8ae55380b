"""A stateful double of Twilio's REST API with signed status callbacks, on a real socket.

``python -m tests.doubles.twilio`` (``make twilio-double``) starts it for manual trials. What a
telephone does follows from the last digit of its number: 2 hands on, 3 does not answer, 4 is busy,
5 is voicemail, 6 does not exist, 7 hears and presses nothing; any other answers and presses 1.
"""

from __future__ import annotations

import argparse
import base64
import heapq
import inspect
import itertools
import json
import random
import re
import threading
import time
import xml.etree.ElementTree as ET
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urljoin, urlsplit

import requests
from twilio.request_validator import RequestValidator
from twilio.rest.api.v2010.account.call import CallList
from twilio.rest.api.v2010.account.message import MessageList

ACCOUNT = "AC" + "0" * 32
TOKEN = "token-of-the-double"
FINAL = {"completed", "busy", "no-answer", "failed", "canceled"}
_IDS = itertools.count(1)


def published(lists: type) -> frozenset[str]:
    """Parameter names that Twilio's own library sends when it creates such a thing."""
    return frozenset(re.findall(r'"([A-Z][A-Za-z]+)":', inspect.getsource(lists)))


CALL_PARAMETERS = published(CallList)
MESSAGE_PARAMETERS = published(MessageList)


@dataclass
class Faults:
    """How often, from 0 to 1, each thing goes wrong."""

    too_many: float = 0
    error_before: float = 0
    error_after: float = 0
    silent_before: float = 0
    silent_after: float = 0
    callback_lost: float = 0
    callback_doubled: float = 0
    callback_reordered: float = 0
    forged: float = 0


@dataclass
class Behaviour:
    """What a telephone does: how the call ends, and the keys pressed while it lasts."""

    end: str = "completed"
    digits: str = "1"
    ring_seconds: float = 0.2
    machine: bool = False
    error: int = 0
    # Voices that cannot be used: what is to be said by one of them is an error for Twilio.
    mute: tuple[str, ...] = ()


BY_LAST_DIGIT = {
    "2": Behaviour(digits="2"),
    "3": Behaviour(end="no-answer", digits="", ring_seconds=5),
    "4": Behaviour(end="busy", digits=""),
    "5": Behaviour(digits="", machine=True),
    "6": Behaviour(error=21211),
    "7": Behaviour(digits=""),
}


@dataclass
class Call:
    """A call as Twilio would keep it."""

    sid: str
    form: dict[str, str]
    events: list[str]
    created: float
    behaviour: Behaviour
    status: str = "queued"
    sequence: int = -1
    spoken: list[str] = field(default_factory=list)
    ended: float = 0.0

    @property
    def reference(self) -> str:
        """Our own name of the call, out of the address its words are fetched from."""
        return urlsplit(self.form.get("Url", "")).path.split("/")[3]

    def as_json(self) -> dict[str, Any]:
        """As the API shows it."""
        stamp = format_datetime(datetime.fromtimestamp(self.created, UTC))
        return {
            "sid": self.sid, "account_sid": ACCOUNT, "to": self.form["To"],
            "from": self.form["From"], "status": self.status, "date_created": stamp,
            "date_updated": stamp, "start_time": None, "end_time": None, "uri": "",
            "api_version": "2010-04-01", "body": self.form.get("Body", ""),
        }  # fmt: skip


class TwilioDouble:
    """The account: its calls and messages, its faults, and what it was asked wrongly."""

    def __init__(self, *, token: str = TOKEN, seed: int = 1, hang_seconds: float = 8.0) -> None:
        self.token = token
        self.faults = Faults()
        self.numbers: dict[str, Behaviour] = {}
        self.calls: list[Call] = []
        self.messages: list[Call] = []
        self.mistakes: list[str] = []
        self.refused_callbacks: list[int] = []
        self.hang_seconds = hang_seconds
        self._chance = random.Random(seed)  # noqa: S311 - dice, not secrets
        self._lock = threading.Lock()
        self._todo: list[tuple[float, int, Callable[[], object]]] = []
        self._wake = threading.Condition(self._lock)
        self._order = itertools.count()
        self._stopped = False
        self._pool = ThreadPoolExecutor(24)
        self._http = threading.local()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))

    # --- life --------------------------------------------------------------------------------
    def start(self, port: int = 0) -> str:
        """Listen; returns the base URL."""
        if port:
            self._server.server_close()
            self._server = ThreadingHTTPServer(("127.0.0.1", port), _handler(self))
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        threading.Thread(target=self._run, daemon=True).start()
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def stop(self) -> None:
        """Close everything."""
        with self._wake:
            self._stopped = True
            self._wake.notify_all()
        self._server.shutdown()
        self._server.server_close()
        self._pool.shutdown(wait=False, cancel_futures=True)

    def later(self, seconds: float, act: Callable[[], object]) -> None:
        """Do something after a while."""
        with self._wake:
            heapq.heappush(self._todo, (time.time() + seconds, next(self._order), act))
            self._wake.notify_all()

    def _run(self) -> None:
        while True:
            with self._wake:
                if self._stopped:
                    return
                if not self._todo or self._todo[0][0] > time.time():
                    wait = self._todo[0][0] - time.time() if self._todo else 1.0
                    self._wake.wait(max(0.001, min(wait, 1.0)))
                    continue
                _at, _order, act = heapq.heappop(self._todo)
                with suppress(RuntimeError):
                    self._pool.submit(act)

    def happens(self, probability: float) -> bool:
        """Throw the dice."""
        with self._lock:
            return probability > 0 and self._chance.random() < probability

    # --- what the API does -------------------------------------------------------------------
    def behaviour(self, number: str) -> Behaviour:
        """What the telephone of a number does."""
        return self.numbers.get(number) or BY_LAST_DIGIT.get(number[-1:], Behaviour())

    def create(self, pairs: list[tuple[str, str]], *, message: bool) -> Call:
        """Take a call or a message."""
        behaviour = self.behaviour(dict(pairs)["To"])
        sid = f"{'SM' if message else 'CA'}{next(_IDS):032x}"
        events = [value for name, value in pairs if name == "StatusCallbackEvent"]
        call = Call(sid, dict(pairs), events, time.time(), behaviour)
        with self._lock:
            (self.messages if message else self.calls).append(call)
        if message:
            self.later(0.05, lambda: self._text_arrives(call))
        else:
            self.later(0.05, lambda: self._ring(call))
        return call

    def find(self, sid: str) -> Call | None:
        """By id."""
        with self._lock:
            rows = self.messages if sid.startswith("SM") else self.calls
            return next((call for call in reversed(rows) if call.sid == sid), None)

    def list_of(self, rows: list[Call], query: dict[str, str]) -> list[Call]:
        """Newest first, by number."""
        with self._lock:
            found = [
                call
                for call in reversed(rows)
                if call.form["To"] == query.get("To", call.form["To"])
                and call.form["From"] == query.get("From", call.form["From"])
            ]
        return found[:50]

    def hang_up(self, call: Call) -> None:
        """The caller ends it."""
        if call.status not in FINAL:
            self._end(call, "completed" if call.status == "in-progress" else "canceled")

    # --- what happens on the line ------------------------------------------------------------
    def _ring(self, call: Call) -> None:
        if call.status in FINAL:
            return
        self._status(call, "initiated", keep="queued")
        call.status = "ringing"
        self._status(call, "ringing")
        self.later(call.behaviour.ring_seconds, lambda: self._picked_up(call))

    def _picked_up(self, call: Call) -> None:
        if call.status in FINAL:
            return
        if call.behaviour.end != "completed":
            self._end(call, call.behaviour.end)
            return
        call.status = "in-progress"
        self._status(call, "in-progress", event="answered")
        self._talk(call)

    def _talk(self, call: Call) -> None:
        """Fetch the words, press the keys one by one, until the line is closed."""
        url, keys = call.form["Url"], list(call.behaviour.digits)
        more: dict[str, str] = {}
        for _turn in range(8):
            root = self._words(call, url, more)
            if root is None or call.status in FINAL:
                break
            call.spoken += [node.text or "" for node in root.iter() if node.tag in ("Say", "Play")]
            gather = root.find("Gather")
            if gather is None or call.behaviour.machine:
                break
            url = urljoin(url, gather.get("action", ""))
            more = {"Digits": keys.pop(0)} if keys else {"Digits": ""}
        if call.status not in FINAL:
            self._end(call, "completed")

    def _words(self, call: Call, url: str, more: dict[str, str]) -> ET.Element | None:
        """What is to be said; from the spare address when that cannot be had, or not be said."""
        spare, root = call.form.get("FallbackUrl", ""), self._fetched(call, url, more)
        if root is None and spare and call.status not in FINAL:
            more = {**more, "ErrorUrl": url, "ErrorCode": "11200"}
            root = self._fetched(call, spare, more)
        return root

    def _fetched(self, call: Call, url: str, more: dict[str, str]) -> ET.Element | None:
        words = self._post(call, url, {"CallStatus": "in-progress", **more})
        if words is None:
            return None
        root = ET.fromstring(words)  # noqa: S314 - the words of our own product
        voices = {node.get("voice") for node in root.iter("Say")}
        return None if voices & set(call.behaviour.mute) else root

    def _end(self, call: Call, status: str) -> None:
        call.status, call.ended = status, time.time()
        more = {"AnsweredBy": "machine_start"} if call.behaviour.machine else {}
        self._status(call, status, event="completed", more=more)

    def _text_arrives(self, message: Call) -> None:
        for status in ("sent", "delivered"):
            message.status = status
            told = {"MessageSid": message.sid, "MessageStatus": status}
            self._callback(message, told)

    # --- callbacks ---------------------------------------------------------------------------
    def _status(
        self,
        call: Call,
        status: str,
        *,
        event: str = "",
        keep: str = "",
        more: dict[str, str] | None = None,
    ) -> None:
        if (event or status) not in call.events:
            return
        call.sequence += 1
        told = {"CallSid": call.sid, "CallStatus": status, "SequenceNumber": str(call.sequence)}
        self._callback(call, {**told, **(more or {})})

    def _callback(self, call: Call, told: dict[str, str]) -> None:
        url = call.form.get("StatusCallback", "")
        if not url or self.happens(self.faults.callback_lost):
            return
        if self.happens(self.faults.forged):
            forged = {**told, "CallStatus": "completed", "SequenceNumber": "99"}
            self._send(url, forged, signature="c2lnbmF0dXJl")
        if self.happens(self.faults.callback_reordered):
            self.later(0.6, lambda: self._send_signed(url, told))
        else:
            self._send_signed(url, told)
        if self.happens(self.faults.callback_doubled):
            self.later(0.3, lambda: self._send_signed(url, told))

    def _post(self, call: Call, url: str, more: dict[str, str]) -> str | None:
        told = {"CallSid": call.sid, "To": call.form["To"], "From": call.form["From"], **more}
        answer = self._send_signed(url, told)
        return answer.text if answer is not None and answer.ok else None

    def _send_signed(self, url: str, told: dict[str, str]) -> requests.Response | None:
        return self._send(url, told, RequestValidator(self.token).compute_signature(url, told))

    def _send(self, url: str, told: dict[str, str], signature: str) -> requests.Response | None:
        """As Twilio does: 15 s to read, one more try after an error."""
        if not hasattr(self._http, "session"):
            self._http.session = requests.Session()
        for _try in range(2):
            with suppress(requests.RequestException):
                answer: requests.Response = self._http.session.post(
                    url, data=told, headers={"X-Twilio-Signature": signature}, timeout=(5, 15)
                )
                if answer.status_code < 500:
                    if answer.status_code >= 400:
                        self.refused_callbacks.append(answer.status_code)
                    return answer
        return None


def _handler(double: TwilioDouble) -> type[BaseHTTPRequestHandler]:  # noqa: C901 - a class
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
            """Quiet."""

        def do_GET(self) -> None:
            """Read one, or list them."""
            if not self._may_enter():
                return
            kind, sid, query = self._parts()
            if sid:
                call = double.find(sid)
                self._answer(call.as_json() if call else _error(20404, 404))
                return
            rows = double.messages if kind == "messages" else double.calls
            found = [call.as_json() for call in double.list_of(rows, query)]
            self._answer({kind: found, "next_page_uri": None, "page": 0, "page_size": 50})

        def do_POST(self) -> None:
            """Create one, or hang up."""
            body = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
            if not self._may_enter():
                return
            kind, sid, _query = self._parts()
            pairs = parse_qsl(body, keep_blank_values=True)
            if sid:
                call = double.find(sid)
                if call is None:
                    self._answer(_error(20404, 404))
                    return
                double.hang_up(call)
                self._answer(call.as_json())
                return
            self._create(pairs, message=kind == "messages")

        def _create(self, pairs: list[tuple[str, str]], *, message: bool) -> None:
            known = MESSAGE_PARAMETERS if message else CALL_PARAMETERS
            wrong = sorted({name for name, _value in pairs} - known)
            if wrong or not {"To", "From"} <= dict(pairs).keys():
                double.mistakes.append(f"{wrong}")
                self._answer(_error(21205, 400))
                return
            faults, number = double.faults, dict(pairs)["To"]
            if error := double.behaviour(number).error:
                self._answer(_error(error, 400))
            elif double.happens(faults.too_many):
                self._answer(_error(20429, 429))
            elif double.happens(faults.error_before):
                self._answer(_error(20500, 500))
            elif double.happens(faults.silent_before):
                time.sleep(double.hang_seconds)
                self.close_connection = True
            else:
                self._take(pairs, message=message)

        def _take(self, pairs: list[tuple[str, str]], *, message: bool) -> None:
            call = double.create(pairs, message=message)
            if double.happens(double.faults.error_after):
                self._answer(_error(20500, 500))
            elif double.happens(double.faults.silent_after):
                time.sleep(double.hang_seconds)
                self.close_connection = True
            else:
                self._answer(call.as_json(), 201)

        def _may_enter(self) -> bool:
            given = base64.b64encode(f"{ACCOUNT}:{double.token}".encode()).decode()
            if self.headers.get("Authorization") == f"Basic {given}":
                return True
            self._answer(_error(20003, 401))
            return False

        def _parts(self) -> tuple[str, str, dict[str, str]]:
            address = urlsplit(self.path)
            found = re.fullmatch(
                r"/2010-04-01/Accounts/\w+/(Calls|Messages)(?:/(\w+))?\.json", address.path
            )
            assert found is not None, self.path
            return found[1].lower(), found[2] or "", dict(parse_qsl(address.query))

        def _answer(self, content: dict[str, Any], status: int = 200) -> None:
            body = json.dumps(content).encode()
            with suppress(OSError):
                self.send_response(content.get("status", status) if "code" in content else status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

    return Handler


def _error(code: int, status: int) -> dict[str, Any]:
    return {"code": code, "message": f"error {code}", "more_info": "", "status": status}


def main() -> None:
    """Serve until Ctrl-C."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--port", type=int, default=8901)
    port = parser.parse_args().port
    address = TwilioDouble().start(port)
    chosen = {
        "PHONE_PROVIDER": "twilio", "TWILIO_ACCOUNT_SID": ACCOUNT, "TWILIO_AUTH_TOKEN": TOKEN,
        "TWILIO_FROM": "+85221231234", "TWILIO_BASE_URL": address,
    }  # fmt: skip
    print("Start the service desk with:", *(f"{k}={v}" for k, v in chosen.items()), sep="\n  ")  # noqa: T201
    print(__doc__)  # noqa: T201
    with suppress(KeyboardInterrupt):
        threading.Event().wait()


__all__ = ["ACCOUNT", "TOKEN", "Behaviour", "Faults", "TwilioDouble"]

if __name__ == "__main__":
    main()
