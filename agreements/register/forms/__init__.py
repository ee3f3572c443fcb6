"""Forms of the register. What the state allows, the actions say."""

from agreements.register.forms.agreements import AgreementFilter, AgreementForm, DayForm, RelationForm
from agreements.register.forms.facts import ActionForm, ClauseForm, ConditionForm, DesignationForm
from agreements.register.forms.fields import DayField, KeyedForm

__all__ = [
    "ActionForm",
    "AgreementFilter",
    "AgreementForm",
    "ClauseForm",
    "ConditionForm",
    "DayField",
    "DayForm",
    "DesignationForm",
    "KeyedForm",
    "RelationForm",
]
