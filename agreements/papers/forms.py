"""Forms of documents. What may be kept, `checking` says."""

from typing import Any

from django import forms

from agencies.directory.models import Appointment
from agreements.papers import checking
from agreements.papers.choices import BY_NAME, DocumentKind
from agreements.register.forms import KeyedForm
from agreements.register.models import Agreement, TreatyAction

LONGEST_QUERY = 200


class FileForm(KeyedForm):
    """A file alone: the new version of a document."""

    file = forms.FileField(
        label="File",
        allow_empty_file=True,  # `checking` says what is wrong with it.
        help_text=f"{checking.TAKEN}. What it is, its content says, not its name.",
    )


class DocumentForm(FileForm):
    """A file, and what it is of the agreement."""

    title = forms.CharField(label="Title", max_length=200)
    kind = forms.ChoiceField(label="Kind", choices=DocumentKind.choices)
    language = forms.ChoiceField(
        label="Language", choices=[("", "Choose"), *BY_NAME], help_text="The search in it follows its grammar."
    )
    is_official = forms.BooleanField(
        label="Official",
        required=False,
        help_text="An authentic text always is; a translation only if the parties say so.",
    )
    action = forms.ModelChoiceField(
        TreatyAction.objects.none(), label="Belongs to the action", required=False, empty_label="The agreement itself"
    )
    field_order = ["key", "file", "title", "kind", "language", "is_official", "action"]

    def __init__(self, *args: Any, agreement: Agreement, **options: Any) -> None:
        super().__init__(*args, **options)
        rows = agreement.actions.select_related("country").order_by("done_on", "pk")
        self.fields["action"].queryset = rows  # type: ignore[attr-defined]
        self.fields["action"].label_from_instance = _dated  # type: ignore[attr-defined]


def _dated(action: TreatyAction) -> str:
    return f"{action.done_on:%-d %b %Y}: {action}"


class WithdrawForm(forms.Form):
    reason = forms.CharField(
        label="Why",
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Officers of the parties read it.",
    )


class SearchForm(forms.Form):
    """Words, and what the search is narrowed to: all of it stands in the address."""

    q = forms.CharField(label="Words", required=False, max_length=LONGEST_QUERY)
    agreement = forms.ModelChoiceField(Agreement.objects.none(), label="Agreement", required=False, empty_label="All")
    language = forms.ChoiceField(label="Language", required=False, choices=[("", "All"), *BY_NAME])
    kind = forms.ChoiceField(label="Kind", required=False, choices=[("", "All"), *DocumentKind.choices])
    old = forms.BooleanField(label="Older versions too", required=False)
    page = forms.IntegerField(required=False, min_value=1, widget=forms.HiddenInput)

    def __init__(self, *args: Any, by: Appointment, **options: Any) -> None:
        super().__init__(*args, **options)
        rows = Agreement.objects.visible_to(by).filter(documents__withdrawn_at=None, documents__isnull=False)
        self.fields["agreement"].queryset = rows.distinct()  # type: ignore[attr-defined]

    @property
    def filters(self) -> dict[str, Any]:
        """What is valid of agreement, language, kind and age."""
        values = getattr(self, "cleaned_data", {})
        return {name: values.get(name) for name in ("agreement", "language", "kind", "old")}
