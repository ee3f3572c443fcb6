"""Pages of the atlas: what flows, who is bound with whom, and what we have in common with a country or an agency."""

from django.urls import path

from agreements.atlas.views import matrix, network, relations

app_name = "atlas"
urlpatterns = [
    path("", matrix.flow_matrix, name="flow-matrix"),
    path("flow/", matrix.flow, name="flow"),
    path("network/", network.network, name="network"),
    path("between/<str:one>/<str:other>/", network.between, name="between"),
    path("countries/", relations.country_list, name="country-list"),
    path("countries/<str:code>/", relations.country_detail, name="country-detail"),
    path("countries/<str:code>/exchanged/", relations.country_exchanged, name="country-exchanged"),
    path("agencies/<uuid:pk>/", relations.agency_relations, name="agency-relations"),
    path("agencies/<uuid:pk>/exchanged/", relations.agency_exchanged, name="agency-exchanged"),
    path("agreements/<uuid:pk>/channels/", relations.agreement_channels, name="agreement-channels"),
    path("exchanged/", relations.exchanged_list, name="exchanged-list"),
]
