"""What the oncall room keeps, one noun per file."""

from oncall.models.attempt import Attempt
from oncall.models.page import Page
from oncall.models.shift import Shift
from oncall.models.simulated import SimulatedCall, SimulatedPhone

__all__ = ["Attempt", "Page", "Shift", "SimulatedCall", "SimulatedPhone"]
