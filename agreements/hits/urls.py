"""Pages of hit/no-hit."""

from django.urls import path

from agreements.hits import views

app_name = "hits"
urlpatterns = [
    path("", views.search, name="search"),
    path("searches/", views.search_list, name="search-list"),
    path("searches/<uuid:pk>/", views.search_detail, name="search-detail"),
    path("records/<uuid:pk>/", views.entry_create, name="entry-create"),
    path("records/<uuid:pk>/panel/", views.record_panel, name="record-panel"),
    path("entries/<uuid:pk>/withdraw/", views.entry_withdraw, name="entry-withdraw"),
]
