"""TwiML, checked by parsing it."""

from __future__ import annotations

from typing import Any
from xml.etree import ElementTree

import pytest

from oncall.providers import twilio_words
from oncall.providers.twilio_words import Tongue
from tests.doubles.twilio import CALL_PARAMETERS, MESSAGE_PARAMETERS


def parsed(words: str) -> ElementTree.Element:
    """What a telephone would make of it."""
    return ElementTree.fromstring(words)  # noqa: S314 - our own words


ACTION = "https://desk.example.com/telephony/twilio/page:1:rung:0:5/digit/?position=0&silent=0"


@pytest.mark.parametrize(
    ("language", "said", "voice"),
    [("zh-hans", "zh-CN", "Polly.Zhiyu"), ("en", "en-US", "Polly.Joanna")],
)
def test_one_key_is_asked_for_in_the_persons_language(language: str, said: str, voice: str) -> None:
    root = parsed(twilio_words.speaking("A & B <c>", tongue=Tongue(language), action=ACTION))

    [gather] = root
    assert root.tag == "Response"
    assert gather.attrib == {
        "numDigits": "1", "action": ACTION, "method": "POST", "timeout": "8",
        "actionOnEmptyResult": "true",
    }  # fmt: skip
    [say] = gather
    assert (say.tag, say.text, say.attrib) == (
        "Say", "A & B <c>", {"language": said, "voice": voice},
    )  # fmt: skip


RECORDED = {"zh-hans": "https://desk.example.com/static/call.mp3", "en": ""}


def nodes(tongue: Tongue) -> list[tuple[str, dict[str, str]]]:
    """What the gather of a page's words holds."""
    [gather] = parsed(twilio_words.speaking("x", tongue=tongue, action="/"))
    return [(node.tag, node.attrib) for node in gather]


def test_the_voice_comes_first_and_the_recording_when_it_fails(settings: Any) -> None:
    settings.TWILIO_PLAY = RECORDED

    assert nodes(Tongue("zh-hans"))[0][0] == "Say"
    assert nodes(Tongue("zh-hans", spare=True)) == [("Play", {})]
    assert nodes(Tongue("en", spare=True)) == [("Say", {"language": "en-US"})]


def test_without_a_voice_the_recording_is_played_at_once(settings: Any) -> None:
    settings.TWILIO_PLAY = RECORDED
    settings.TWILIO_VOICES = {"zh-hans": ("zh-CN", ""), "en": ("en-US", "")}

    assert nodes(Tongue("zh-hans")) == [("Play", {})]
    assert nodes(Tongue("en")) == [("Say", {"language": "en-US"})]


def test_last_words_close_the_line() -> None:
    root = parsed(twilio_words.goodbye("谢谢", tongue=Tongue("zh-hans")))

    assert [node.tag for node in root] == ["Say", "Hangup"]


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_silence_is_answered_in_the_persons_language(language: str) -> None:
    root = parsed(twilio_words.no_key(Tongue(language)))

    assert ("Goodbye" in (root[0].text or "")) == (language == "en")


def test_the_parameter_names_are_those_of_twilios_own_library() -> None:
    assert {
        "To",
        "From",
        "Url",
        "FallbackUrl",
        "StatusCallback",
        "StatusCallbackEvent",
    } <= CALL_PARAMETERS
    assert {"To", "From", "Body", "StatusCallback"} <= MESSAGE_PARAMETERS
