"""Every address of the portal starts here; each app owns its own prefix."""

from django.urls import URLPattern, URLResolver, include, path

from core import health, styleguide
from reports.home_views import home, search

urlpatterns: list[URLPattern | URLResolver] = [
    path("", home, name="home"),
    path("search/", search, name="search"),
    path("", include("accounts.urls")),
    path("", include("units.urls")),
    path("", include("campaign.urls")),
    path("", include("reports.urls")),
    path("", include("reports.plan_urls")),
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("styleguide/", styleguide.styleguide, name="styleguide"),
    path("", include("seminars.urls")),
    path("notices/", include("notices.urls")),
    path("", include("proposals.urls")),
    path("", include("outcomes.urls")),
    path("supervision/", include("supervision.urls")),
]

handler400 = "core.errors.bad_request"
handler500 = "core.errors.server_error"
