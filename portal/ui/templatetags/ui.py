"""Formatting only: times, markings, chips. What is shown, views decide."""

from datetime import UTC, date, datetime, tzinfo
from typing import Any
from zoneinfo import ZoneInfo

from django import template
from django.forms import BoundField, CheckboxInput, Select
from django.http import QueryDict
from django.urls import NoReverseMatch, resolve, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from portal.positions.writing import written
from portal.ui import filtering, icons, panels, tabs
from portal.ui.states import LEVELS, STATES, TLP_TONES, TLP_WORDS

register = template.Library()

DAY = "%-d %b %Y"


@register.simple_tag
def icon(name: str) -> SafeString:
    """A bootstrap icon by name, as inline SVG; words stand beside it."""
    return icons.svg(str(name))


def _local(instant: datetime, zone: str | tzinfo) -> datetime:
    if not zone:
        return timezone.localtime(instant)
    return instant.astimezone(ZoneInfo(zone) if isinstance(zone, str) else zone)


@register.simple_tag
def when(instant: datetime | None, zone: str | tzinfo = "") -> SafeString | str:
    """Local time of the event's or reader's zone, and UTC beside it (with its day, where that differs)."""
    if instant is None:
        return "—"
    local, utc = _local(instant, zone), instant.astimezone(UTC)
    return format_html(
        '<time datetime="{}">{}</time> <span class="utc">{}</span>',
        utc.isoformat(timespec="seconds"),
        local.strftime(f"{DAY}, %H:%M"),
        utc.strftime("%H:%MZ" if utc.date() == local.date() else "%-d %b %H:%MZ"),
    )


@register.simple_tag
def where(latitude: float | None, longitude: float | None) -> SafeString | str:
    """A position in the reader's notation, and as it is stored where one points at it."""
    if latitude is None or longitude is None:
        return "—"
    plain = f"{latitude:.6f}, {longitude:.6f}"
    return format_html('<data class="position" value="{0}" title="{0}">{1}</data>', plain, written(latitude, longitude))


@register.simple_tag
def as_of(instant: datetime | None, zone: str | tzinfo = "") -> SafeString | str:
    """Since when a number or a panel is true."""
    if instant is None:
        return ""
    return format_html(
        '<span class="as-of">as of <time datetime="{}">{}</time> ({})</span>',
        instant.astimezone(UTC).isoformat(timespec="seconds"),
        _local(instant, zone).strftime("%H:%M"),
        instant.astimezone(UTC).strftime("%H:%MZ"),
    )


@register.simple_tag
def now_utc() -> str:
    return timezone.now().astimezone(UTC).strftime("%H:%MZ")


@register.filter
def day(value: date | datetime | None) -> str:
    return value.strftime(DAY) if value else "—"


@register.simple_tag
def state_chip(state: str, label: str = "") -> SafeString:
    """Icon, word and colour of a state; an unknown word is shown plainly."""
    tone, glyph = STATES.get(str(state), ("neutral", "circle"))
    words = label or str(state).replace("_", " ").capitalize()
    return format_html('<span class="chip chip-{}">{} {}</span>', tone, icons.svg(glyph), words)


@register.simple_tag
def tlp_chip(tlp: int) -> SafeString:
    return format_html('<span class="tlp tlp-{}">{}</span>', TLP_TONES[tlp], TLP_WORDS[tlp])


@register.simple_tag
def marking_chip(record: Any) -> SafeString:
    """Classification, TLP and handling codes of anything that is marked."""
    codes = " ".join(getattr(record, "handling_codes", None) or [])
    return format_html(
        '<span class="markings"><span class="level level-{}">{}</span> {}{}</span>',
        record.classification,
        LEVELS[record.classification],
        tlp_chip(record.tlp),
        format_html(' <span class="level">{}</span>', codes) if codes else "",
    )


@register.simple_tag
def agency_chip(agency: Any) -> SafeString:
    """The agency's short name and country, with its thin partner colour."""
    return format_html(
        '<span class="agency agency-{}" title="{}">{} <span class="cc">{}</span></span>',
        agency.colour % 12,
        agency.name,
        agency.short,
        agency.country_id,
    )


