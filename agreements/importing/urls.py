"""Pages of imports and of the register's export."""

from django.urls import path

from agreements.importing.views import imports, names, rows, steps

app_name = "importing"
urlpatterns = [
    path("", imports.import_list, name="import-list"),
    path("new/", imports.import_create, name="import-create"),
    path("names/", names.name_list, name="name-list"),
    path("names/<uuid:pk>/forget/", names.name_forget, name="name-forget"),
    path("register/", imports.register_export, name="register-export"),
    path("<uuid:pk>/", imports.import_detail, name="import-detail"),
    path("<uuid:pk>/columns/", steps.import_columns, name="import-columns"),
    path("<uuid:pk>/names/", names.import_names, name="import-names"),
    path("<uuid:pk>/progress/", imports.import_progress, name="import-progress"),
    path("<uuid:pk>/check/", steps.import_check, name="import-check"),
    path("<uuid:pk>/start/", steps.import_start, name="import-start"),
    path("<uuid:pk>/cancel/", steps.import_cancel, name="import-cancel"),
    path("<uuid:pk>/resume/", steps.import_resume, name="import-resume"),
    path("<uuid:pk>/undo/", steps.import_undo, name="import-undo"),
    path("<uuid:pk>/rows/", imports.import_rows, name="import-rows"),
    path("<uuid:pk>/repair/", steps.import_repair, name="import-repair"),
    path("rows/<uuid:pk>/", rows.row_detail, name="row-detail"),
    path("rows/<uuid:pk>/change/", rows.row_change, name="row-change"),
    path("rows/<uuid:pk>/decide/", rows.row_decide, name="row-decide"),
]
