from django.urls import path

from reports import minutes_views, unit_views
from reports.views import api, bulletins, cockpit, data, jobs, reading, schedules

app_name = "reports"
urlpatterns = [
    path("cockpit/", cockpit.cockpit, name="cockpit"),
    path("cockpit/blanks/", cockpit.blanks, name="blanks"),
    path("cockpit/tables/", cockpit.tables, name="tables"),
    path("activities/units/<int:pk>/", unit_views.unit, name="unit"),
    path("activities/<int:pk>/minutes.<str:file_format>", minutes_views.minutes, name="minutes"),
    path("reports/", jobs.index, name="index"),
    path("reports/ask/", jobs.ask, name="ask"),
    path("reports/read/", reading.read, name="read"),
    path("reports/narrative/", reading.narrative, name="narrative"),
    path("reports/freeze/", reading.freeze_report, name="freeze"),
    path("reports/frozen/<int:pk>/", reading.frozen, name="frozen"),
    path("reports/frozen/<int:pk>/ask/", reading.ask_frozen, name="ask_frozen"),
    path("reports/verify/", reading.verify, name="verify"),
    path("reports/verify/<slug:code>/", reading.verify, name="verify_code"),
    path("reports/data/", data.data, name="data"),
    path("reports/data/package/", data.package, name="package"),
    path("reports/data/keys/<int:pk>/revoke/", data.revoke, name="revoke_token"),
    path("api/v1/openapi.json", api.openapi, name="api_document"),
    path("api/v1/progress", api.progress, name="api_progress"),
    path("api/v1/<slug:name>", api.rows, name="api_rows"),
    path("reports/schedules/", schedules.schedules, name="schedules"),
    path("reports/schedules/<int:pk>/stop/", schedules.stop, name="stop_schedule"),
    path("bulletins/", bulletins.bulletins, name="bulletins"),
    path("bulletins/start/", bulletins.start_bulletin, name="start_bulletin"),
    path("bulletins/rules/", bulletins.bulletin_rules, name="bulletin_rules"),
    path("bulletins/<int:pk>/", bulletins.bulletin, name="bulletin"),
    path("bulletins/<int:pk>/edit/", bulletins.edit_bulletin, name="edit_bulletin"),
    path("bulletins/<int:pk>/step/", bulletins.step_bulletin, name="step_bulletin"),
    path(
        "bulletins/<int:pk>/file.<str:file_format>", bulletins.bulletin_file, name="bulletin_file"
    ),
    path("reports/<int:pk>/", jobs.job, name="job"),
    path("reports/<int:pk>/progress/", jobs.job_progress, name="progress"),
    path("reports/<int:pk>/cancel/", jobs.cancel, name="cancel"),
    path("reports/<int:pk>/retry/", jobs.retry, name="retry"),
    path("reports/<int:pk>/download/", jobs.download, name="download"),
]