@register.filter
def duration(seconds: float | None) -> str:
    """Seconds as hours and minutes."""
    if seconds is None:
        return "—"
    minutes = int(seconds // 60)
    return f"{minutes // 60} h {minutes % 60:02d} min" if minutes >= 60 else f"{minutes} min"


@register.filter
def km(metres: float | None) -> str:
    return "—" if metres is None else f"{metres / 1000:,.1f} km"


@register.filter
def split_words(text: str) -> list[str]:
    """`"Agency,Day,Night"|split_words`: the headers of a table or chart, written in the template."""
    return [word.strip() for word in text.split(",")]


@register.simple_tag(takes_context=True)
def querystring(context: dict[str, Any], **changes: Any) -> str:
    """The page's query with some keys changed; None removes one."""
    query: QueryDict = context["request"].GET.copy()
    for key, value in changes.items():
        query.pop(key, None)
        if value not in (None, ""):
            query[key] = str(value)
    return f"?{query.urlencode()}" if query else "?"


@register.simple_tag(takes_context=True)
def active_filters(context: dict[str, Any], form: Any) -> list[filtering.ActiveFilter]:
    """What narrows the list now, each with the address without it."""
    return list(filtering.active(form, context["request"].GET))


@register.simple_tag
def any_errors(form: Any = None, others: Any = None) -> list[filtering.Wrong]:
    """The errors of a form and of those beside it."""
    forms = [each for each in (form, *(others or ())) if hasattr(each, "non_field_errors")]
    return list(filtering.wrong([each for each in forms if each.errors]))


@register.simple_tag
def control(field: BoundField) -> SafeString:
    """A field's control in the portal's look, without its label."""
    widget = field.field.widget
    look = {CheckboxInput: "form-check-input", Select: "form-select"}
    found = next((css for kind, css in look.items() if isinstance(widget, kind)), "form-control")
    return field.as_widget(attrs={"class": f"{widget.attrs.get('class', '')} {found}".strip()})


@register.inclusion_tag("components/crumbs.html")
def crumbs(*parts: Any) -> dict[str, Any]:
    """Label, address, label, address …; the last label alone is the page itself."""
    pairs = [*parts, ""] if len(parts) % 2 else list(parts)
    return {"places": [{"label": pairs[i], "url": pairs[i + 1]} for i in range(0, len(pairs), 2) if pairs[i]]}


@register.inclusion_tag("components/panels.html", name="panels")
def show_panels(slot: str, *keys: Any) -> dict[str, Any]:
    """Fragments that rooms above have put into the slot, loaded after the page."""
    return {"panels": [{"title": p.title, "url": reverse(p.url_name, args=keys)} for p in panels.of(slot)]}


@register.inclusion_tag("components/tabs.html", takes_context=True, name="tabs")
def show_tabs(context: dict[str, Any], row: str, label: str, *keys: Any) -> dict[str, Any]:
    """The pages that stand side by side in this row, the present one marked. A single one needs no row."""
    here = context["request"].path
    items = [{"label": tab.label, "url": reverse(tab.url_name, args=keys)} for tab in tabs.of(row)]
    shown = [{**item, "current": item["url"] == here} for item in items] if len(items) > 1 else []
    return {"items": shown, "label": label}


@register.simple_tag
def first_tab(row: str, *keys: Any) -> str:
    """The address at which one enters the row."""
    return reverse(tabs.of(row)[0].url_name, args=keys)


@register.simple_tag
def url_if(name: str, *args: Any) -> str:
    """The address of a page that another room may or may not offer."""
    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        return ""


@register.simple_tag(takes_context=True)
def url_if_may(context: dict[str, Any], name: str, *args: Any) -> str:
    """The same, only for whom the page's own guard lets in by role."""
    url, appointment = url_if(name, *args), context.get("appointment")
    if not url or appointment is None:
        return ""
    needed = getattr(resolve(url).func, "required_permission", None)
    return url if needed is None or appointment.may(needed) else ""
