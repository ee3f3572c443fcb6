"""Pages of deadlines."""

from django.urls import path

from agreements.deadlines import views

app_name = "deadlines"
urlpatterns = [
    path("", views.deadline_list, name="deadline-list"),
    path("calendar.ics", views.deadline_calendar, name="deadline-calendar"),
    path("lead-times/", views.lead_times_change, name="lead-times-change"),
    path("agreements/<uuid:pk>/", views.agreement_deadlines, name="agreement-deadlines"),
    path("agreements/<uuid:pk>/reviews/new/", views.review_create, name="review-create"),
    path("reviews/<uuid:pk>/end/", views.review_end, name="review-end"),
]
