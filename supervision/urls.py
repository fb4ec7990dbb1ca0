from django.urls import path

from supervision.views import extensions, handover, owed

app_name = "supervision"
urlpatterns = [
    path("", owed.owed_list, name="owed_list"),
    path("owed/<slug:key>/", owed.owed, name="owed"),
    path("owed/<slug:key>/confirm-red/", owed.confirm_red, name="confirm_red"),
    path("owed/<slug:key>/extension/", extensions.ask, name="ask_extension"),
    path("owed/<slug:key>/done/", extensions.done, name="done"),
    path("posts/<int:pk>/hand-over/", handover.hand_over, name="hand_over"),
    path("extensions/", extensions.extensions, name="extensions"),
    path("extensions/<int:pk>/", extensions.answer, name="answer_extension"),
]
