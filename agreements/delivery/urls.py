"""Pages of deliveries."""

from django.urls import path

from agreements.delivery.views import deliveries, outlets, rules

app_name = "delivery"
urlpatterns = [
    path("", deliveries.delivery_list, name="delivery-list"),
    path("<uuid:pk>/", deliveries.delivery_detail, name="delivery-detail"),
    path("rules/", rules.rule_list, name="rule-list"),
    path("rules/account/", rules.account_panel, name="account-panel"),
    path("rules/settings/", rules.preference_change, name="preference-change"),
    path("rules/new/", rules.rule_create, name="rule-create"),
    path("rules/<uuid:pk>/", rules.rule_change, name="rule-change"),
    path("rules/<uuid:pk>/up/", rules.rule_move, name="rule-move"),
    path("rules/<uuid:pk>/remove/", rules.rule_remove, name="rule-remove"),
    path("agencies/<uuid:pk>/", outlets.agency_panel, name="agency-panel"),
    path("agencies/<uuid:pk>/new/<slug:kind>/", outlets.outlet_create, name="outlet-create"),
    path("outlets/<uuid:pk>/", outlets.outlet_detail, name="outlet-detail"),
    path("outlets/<uuid:pk>/change/", outlets.outlet_change, name="outlet-change"),
    path("outlets/<uuid:pk>/secret/", outlets.outlet_secret, name="outlet-secret"),
    path("outlets/<uuid:pk>/try/", outlets.outlet_try, name="outlet-try"),
    path("outlets/<uuid:pk>/end/", outlets.outlet_end, name="outlet-end"),
]
