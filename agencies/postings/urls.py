"""Pages of postings."""

from django.urls import path

from agencies.postings.views import handovers, people, postings

app_name = "postings"
urlpatterns = [
    path("", postings.posting_list, name="posting-list"),
    path("new/", postings.posting_propose, name="posting-propose"),
    path("<uuid:pk>/", postings.posting_detail, name="posting-detail"),
    path("<uuid:pk>/accept/", postings.posting_accept, name="posting-accept"),
    path("<uuid:pk>/drop/", postings.posting_drop, name="posting-drop"),
    path("<uuid:pk>/recall/", postings.posting_recall, name="posting-recall"),
    path("agencies/<uuid:pk>/", postings.agency_panel, name="agency-panel"),
    path("acting/", people.deputy_list, name="deputy-list"),
    path("acting/new/", people.deputy_name, name="deputy-name"),
    path("acting/<uuid:pk>/withdraw/", people.deputy_withdraw, name="deputy-withdraw"),
    path("accounts/", people.account_list, name="account-list"),
    path("accounts/<uuid:pk>/wake/", people.account_wake, name="account-wake"),
    path("officers/<uuid:pk>/", people.officer_timeline, name="officer-timeline"),
    path("handovers/", handovers.handover_list, name="handover-list"),
    path("handovers/<uuid:pk>/", handovers.handover_detail, name="handover-detail"),
    path("appointments/<uuid:pk>/handover/", handovers.handover_make, name="handover-make"),
    path("mine/", handovers.account_panel, name="account-panel"),
]
