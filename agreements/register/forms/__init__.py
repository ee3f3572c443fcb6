"""Forms of the register. What the state allows, the actions say."""

from agreements.register.forms.agreements import AgreementFilter, AgreementForm
from agreements.register.forms.facts import ActionForm, ClauseForm, DesignationForm
from agreements.register.forms.fields import DayField, KeyedForm

__all__ = [
    "ActionForm",
    "AgreementFilter",
    "AgreementForm",
    "ClauseForm",
    "DayField",
    "DesignationForm",
    "KeyedForm",
]
