"""Receipts of Alibaba Cloud voice: a JSON list, at an address that holds a secret."""

from __future__ import annotations

import hmac
import json
from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views import View
from django.views.decorators.csrf import csrf_exempt

from oncall.models import Attempt
from oncall.phone_screen import KEYS
from oncall.providers.aliyun import ON_THE_WAY, STATES, attempt_id
from oncall.services.call_events import line_moved, pressed

# The carrier sends at most so many at once.
MOST = 100


@method_decorator(csrf_exempt, name="dispatch")
class ReceiptView(View):
    """Doubled and in any order; a foreign or broken receipt changes nothing."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, secret: str) -> HttpResponse:
        """Note every receipt; the carrier wants code 0, otherwise it sends them again."""
        expected = settings.ALIYUN_RECEIPT_SECRET
        if not expected or not hmac.compare_digest(secret.encode(), expected.encode()):
            raise PermissionDenied
        try:
            receipts = json.loads(request.body)
        except ValueError:
            return JsonResponse({"code": 1, "msg": "not JSON"}, status=400)
        if not isinstance(receipts, list):
            return JsonResponse({"code": 1, "msg": "not a list"}, status=400)
        now = timezone.now()
        for receipt in receipts[:MOST]:
            if isinstance(receipt, dict):
                _note(receipt, now)
        return JsonResponse({"code": 0, "msg": "accepted"})


def _note(receipt: dict[str, Any], now: datetime) -> None:
    pk = attempt_id(_text(receipt, "out_id"))
    attempt = Attempt.objects.filter(pk=pk, provider="aliyun").first() if pk else None
    if attempt is None:
        return
    reference, call_id = attempt.idempotency_key, _text(receipt, "call_id")
    digit = _text(receipt, "dtmf")[-1:]
    if digit in KEYS and digit and (not attempt.provider_id or attempt.provider_id == call_id):
        pressed(reference, digit, position=len(_text(receipt, "dtmf")) - 1, now=now)
    state = ON_THE_WAY.get(_text(receipt, "smart_status_code")) or STATES.get(
        _text(receipt, "status_code")
    )
    if state is not None:
        line_moved(reference, state, now=now, provider_id=call_id)


def _text(receipt: dict[str, Any], name: str) -> str:
    value = receipt.get(name)
    return value[:80] if isinstance(value, str) else ""
