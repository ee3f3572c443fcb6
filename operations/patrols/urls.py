"""Pages of the patrol log."""

from django.urls import path

from operations.patrols.views import legs, lists, observations, patrols, powers

app_name = "patrols"
urlpatterns = [
    path("", lists.patrol_list, name="patrol-list"),
    path("mine/", lists.mine, name="mine"),
    path("new/", patrols.patrol_create, name="patrol-create"),
    path("<uuid:pk>/", patrols.patrol_detail, name="patrol-detail"),
    path("<uuid:pk>/start/", patrols.patrol_start, name="patrol-start"),
    path("<uuid:pk>/end/", patrols.patrol_end, name="patrol-end"),
    path("<uuid:pk>/cancel/", patrols.patrol_cancel, name="patrol-cancel"),
    path("<uuid:pk>/map/", patrols.patrol_geojson, name="patrol-geojson"),
    path("<uuid:pk>/powers/", powers.patrol_powers, name="patrol-powers"),
    path("<uuid:pk>/powers/print/", powers.patrol_powers_print, name="patrol-powers-print"),
    path("<uuid:pk>/log/", observations.observation_create, name="observation-create"),
    path("<uuid:pk>/track/", legs.track_attach, name="track-attach"),
    path("<uuid:pk>/legs/new/", legs.leg_create, name="leg-create"),
    path("legs/<uuid:pk>/", legs.leg_detail, name="leg-detail"),
    path("legs/<uuid:pk>/end/", legs.leg_end, name="leg-end"),
    path("legs/<uuid:pk>/track/", legs.leg_track, name="leg-track"),
    path("legs/<uuid:pk>/map/", legs.leg_geojson, name="leg-geojson"),
    path("legs/<uuid:pk>/lines/", legs.leg_lines, name="leg-lines"),
    path("legs/<uuid:pk>/track.gpx", legs.leg_recording, {"kind": "gpx"}, name="leg-gpx"),
    path("legs/<uuid:pk>/track.geojson", legs.leg_recording, {"kind": "geojson"}, name="leg-recording"),
    path("observations/<uuid:pk>/", observations.observation_detail, name="observation-detail"),
    path("photos/<uuid:pk>/", observations.photo_image, name="photo-image"),
    path("photos/<uuid:pk>/thumbnail/", observations.photo_thumbnail, name="photo-thumbnail"),
]
