"""A double of Alibaba Cloud voice's API, on a real socket: takes calls, and can fail."""

from __future__ import annotations

import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit


class AliyunDouble:
    """What it was asked, and what it answers next."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, dict[str, str]]] = []
        self.answer_code = "OK"
        self.silent = False
        self.state = "200003"
        double = self

        class Handler(BaseHTTPRequestHandler):
            def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
                """Quiet."""

            def do_POST(self) -> None:
                """Any operation of the API."""
                body = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
                given = dict(parse_qsl(urlsplit(self.path).query)) | dict(parse_qsl(body))
                action = self.headers.get("x-acs-action") or given.get("Action", "")
                double.asked.append((action, given))
                if double.silent:
                    time.sleep(2)
                answer: dict[str, Any] = {"Code": double.answer_code, "Message": "told"}
                if action == "IvrCall" and double.answer_code == "OK":
                    answer["CallId"] = f"call^{len(double.asked)}"
                if action == "QueryCallDetailByCallId":
                    answer["Data"] = json.dumps({"state": double.state})
                content = json.dumps(answer).encode()
                self.send_response(200)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True

    def start(self) -> str:
        """Listen; returns host and port."""
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return f"127.0.0.1:{self._server.server_address[1]}"

    def stop(self) -> None:
        """Close."""
        self._server.shutdown()
        self._server.server_close()

    def calls(self) -> list[dict[str, str]]:
        """What was asked of ``IvrCall``."""
        return [given for action, given in self.asked if action == "IvrCall"]
