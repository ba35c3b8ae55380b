"""What Twilio's line says: TwiML. Pure, but for the settings of voices."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _
from twilio.twiml.voice_response import Gather, VoiceResponse

# Without a key the words are said again, so often.
TIMES = 3
WAIT_SECONDS = 8


@dataclass(frozen=True)
class Tongue:
    """In which language the line speaks, and whether the voice that was chosen has failed.

    With ``spare`` nothing is left to that voice: the recorded announcement is played when there
    is one, and everything else is said by whatever voice Twilio has for the language.
    """

    language: str
    spare: bool = False

    @property
    def recorded(self) -> str:
        """Address of the announcement to be played instead of reading the words; "" to read."""
        _said, voice = settings.TWILIO_VOICES[self.language]
        return settings.TWILIO_PLAY.get(self.language, "") if self.spare or not voice else ""

    @property
    def voice(self) -> dict[str, str]:
        """Attributes of ``<Say>``."""
        said, voice = settings.TWILIO_VOICES[self.language]
        return {"language": said} if self.spare or not voice else {"language": said, "voice": voice}


def speaking(text: str, *, tongue: Tongue, action: str) -> str:
    """The words of a page, then one key is waited for and sent to ``action``."""
    answer = VoiceResponse()
    gather = Gather(
        num_digits=1,
        action=action,
        method="POST",
        timeout=WAIT_SECONDS,
        action_on_empty_result=True,
    )
    if tongue.recorded:
        gather.play(tongue.recorded)
    else:
        gather.say(text, **tongue.voice)
    answer.append(gather)
    return str(answer)


def goodbye(text: str, *, tongue: Tongue) -> str:
    """Last words, then the line is closed."""
    answer = VoiceResponse()
    answer.say(text, **tongue.voice)
    answer.hangup()
    return str(answer)


def no_key(tongue: Tongue) -> str:
    """Nobody has pressed anything: the call ends, the ladder goes on."""
    with translation.override(tongue.language):
        return goodbye(
            _("No key was pressed. The next person is being called. Goodbye."), tongue=tongue
        )
