from django.urls import path

from notices import views

app_name = "notices"
urlpatterns = [
    path("", views.inbox, name="inbox"),
    path("open-all/", views.open_all, name="open_all"),
    path("preferences/", views.preferences, name="preferences"),
    path("stop/<str:token>/", views.stop, name="stop"),
    path("<int:pk>/", views.detail, name="detail"),
    path("<int:pk>/open/", views.open_one, name="open"),
]
