from django.urls import path

from units.views import changing, importing, people, reading

app_name = "units"
urlpatterns = [
    path("me/", reading.me, name="me"),
    path("people/", people.people, name="people"),
    path("people/import/", importing.import_people, name="import_people"),
    path("people/import/template/", importing.import_template, name="import_template"),
    path("people/new/", people.add_person, name="add_person"),
    path("people/<int:pk>/", people.edit_person, name="edit_person"),
    path("people/<int:pk>/reset-password/", people.reset_password, name="reset_password"),
    path("posts/<int:pk>/end/", changing.end_post, name="end_post"),
    path("units/", reading.tree, name="tree"),
    path("units/<str:code>/", reading.detail, name="detail"),
    path("units/<str:code>/add/", changing.add, name="add"),
    path("units/<str:code>/edit/", changing.edit, name="edit"),
    path("units/<str:code>/move/", changing.move, name="move"),
    path("units/<str:code>/close/", changing.close, name="close"),
    path("units/<str:code>/reopen/", changing.reopen, name="reopen"),
    path("units/<str:code>/appoint/", changing.appoint, name="appoint"),
    path("units/<str:code>/headcount/", changing.headcount, name="headcount"),
]
