from django.urls import path

from supervision.views import (
    burden,
    extensions,
    findings,
    handover,
    inspections,
    log,
    owed,
    sendings,
)

app_name = "supervision"
urlpatterns = [
    path("", owed.owed_list, name="owed_list"),
    path("owed/<slug:key>/", owed.owed, name="owed"),
    path("owed/<slug:key>/confirm-red/", owed.confirm_red, name="confirm_red"),
    path("owed/<slug:key>/extension/", extensions.ask, name="ask_extension"),
    path("owed/<slug:key>/done/", extensions.done, name="done"),
    path("posts/<int:pk>/hand-over/", handover.hand_over, name="hand_over"),
    path("log/", log.log, name="log"),
    path("log/undelivered/", log.undelivered, name="undelivered"),
    path("log/undelivered/<int:pk>/retry/", log.retry, name="retry"),
    path("inspections/", inspections.inspections, name="inspections"),
    path("inspections/new/", inspections.plan, name="plan_inspection"),
    path("inspections/<int:pk>/", inspections.inspection, name="inspection"),
    path("inspections/<int:pk>/visit/", inspections.visit, name="visit"),
    path("inspections/<int:pk>/call-off/", inspections.call_off, name="call_off"),
    path("inspections/<int:pk>/findings/new/", inspections.add_finding, name="add_finding"),
    path("inspections/<int:pk>/records/", inspections.records, name="inspected_records"),
    path(
        "inspections/<int:pk>/records/<int:activity_pk>/",
        inspections.inspected_record,
        name="inspected_record",
    ),
    path("findings/<int:pk>/", findings.finding, name="finding"),
    path("findings/<int:pk>/files/<int:evidence_pk>/", findings.evidence_file, name="evidence"),
    path("findings/<int:pk>/close/", findings.close_finding, name="close_finding"),
    path("sendings/", sendings.sendings, name="sendings"),
    path("sendings/new/", sendings.write, name="write_sending"),
    path("sendings/<int:pk>/", sendings.sending, name="sending"),
    path("sendings/<int:pk>/send/", sendings.send, name="send"),
    path("sendings/<int:pk>/drop/", sendings.drop, name="drop"),
    path("burden/", burden.burden, name="burden"),
    path("burden/waive/", burden.waive, name="waive"),
    path("extensions/", extensions.extensions, name="extensions"),
    path("extensions/<int:pk>/", extensions.answer, name="answer_extension"),
]
