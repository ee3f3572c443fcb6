"""Pages of drafting."""

from django.urls import path

from agreements.drafting.views import articles, drafts, parties, parts, submitting

app_name = "drafting"
urlpatterns = [
    path("", drafts.draft_list, name="draft-list"),
    path("new/", drafts.draft_create, name="draft-create"),
    path("<uuid:pk>/", drafts.draft_detail, name="draft-detail"),
    path("<uuid:pk>/delete/", drafts.draft_delete, name="draft-delete"),
    path("<uuid:pk>/tasks/<slug:task>/", drafts.task_open, name="task-page"),
    path("<uuid:pk>/tasks/<slug:task>/mark/", drafts.task_mark, name="task-mark"),
    path("<uuid:pk>/name/", parts.name, name="name"),
    path("<uuid:pk>/parties/", parties.parties, name="parties"),
    path("<uuid:pk>/area/", parts.area, name="area"),
    path("<uuid:pk>/dates/", parts.dates, name="dates"),
    path("<uuid:pk>/dates/preview/", parts.dates_preview, name="dates-preview"),
    path("<uuid:pk>/articles/", articles.articles, name="articles"),
    path("<uuid:pk>/articles/new/", articles.article_create, name="article-create"),
    path("<uuid:pk>/articles/<uuid:clause>/", articles.article_change, name="article-change"),
    path("<uuid:pk>/sharing/", articles.sharing, name="sharing"),
    path("<uuid:pk>/sharing/<uuid:clause>/", articles.terms, name="terms"),
    path("<uuid:pk>/preview/", submitting.preview, name="preview"),
    path("<uuid:pk>/contacts/", parts.contacts, name="contacts"),
    path("<uuid:pk>/powers/", parts.powers, name="powers"),
    path("<uuid:pk>/documents/", parts.documents, name="documents"),
    path("<uuid:pk>/check/", submitting.check, name="check"),
    path("<uuid:pk>/what-if/", submitting.what_if, name="what-if"),
    path("<uuid:pk>/share/", submitting.share, name="share"),
    path("<uuid:pk>/ask/", submitting.ask, name="ask"),
    path("requests/<uuid:pk>/approve/", submitting.submission_approve, name="submission-approve"),
    path("requests/<uuid:pk>/send-back/", submitting.submission_send_back, name="submission-send-back"),
    path("requests/<uuid:pk>/take-back/", submitting.submission_take_back, name="submission-take-back"),
    path("requests/<uuid:pk>/cancel/", submitting.submission_cancel, name="submission-cancel"),
    path("requests/<uuid:pk>/schedule/", submitting.submission_schedule, name="submission-schedule"),
]
