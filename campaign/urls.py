from django.urls import path

from campaign.views import documents, entries, plan, reading, steering, timeline, topics

app_name = "campaign"
urlpatterns = [
    path("campaign/", plan.plan, name="plan"),
    path("campaigns/", plan.campaigns, name="campaigns"),
    path("campaign/read/", reading.read_plan, name="read_plan"),
    path("campaign/read/confirm/", reading.confirm_plan, name="confirm_plan"),
    path("campaigns/<slug:slug>/", plan.plan_of, name="plan_of"),
    path("campaigns/<slug:slug>/settings/", steering.settings, name="settings"),
    path("campaigns/<slug:slug>/phases/new/", steering.add_phase, name="add_phase"),
    path("campaigns/<slug:slug>/lists/<slug:name>/", entries.entries, name="entries"),
    path("campaigns/<slug:slug>/gates/<slug:gate>/", steering.switch_gate, name="switch_gate"),
    path("campaigns/<slug:slug>/timeline/", timeline.timeline, name="timeline"),
    path("campaigns/<slug:slug>/clone/", timeline.clone, name="clone"),
    path("campaigns/<slug:slug>/topics/", topics.sub_topics, name="sub_topics"),
    path("campaigns/<slug:slug>/documents/load/", documents.load, name="load_document"),
    path("campaigns/<slug:slug>/documents/confirm/", documents.confirm, name="confirm_document"),
    path("topics/<int:pk>/remove/", topics.remove, name="remove_sub_topic"),
    path("phases/<int:pk>/move/", steering.move_phase, name="move_phase"),
    path("phases/<int:pk>/remove/", steering.remove_phase, name="remove_phase"),
    path("phases/<int:pk>/steps/new/", steering.add_step, name="add_step"),
    path("steps/<int:pk>/remove/", steering.remove_step, name="remove_step"),
    path("gates/<int:pk>/restore/", steering.restore_gate, name="restore_gate"),
    path("targets/<int:pk>/progress/", entries.progress, name="progress"),
    path("study/<int:pk>/file/", plan.study_file, name="study_file"),
]
