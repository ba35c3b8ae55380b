"""What Twilio's line says: TwiML. Pure, but for the settings of voices."""

from __future__ import annotations

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _
from twilio.twiml.voice_response import Gather, VoiceResponse

# Without a key the words are said again, so often.
TIMES = 3
WAIT_SECONDS = 8


def speaking(text: str, *, language: str, action: str) -> str:
    """The words of a page, then one key is waited for and sent to ``action``."""
    answer = VoiceResponse()
    gather = Gather(
        num_digits=1,
        action=action,
        method="POST",
        timeout=WAIT_SECONDS,
        action_on_empty_result=True,
    )
    _say(gather, text, language)
    answer.append(gather)
    return str(answer)


def goodbye(text: str, *, language: str) -> str:
    """Last words, then the line is closed."""
    answer = VoiceResponse()
    answer.say(text, **_voice(language))
    answer.hangup()
    return str(answer)


def no_key(language: str) -> str:
    """Nobody has pressed anything: the call ends, the ladder goes on."""
    with translation.override(language):
        return goodbye(
            _("No key was pressed. The next person is being called. Goodbye."), language=language
        )


def _say(gather: Gather, text: str, language: str) -> None:
    """The recorded announcement when one is set for the language, else a voice reads the text."""
    recorded = settings.TWILIO_PLAY.get(language, "")
    if recorded:
        gather.play(recorded)
    else:
        gather.say(text, **_voice(language))


def _voice(language: str) -> dict[str, str]:
    said, voice = settings.TWILIO_VOICES[language]
    return {"language": said, "voice": voice}
