from django.urls import path

from units import views

app_name = "units"
urlpatterns = [
    path("me/", views.me, name="me"),
    path("units/", views.tree, name="tree"),
    path("units/<str:code>/", views.detail, name="detail"),
]
