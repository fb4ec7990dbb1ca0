from django.urls import include, path, re_path

from seminars.views import (
    device,
    ideas,
    imports,
    ledger,
    log_form,
    many,
    opinions,
    records,
    study,
    triage,
)

app_name = "seminars"

one_activity = [
    path("", records.activity, name="activity"),
    path("edit/", log_form.edit, name="edit"),
    path("discard/", records.discard, name="discard"),
    path("series/", many.series, name="series"),
    path("minutes/", records.minutes, name="minutes"),
    path("history/", records.history, name="history"),
    path("history/<int:history_pk>/", records.version, name="version"),
    path("files/<int:file_pk>/", records.file, name="file"),
    path("files/<int:file_pk>/thumbnail/", records.thumbnail, name="thumbnail"),
    path("files/<int:file_pk>/remove/", records.remove_file, name="remove_file"),
]

urlpatterns = [
    path("activities/", ledger.activities, name="activities"),
    path("activities/new/", log_form.log, name="log"),
    path("activities/device/", device.device, name="device"),
    path("activities/device/key/", device.device_key, name="device_key"),
    path("worker.js", device.worker, name="worker"),
    path("manifest.webmanifest", device.manifest, name="manifest"),
    path("activities/study/", study.study, name="study"),
    path("activities/grid/", many.grid, name="grid"),
    path("activities/views/", ledger.save_view, name="save_view"),
    path("activities/views/<int:pk>/drop/", ledger.drop_saved_view, name="drop_view"),
    path("activities/import/", imports.import_ledger, name="import"),
    path("activities/import/template.xlsx", imports.import_template, name="import_template"),
    re_path(r"^activities/export\.(?P<file_format>xlsx|csv)$", ledger.export, name="export"),
    path("activities/<int:pk>/", include(one_activity)),
    path("opinions/", opinions.opinions, name="opinions"),
    path("opinions/mine/", opinions.my_opinions, name="my_opinions"),
    path("opinions/new/", opinions.voice, name="voice"),
    path("opinions/settle/", opinions.settle, name="settle"),
    path("opinions/<uuid:pk>/settle/", opinions.settle, name="settle_one"),
    path("opinions/classify/", triage.classify, name="classify"),
    path("opinions/alike/", triage.alike, name="alike"),
    path("opinions/merge/", triage.merge, name="merge"),
    path("opinions/<uuid:pk>/part/", triage.part, name="part"),
    path("opinions/problems/", opinions.problems, name="problems"),
    path("opinions/problems/<int:pk>/close/", opinions.close_problem, name="close_problem"),
    path("ideas/", ideas.ideas, name="ideas"),
    path("ideas/follow/", ideas.follow, name="follow"),
]
