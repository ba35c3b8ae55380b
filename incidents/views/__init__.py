"""Pages of incidents."""

from incidents.views.acts import IncidentActionView
from incidents.views.lists import IncidentListView
from incidents.views.opening import DrillNewView, NewIncidentView
from incidents.views.room import LiveView, RoomView

__all__ = [
    "DrillNewView", "IncidentActionView", "IncidentListView", "LiveView", "NewIncidentView",
    "RoomView",
]  # fmt: skip
