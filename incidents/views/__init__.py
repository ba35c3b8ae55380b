"""Pages of incidents."""

from incidents.views.acts import IncidentActionView
from incidents.views.lists import IncidentListView
from incidents.views.opening import DrillNewView, NewIncidentView
from incidents.views.papers import FileView, PrintView
from incidents.views.room import LiveView, RoomView

__all__ = [
    "DrillNewView", "FileView", "IncidentActionView", "IncidentListView", "LiveView",
    "NewIncidentView", "PrintView", "RoomView",
]  # fmt: skip
