from django.urls import path

from supervision.views import extensions, handover, log, owed

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
    path("extensions/", extensions.extensions, name="extensions"),
    path("extensions/<int:pk>/", extensions.answer, name="answer_extension"),
]
