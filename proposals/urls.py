from django.urls import path

from proposals.views import clauses, desk, exports, reading, table, writing

app_name = "proposals"
urlpatterns = [
    path("proposals/", reading.proposal_list, name="list"),
    path("proposals/new/", writing.start, name="start"),
    path("proposals/export/", exports.export_list, name="export"),
    path("proposals/<int:pk>/", reading.detail, name="detail"),
    path("proposals/<int:pk>/versions/", reading.versions, name="versions"),
    path("proposals/<int:pk>/co-sign/", reading.sign, name="co_sign"),
    path("proposals/<int:pk>/co-sign/take-back/", reading.unsign, name="unsign"),
    path("proposals/<int:pk>/edit/", writing.edit, name="edit"),
    path("proposals/<int:pk>/autosave/", writing.autosave, name="autosave"),
    path("proposals/<int:pk>/sources/", writing.sources, name="sources"),
    path(
        "proposals/<int:pk>/sources/take-away/",
        writing.take_source_away,
        name="take_source_away",
    ),
    path("proposals/<int:pk>/submit/", writing.send_in, name="submit"),
    path("proposals/<int:pk>/withdraw/", writing.take_back, name="withdraw"),
    path("proposals/<int:pk>/recuse/", desk.step_aside, name="recuse"),
    path("review/", desk.queue, name="desk"),
    path("review/export/", exports.export_reviews, name="export_reviews"),
    path("review/table/", table.table, name="table"),
    path("review/table/<int:pk>/", table.look_over_one, name="look_over"),
    path("review/publish/", table.publish_batch, name="publish"),
    path("review/minutes/", table.minutes, name="minutes"),
    path("review/<int:pk>/", desk.desk, name="desk_one"),
    path("review/<int:pk>/wording/", desk.wording, name="wording"),
    path("review/<int:pk>/return/", desk.give_back, name="return"),
    path("review/<int:pk>/merge/", desk.join, name="merge"),
    path("review/<int:pk>/unmerge/", desk.part, name="unmerge"),
    path("review/<int:pk>/notes/", desk.note, name="note"),
    path("clauses/", clauses.documents, name="documents"),
    path("clauses/documents/<int:pk>/", clauses.document, name="document"),
    path("clauses/documents/<int:pk>/compare/", clauses.compare, name="compare"),
    path("clauses/<int:pk>/", clauses.clause, name="clause"),
    path("proposals/replies/<int:pk>/rate/", reading.rate, name="rate"),
]
