from django.urls import path

from supervision import views

app_name = "supervision"
urlpatterns = [
    path("", views.owed_list, name="owed_list"),
    path("owed/<slug:key>/", views.owed, name="owed"),
    path("owed/<slug:key>/confirm-red/", views.confirm_red, name="confirm_red"),
]
