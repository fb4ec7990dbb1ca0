from django.urls import re_path

from reports import plan_views

app_name = "plan_papers"
_FORMAT = r"\.(?P<file_format>pdf|docx)$"
urlpatterns = [
    re_path(r"^papers/packages/(?P<pk>\d{1,18})" + _FORMAT, plan_views.ask_package, name="package"),
    re_path(
        r"^papers/revisions/(?P<pk>\d{1,18})" + _FORMAT, plan_views.ask_revisions, name="revisions"
    ),
    re_path(r"^papers/minutes" + _FORMAT, plan_views.ask_minutes, name="minutes"),
]
