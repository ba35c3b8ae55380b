"""What the oncall room keeps, one noun per file."""

from oncall.models.attempt import Attempt
from oncall.models.ladder import LadderVersion, Urgency
from oncall.models.leave import Leave
from oncall.models.page import Page
from oncall.models.reach import Canary, Reach
from oncall.models.roster_watch import RosterAlert, RosterLook
from oncall.models.rotation import RotationVersion
from oncall.models.shift import LANES, Roster, Shift
from oncall.models.simulated import SimulatedCall, SimulatedPhone, SimulatedText

__all__ = [
    "LANES",
    "Attempt",
    "Canary",
    "LadderVersion",
    "Leave",
    "Page",
    "Reach",
    "Roster",
    "RosterAlert",
    "RosterLook",
    "RotationVersion",
    "Shift",
    "SimulatedCall",
    "SimulatedPhone",
    "SimulatedText",
    "Urgency",
]
