"""Pages of observation types. Each is of one operation."""

from django.urls import path

from operations.types.views import editing, reading

app_name = "types"
urlpatterns = [
    path("<uuid:pk>/", reading.catalogue, name="catalogue"),
    path("<uuid:pk>/panel/", reading.operation_types, name="operation-types"),
    path("<uuid:pk>/schema/", reading.schema_export, name="schema-export"),
    path("<uuid:pk>/draft/", editing.draft_detail, name="draft-detail"),
    path("<uuid:pk>/draft/begin/", editing.draft_begin, name="draft-begin"),
    path("<uuid:pk>/draft/publish/", editing.draft_publish, name="draft-publish"),
    path("<uuid:pk>/draft/drop/", editing.draft_drop, name="draft-drop"),
    path("<uuid:pk>/draft/import/", editing.schema_import, name="schema-import"),
    path("<uuid:pk>/draft/new-type/", editing.type_create, name="type-create"),
    path("<uuid:pk>/draft/types/<slug:key>/", editing.type_change, name="type-change"),
    path("<uuid:pk>/draft/types/<slug:key>/move/", editing.type_move, name="type-move"),
    path("<uuid:pk>/draft/types/<slug:key>/new-field/", editing.field_create, name="field-create"),
    path("<uuid:pk>/draft/types/<slug:key>/fields/<slug:field>/", editing.field_change, name="field-change"),
    path("<uuid:pk>/draft/types/<slug:key>/fields/<slug:field>/move/", editing.field_move, name="field-move"),
]
