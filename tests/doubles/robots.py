"""The group robots of three vendors on a real socket; each checks as its vendor does."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit

KEY = "key-of-the-group"
SECRET = "SEC-of-the-group"


class RobotsDouble:
    """What was posted, and what is answered: ``code`` instead of 0, ``status`` instead of 200."""

    def __init__(self) -> None:
        self.posts: list[tuple[str, dict[str, Any]]] = []
        self.code, self.status, self.silent_seconds = 0, 200, 0.0
        self.raw = ""
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self._server.daemon_threads = True

    def start(self) -> str:
        """Listen; returns the base URL."""
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def stop(self) -> None:
        """Close."""
        self._server.shutdown()
        self._server.server_close()

    def texts(self, vendor: str) -> list[str]:
        """The texts a vendor's group has."""
        bodies = [body for name, body in self.posts if name == vendor]
        return [body["content" if vendor == "feishu" else "text"][
            "text" if vendor == "feishu" else "content"] for body in bodies]  # fmt: skip

    def judge(self, vendor: str, query: dict[str, str], body: dict[str, Any]) -> int:
        """The vendor's code for a request: its own format, its own signature."""
        if self.code:
            return self.code
        if vendor == "wecom":
            text = body.get("text", {}).get("content", "")
            good = body.get("msgtype") == "text" and 0 < len(text.encode()) <= 2048
            return 93000 if query.get("key") != KEY else 0 if good else 40058
        if vendor == "dingtalk":
            stamp = query.get("timestamp", "0")
            signed = _hmac(SECRET.encode(), f"{stamp}\n{SECRET}".encode())
            fresh = abs(time.time() * 1000 - int(stamp)) < 3600 * 1000
            return 0 if fresh and hmac.compare_digest(query.get("sign", ""), signed) else 310000
        stamp = body.get("timestamp", "0")
        signed = _hmac(f"{stamp}\n{SECRET}".encode(), b"")
        fresh = abs(time.time() - int(stamp)) < 3600
        return 0 if fresh and body.get("sign") == signed else 19021


def _hmac(key: bytes, told: bytes) -> str:
    return base64.b64encode(hmac.new(key, told, hashlib.sha256).digest()).decode()


def _handler(double: RobotsDouble) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
            """Quiet."""

        def do_POST(self) -> None:
            """One post into a group."""
            length = int(self.headers.get("Content-Length", 0))
            body = json.loads(self.rfile.read(length) or b"{}")
            address = urlsplit(self.path)
            vendor = address.path.strip("/")
            code = double.judge(vendor, dict(parse_qsl(address.query)), body)
            time.sleep(double.silent_seconds)
            if not code and double.status == 200:
                double.posts.append((vendor, body))
            names = ("code", "msg") if vendor == "feishu" else ("errcode", "errmsg")
            answer = double.raw or json.dumps({names[0]: code, names[1]: f"told {code}"})
            self.send_response(double.status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(answer.encode())))
            self.end_headers()
            self.wfile.write(answer.encode())

    return Handler
