from django.urls import path

from reports import minutes_views, unit_views, views

app_name = "reports"
urlpatterns = [
    path("cockpit/", views.cockpit, name="cockpit"),
    path("cockpit/blanks/", views.blanks, name="blanks"),
    path("cockpit/tables/", views.tables, name="tables"),
    path("activities/units/<int:pk>/", unit_views.unit, name="unit"),
    path("activities/<int:pk>/minutes.<str:file_format>", minutes_views.minutes, name="minutes"),
    path("reports/", views.index, name="index"),
    path("reports/ask/", views.ask, name="ask"),
    path("reports/<int:pk>/", views.job, name="job"),
    path("reports/<int:pk>/progress/", views.job_progress, name="progress"),
    path("reports/<int:pk>/cancel/", views.cancel, name="cancel"),
    path("reports/<int:pk>/retry/", views.retry, name="retry"),
    path("reports/<int:pk>/download/", views.download, name="download"),
]
