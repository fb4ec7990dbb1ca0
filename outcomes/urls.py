from django.urls import path

from outcomes import views

app_name = "outcomes"
urlpatterns = [
    path("chain/proposals/<int:pk>/", views.proposal_chain, name="proposal_chain"),
    path("chain/clauses/<int:pk>/", views.clause_chain, name="clause_chain"),
    path("chain/opinions/<uuid:pk>/", views.opinion_chain, name="opinion_chain"),
    path("chain/problems/<int:pk>/", views.problem_chain, name="problem_chain"),
]
