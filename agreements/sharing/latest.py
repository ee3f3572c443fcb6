"""The newest releases that a reader may know of: what came in, what went out, under which article (R18, R26)."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from agencies.directory.models import Agency
from agreements.register.models import Clause
from agreements.sharing import kinds
from agreements.sharing.choices import AudienceKind
from agreements.sharing.kinds import Kind
from agreements.sharing.models import Record, Release
from agreements.sharing.policy import Access
from portal import second_lock

# A record that came by several releases is told once; so many rows are read for each line.
SPARE = 4


@dataclass(frozen=True)
class Share:
    """One record that was given: by whom, to whom (told to the giver alone, R18), under which article."""

    record: Record
    release: Release
    own: bool

    @property
    def kind(self) -> Kind:
        return kinds.get(self.record.kind)

    @property
    def clause(self) -> Clause:
        assert self.release.clause is not None
        return self.release.clause

    @property
    def provider(self) -> Agency:
        return self.release.provider

    @property
    def words(self) -> str:
        """Whom the own agency gave it to, in few words; empty for what was received (R18)."""
        audience = self.release.audience
        if not self.own:
            return ""
        if audience.kind == AudienceKind.CIRCLE:
            return "those who take part"
        if audience.appointment is not None:
            return audience.appointment.function
        if audience.unit or audience.function:
            return str(audience)
        return str(audience.agency or audience.country or "all parties")


def latest_shared(
    access: Access, most: int, *, place: Record | None = None, own: bool = False, since: datetime | None = None
) -> list[Share]:
    """What partners gave to the reader, last given first; with `own` also what the own agency gave.

    `place`: only within that operation. `since`: given from then on. Only of records that the reader sees now.
    """
    if access.appointment is None:
        return []
    own_keys = access.agencies
    received = Q(pk__in=Release.objects.live_for(access).values("pk")) & ~Q(provider__in=own_keys)
    rows = Release.objects.standing().filter(
        received | Q(provider__in=own_keys) if own else received, clause__isnull=False
    )
    rows = rows.filter(content_object__in=Record.objects.visible_to(access))
    if place is not None:
        rows = rows.filter(Q(content_object__operation=place) | Q(content_object=place))
    if since is not None:
        rows = rows.filter(released_at__gte=since)
    # Found by their keys, as in the feed; what is shown of them is read behind the lock.
    with second_lock.opened("the latest releases by key"):
        keys = list(rows.order_by("-released_at", "-pk").values_list("pk", flat=True)[: most * SPARE])
    rows = (
        Release.objects.filter(pk__in=keys)
        .order_by("-released_at", "-pk")
        .select_related(
            "content_object__owner__country",
            "clause__agreement",
            "provider__country",
            "audience__agency",
            "audience__country",
            "audience__unit",
            "audience__circle",
            "audience__appointment",
        )
    )
    found: dict[object, Share] = {}
    for release in rows:
        share = Share(release.content_object, release, release.provider_id in own_keys)
        found.setdefault(release.content_object_id, share)
    return list(found.values())[:most]
