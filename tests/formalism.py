"""What the portal must not breed (N7), as something a machine can look for."""

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from django import forms
from django.conf import settings
from django.db.models import Model
from django.urls import URLPattern, URLResolver

#: Points, streaks, time spent, league tables, sign-in sheets, lists of who has read.
FORBIDDEN = re.compile(
    r"积分|打卡|排行|排名|名次|末位|连续\d*天|在线时长|学习时长|浏览时长|签到|活跃度|红黑榜|光荣榜|龙虎榜|荣誉榜|阅读人数|已阅名单|未阅名单|已读名单|未读名单|已读人数"
    r"|leader_?board|league|streak|check_?in\b|online_(?:time|minutes|seconds)|read_receipt"
    r"|\brank(?:ing|ed)?\b|\bpoints\b",
    re.IGNORECASE,
)
#: A page that says that something is *not* done, in exactly these words.
SAYING_NO = ("不排名", "不评分、不排名", "没有排名")
#: Whether a person has opened a notice is that person's business.
OPENED = re.compile(r"opened_at")
OWN_NOTICES = ("notices/", "home/")


def in_text(text: str) -> list[str]:
    """Forbidden words in a text, leaving aside the phrases that say no."""
    for phrase in SAYING_NO:
        text = text.replace(phrase, "")
    return FORBIDDEN.findall(text)


def in_schema(models: Iterable[type[Model]]) -> Iterator[str]:
    for model in models:
        for field in model._meta.get_fields():
            words = f"{field.name} {getattr(field, 'verbose_name', '')}"
            for found in in_text(words):
                yield f"{model._meta.label}.{field.name}: {found}"


def in_routes(patterns: Iterable[URLPattern | URLResolver]) -> Iterator[str]:
    for pattern in patterns:
        words = f"{pattern.pattern} {getattr(pattern, 'name', '')}"
        for found in in_text(words.replace("-", "_")):
            yield f"{words}: {found}"
        if isinstance(pattern, URLResolver):
            yield from in_routes(pattern.url_patterns)


def in_templates(folder: Path) -> Iterator[str]:
    for path in sorted(folder.rglob("*.html")):
        name = path.relative_to(folder).as_posix()
        text = path.read_text(encoding="utf-8")
        for found in in_text(text):
            yield f"{name}: {found}"
        if OPENED.search(text) and not name.startswith(OWN_NOTICES):
            yield f"{name}: shows who has opened a notice"


def forced_photos(form_classes: Iterable[type[forms.Form | forms.ModelForm[Any]]]) -> Iterator[str]:
    """Forms that cannot be sent without a picture or file."""
    for form_class in form_classes:
        for name, field in form_class.base_fields.items():
            if isinstance(field, forms.FileField) and field.required and not is_import(form_class):
                yield f"{form_class.__module__}.{form_class.__name__}.{name}"


def is_import(form_class: type[forms.Form | forms.ModelForm[Any]]) -> bool:
    """A form whose whole purpose is to take in a file: that is no proof of anything."""
    return len(form_class.base_fields) == 1 or "Import" in form_class.__name__


def our_modules(name: str) -> list[str]:
    """Dotted names of all modules called `name`, or inside a package called so, in our apps."""
    apps = [app for app in settings.INSTALLED_APPS if (settings.BASE_DIR / app).is_dir()]
    found = []
    for app in apps:
        for path in sorted((settings.BASE_DIR / app).rglob("*.py")):
            parts = path.relative_to(settings.BASE_DIR).with_suffix("").parts
            if name in parts:
                found.append(".".join(part for part in parts if part != "__init__"))
    return found
