"""Reports and events over the API: the same rows and actions as the pages. Marking and releasing stand under /records/."""

from typing import Any

from drf_spectacular.utils import OpenApiParameter, OpenApiTypes, extend_schema
from rest_framework.decorators import action
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from agencies.directory.roles import Permission
from agreements.sharing.api.base import DetailViewSet
from agreements.sharing.api.parts import is_withheld
from agreements.sharing.disclosure import disclose
from operations.incidents.actions import chain, events, levels, links, reports
from operations.incidents.api import inputs, serializers
from operations.incidents.api.filters import EventFilterSet, IncidentFilterSet
from operations.incidents.models import Event, EventLink, IncidentReport

VIEW, REPORT, KEEP = Permission.INCIDENT_VIEW, Permission.INCIDENT_REPORT, Permission.INCIDENT_KEEP
IF_MATCH = OpenApiParameter(
    "If-Match", OpenApiTypes.STR, OpenApiParameter.HEADER, required=True, description="ETag of the version you read."
)


class IncidentViewSet(DetailViewSet):
    """Reports of incidents as far as the reader may see them, the newest incident first."""

    model = IncidentReport
    serializer_class = serializers.IncidentSerializer
    filterset_class = IncidentFilterSet
    required_permissions = {
        "list": VIEW,
        "retrieve": VIEW,
        "create": REPORT,
        "partial_update": REPORT,
        "submit": REPORT,
        "withdraw": REPORT,
        "involved": VIEW,
        "involve": REPORT,
        "remove": REPORT,
        "validations": VIEW,
        "validate": VIEW,
        "send_back": VIEW,
        "propose": REPORT,
        "links": VIEW,
        "link": REPORT,
        "unlink": REPORT,
    }

    @extend_schema(request=inputs.IncidentInput, responses={201: serializers.IncidentSerializer})
    def create(self, request: Request) -> Response:
        """Write a draft, or a follow-up. It goes to nobody outside the agency until it is reported and released."""
        return self.created(reports.write(by=self.by, **self.valid(inputs.IncidentInput)))

    @extend_schema(parameters=[IF_MATCH], request=inputs.IncidentChange, responses=serializers.IncidentSerializer)
    def partial_update(self, request: Request, pk: str) -> Response:
        """Change a draft, or what was returned."""
        row: IncidentReport = self.get_object()
        version = self.check_version(row)
        reports.change(report=row, by=self.by, version=version, **self.valid(inputs.IncidentChange))
        return self.shown(self.get_object())

    @extend_schema(request=None, responses=serializers.IncidentSerializer)
    @action(detail=True, methods=["post"])
    def submit(self, request: Request, pk: str) -> Response:
        """Report it: to the first link of its operation's chain."""
        reports.submit(report=self.get_object(), by=self.by)
        return self.shown(self.get_object())

    @extend_schema(request=inputs.IncidentReasonInput, responses=serializers.IncidentSerializer)
    @action(detail=True, methods=["post"])
    def withdraw(self, request: Request, pk: str) -> Response:
        """Take it back for good: every release is revoked, none can follow."""
        row: IncidentReport = self.get_object()
        reports.withdraw(report=row, by=self.by, **self.valid(inputs.IncidentReasonInput))
        return self.shown(self.get_object())

    @extend_schema(
        operation_id="incidents_involved_list",
        responses=serializers.InvolvedSerializer(many=True),
        filters=False,
    )
    @action(detail=True, methods=["get"], pagination_class=None)
    def involved(self, request: Request, pk: str) -> Response:
        """Who and what was involved."""
        row = self._told(request)
        # Display-only: nothing of it leaves by the API (R7).
        rows = row.involved.none() if is_withheld(row.record, self.sight) else row.involved.all()
        return Response(serializers.InvolvedSerializer(rows, many=True).data)

    @extend_schema(
        operation_id="incidents_involved_create",
        request=inputs.InvolvedInput,
        responses={201: serializers.InvolvedSerializer},
    )
    @involved.mapping.post
    def involve(self, request: Request, pk: str) -> Response:
        """Add a person, vehicle, vessel or goods: its data category becomes one of the record's."""
        row: IncidentReport = self.get_object()
        found = reports.involve(report=row, by=self.by, **self.valid(inputs.InvolvedInput))
        disclose(request._request, [row.record])
        return Response(serializers.InvolvedSerializer(found).data, status=201)

    @extend_schema(request=inputs.InvolvedKey, responses={204: None})
    @action(detail=True, methods=["post"])
    def remove(self, request: Request, pk: str) -> Response:
        """Take one out; the data categories stay."""
        row: IncidentReport = self.get_object()
        found = row.involved.filter(pk=self.valid(inputs.InvolvedKey)["involved"]).first()
        if found is None:
            raise ValidationError({"involved": ["There is no such entry."]})
        reports.remove(involved=found, by=self.by)
        return Response(status=204)

    @extend_schema(responses=serializers.ValidationSerializer(many=True), filters=False)
    @action(detail=True, methods=["get"], pagination_class=None)
    def validations(self, request: Request, pk: str) -> Response:
        """The answers of the chain: all to its owner, to another agency its own (R5)."""
        row = self._told(request)
        rows = row.validations.select_related("by__officer", "by__agency")
        if not self.access.owns(row.record.owner_id):
            rows = rows.filter(by__agency__in=self.by.agencies)
        context = self.get_serializer_context()
        return Response(serializers.ValidationSerializer(rows, many=True, context=context).data)

    @extend_schema(request=inputs.WordsInput, responses=serializers.IncidentSerializer)
    @action(detail=True, methods=["post"])
    def validate(self, request: Request, pk: str) -> Response:
        """Confirm it at the step where it waits: whoever the operation's chain names there."""
        chain.validate(report=self.get_object(), by=self.by, **self.valid(inputs.WordsInput))
        return self.shown(self.get_object())

    @extend_schema(request=inputs.ReturnInput, responses=serializers.IncidentSerializer)
    @action(detail=True, methods=["post"], url_path="return")
    def send_back(self, request: Request, pk: str) -> Response:
        """Return it with the reason."""
        chain.send_back(report=self.get_object(), by=self.by, **self.valid(inputs.ReturnInput))
        return self.shown(self.get_object())

    @extend_schema(request=inputs.LevelsInput, responses={201: serializers.ProposalSerializer})
    @action(detail=True, methods=["post"], url_path="levels")
    def propose(self, request: Request, pk: str) -> Response:
        """Propose other levels: somebody else decides."""
        row = self._told(request)
        found = levels.propose(row=row, by=self.by, **self.valid(inputs.LevelsInput))
        return Response(serializers.ProposalSerializer(found, context=self.get_serializer_context()).data, status=201)

    @extend_schema(
        operation_id="incidents_links_list", responses=serializers.IncidentLinkSerializer(many=True), filters=False
    )
    @action(detail=True, methods=["get"], pagination_class=None)
    def links(self, request: Request, pk: str) -> Response:
        """The records that belong to it, as far as the reader sees them."""
        row: IncidentReport = self.get_object()
        rows = list(row.links.filter(record__in=self.seen()).select_related("record__owner"))
        disclose(request._request, [row.record, *(link.record for link in rows)])
        return Response(serializers.IncidentLinkSerializer(rows, many=True).data)

    @extend_schema(
        operation_id="incidents_links_create",
        request=inputs.RecordKey,
        responses={201: serializers.IncidentLinkSerializer},
    )
    @links.mapping.post
    def link(self, request: Request, pk: str) -> Response:
        """Say that a record belongs to it: an officer of its owner who sees both."""
        row: IncidentReport = self.get_object()
        record = self.named_record(self.valid(inputs.RecordKey)["record"])
        found = links.link(report=row, record=record, by=self.by)
        disclose(request._request, [row.record, record])
        return Response(serializers.IncidentLinkSerializer(found).data, status=201)

    @extend_schema(request=inputs.RecordKey, responses={204: None})
    @action(detail=True, methods=["post"])
    def unlink(self, request: Request, pk: str) -> Response:
        """It belongs to it no more."""
        row: IncidentReport = self.get_object()
        links.unlink(report=row, record=self.named_record(self.valid(inputs.RecordKey)["record"]), by=self.by)
        return Response(status=204)

    def _told(self, request: Request) -> IncidentReport:
        row: IncidentReport = self.get_object()
        disclose(request._request, [row.record])
        return row


