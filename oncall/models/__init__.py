"""What the oncall room keeps, one noun per file."""

from oncall.models.attempt import Attempt
from oncall.models.feed import RosterFeed
from oncall.models.handover import HandoverLook, HandoverSheet
from oncall.models.ladder import LadderVersion, Urgency
from oncall.models.leave import Leave
from oncall.models.page import Page
from oncall.models.reach import Canary, Reach
from oncall.models.roster_watch import RosterAlert, RosterLook
from oncall.models.rotation import RotationVersion
from oncall.models.shift import LANES, Roster, Shift
from oncall.models.simulated import SimulatedCall, SimulatedPhone, SimulatedText
from oncall.models.swap import Lane, Swap

__all__ = [
    "LANES",
    "Attempt",
    "Canary",
    "HandoverLook",
    "HandoverSheet",
    "LadderVersion",
    "Lane",
    "Leave",
    "Page",
    "Reach",
    "Roster",
    "RosterAlert",
    "RosterFeed",
    "RosterLook",
    "RotationVersion",
    "Shift",
    "SimulatedCall",
    "SimulatedPhone",
    "SimulatedText",
    "Swap",
    "Urgency",
]
