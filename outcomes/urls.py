from django.urls import path

from outcomes.views import cases, chain, measures, news, results

app_name = "outcomes"
urlpatterns = [
    path("chain/proposals/<int:pk>/", chain.proposal_chain, name="proposal_chain"),
    path("chain/clauses/<int:pk>/", chain.clause_chain, name="clause_chain"),
    path("chain/opinions/<uuid:pk>/", chain.opinion_chain, name="opinion_chain"),
    path("chain/problems/<int:pk>/", chain.problem_chain, name="problem_chain"),
    path("measures/", measures.measure_list, name="measures"),
    path("measures/new/", measures.draft, name="draft_measure"),
    path("measures/<int:pk>/", measures.measure, name="measure"),
    path("measures/<int:pk>/edit/", measures.change, name="change_measure"),
    path("measures/<int:pk>/publish/", measures.publish, name="publish_measure"),
    path("measures/<int:pk>/milestone/", measures.add_milestone, name="add_milestone"),
    path("measures/<int:pk>/progress/", measures.report, name="report_progress"),
    path("measures/<int:pk>/close/", measures.close, name="close_measure"),
    path("outcomes/", results.outcome_list, name="outcomes"),
    path("outcomes/new/", results.add, name="record_outcome"),
    path("outcomes/<int:pk>/", results.outcome, name="outcome"),
    path("outcomes/<int:pk>/edit/", results.change, name="change_outcome"),
    path("outcomes/<int:pk>/case/", cases.write, name="write_case"),
    path("cases/", cases.case_list, name="cases"),
    path("cases/<int:pk>/", cases.case, name="case"),
    path("cases/<int:pk>/publish/", cases.publish, name="publish_case"),
    path("cases/<int:pk>/reuse/", cases.reuse, name="reuse_case"),
    path("news/", news.news_list, name="news"),
    path("news/new/", news.write, name="write_news"),
    path("news/<int:pk>/", news.news_item, name="news_item"),
    path("news/<int:pk>/edit/", news.edit, name="edit_news"),
    path("news/<int:pk>/publish/", news.publish, name="publish_news"),
    path("news/<int:pk>/return/", news.send_back, name="return_news"),
    path("news/<int:pk>/take-down/", news.take_down, name="take_down_news"),
]