class EventViewSet(DetailViewSet):
    """Events as far as the reader may see them."""

    model = Event
    serializer_class = serializers.EventSerializer
    filterset_class = EventFilterSet
    required_permissions = {
        "list": VIEW,
        "retrieve": VIEW,
        "create": KEEP,
        "reports": VIEW,
        "link": KEEP,
        "unlink": KEEP,
        "hand_on": KEEP,
        "close": KEEP,
        "propose": REPORT,
    }

    def get_queryset(self) -> Any:
        return super().get_queryset().select_related("keeper__officer", "keeper__agency")

    @extend_schema(request=inputs.EventInput, responses={201: serializers.EventSerializer})
    def create(self, request: Request) -> Response:
        """Open an event: its opener keeps it. It opens none of its reports."""
        return self.created(events.open_event(by=self.by, **self.valid(inputs.EventInput)))

    @extend_schema(
        operation_id="events_reports_list", responses=serializers.EventLinkSerializer(many=True), filters=False
    )
    @action(detail=True, methods=["get"], pagination_class=None)
    def reports(self, request: Request, pk: str) -> Response:
        """The reports it groups, as far as the reader sees them: that there are others is not told (R17)."""
        row: Event = self.get_object()
        links = list(EventLink.objects.filter(event=row, report__in=self.seen()).select_related("report__owner"))
        disclose(request._request, [row.record, *(link.report for link in links)])
        return Response(serializers.EventLinkSerializer(links, many=True).data)

    @extend_schema(
        operation_id="events_reports_create", request=inputs.ReportKey, responses={201: serializers.EventLinkSerializer}
    )
    @reports.mapping.post
    def link(self, request: Request, pk: str) -> Response:
        """Group a report under it: its keeper."""
        row: Event = self.get_object()
        report = self._report()
        found = events.link(event=row, report=report, by=self.by)
        disclose(request._request, [row.record, report.record])
        return Response(serializers.EventLinkSerializer(found).data, status=201)

    @extend_schema(request=inputs.ReportKey, responses={204: None})
    @action(detail=True, methods=["post"])
    def unlink(self, request: Request, pk: str) -> Response:
        """Take a report out of it: its keeper."""
        events.unlink(event=self.get_object(), report=self._report(), by=self.by)
        return Response(status=204)

    @extend_schema(request=inputs.KeeperInput, responses=serializers.EventSerializer)
    @action(detail=True, methods=["post"], url_path="keeper")
    def hand_on(self, request: Request, pk: str) -> Response:
        """Let another officer of the agency keep it."""
        events.hand_on(event=self.get_object(), by=self.by, **self.valid(inputs.KeeperInput))
        return self.shown(self.get_object())

    @extend_schema(request=inputs.CloseInput, responses=serializers.EventSerializer)
    @action(detail=True, methods=["post"])
    def close(self, request: Request, pk: str) -> Response:
        """Close it with its outcome: its keeper."""
        events.close(event=self.get_object(), by=self.by, **self.valid(inputs.CloseInput))
        return self.shown(self.get_object())

    @extend_schema(request=inputs.LevelsInput, responses={201: serializers.ProposalSerializer})
    @action(detail=True, methods=["post"], url_path="levels")
    def propose(self, request: Request, pk: str) -> Response:
        """Propose other levels: its keeper decides."""
        row: Event = self.get_object()
        found = levels.propose(row=row, by=self.by, **self.valid(inputs.LevelsInput))
        disclose(request._request, [row.record])
        return Response(serializers.ProposalSerializer(found, context=self.get_serializer_context()).data, status=201)

    def _report(self) -> IncidentReport:
        key = self.valid(inputs.ReportKey)["report"]
        row = IncidentReport.objects.visible_to(self.access).filter(pk=key).first()
        if row is None:
            raise ValidationError({"report": ["There is no such report."]})
        return row
