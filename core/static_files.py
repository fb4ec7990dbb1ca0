"""Which static files of the packages we use are published at all."""

from django.contrib.staticfiles.apps import StaticFilesConfig


class UsedStaticFilesConfig(StaticFilesConfig):
    """Leaves out what no page names; compressing all of Bootstrap takes a quarter minute."""

    ignore_patterns = (
        *StaticFilesConfig.ignore_patterns,
        "*.rtl.*",
        "bootstrap/css/bootstrap-*",
        "bootstrap/css/bootstrap.css*",
        "bootstrap/js/bootstrap.bundle.js*",
        "bootstrap/js/bootstrap.esm*",
        "bootstrap/js/bootstrap.js*",
        "bootstrap/js/bootstrap.min*",
        "bootstrap/js/jquery*",
        "django_htmx/*-4*",
        "django_htmx/ext*",
    )
