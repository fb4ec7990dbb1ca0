from django.urls import path

from campaign.views import plan, reading, steering

app_name = "campaign"
urlpatterns = [
    path("campaign/", plan.plan, name="plan"),
    path("campaign/read/", reading.read_plan, name="read_plan"),
    path("campaign/read/confirm/", reading.confirm_plan, name="confirm_plan"),
    path("campaign/<slug:slug>/settings/", steering.settings, name="settings"),
    path("campaign/<slug:slug>/demands/new/", steering.add_demand, name="add_demand"),
    path("demands/<int:pk>/", steering.edit_demand, name="edit_demand"),
    path("demands/<int:pk>/withdraw/", steering.withdraw_demand, name="withdraw_demand"),
    path("phases/<int:pk>/", steering.phase, name="phase"),
]
