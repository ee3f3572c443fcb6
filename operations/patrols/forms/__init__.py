"""Forms of the patrol log: made for a telephone, one column, large targets."""

from operations.patrols.forms.entries import ObservationForm, TrackForm
from operations.patrols.forms.filters import PatrolFilter
from operations.patrols.forms.patrols import PatrolForm, TeamForm, team_forms
from operations.patrols.forms.steps import CancelForm, EndForm, LegEndForm, LegForm, StartForm

__all__ = [
    "CancelForm",
    "EndForm",
    "LegEndForm",
    "LegForm",
    "ObservationForm",
    "PatrolFilter",
    "PatrolForm",
    "StartForm",
    "TeamForm",
    "TrackForm",
    "team_forms",
]
