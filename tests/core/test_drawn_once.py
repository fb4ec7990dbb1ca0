"""A piece of a page is drawn once for the same values, and anew for others."""

from django.template import Context, Template

from core.addresses import address
from core.drawn_once import drawn_once
from core.frame import Place

HOME, RECORDS = Place("首页", "/", "home"), Place("记录", "/activities/", "record")


def test_the_same_values_give_the_same_piece_and_others_another():
    here = drawn_once("components/menu_items.html", places=(HOME, RECORDS))

    assert drawn_once("components/menu_items.html", places=(HOME, RECORDS)) is here
    assert "记录" not in drawn_once("components/menu_items.html", places=(HOME,))


def test_while_templates_are_worked_on_nothing_is_kept(settings):
    settings.DEBUG = True
    here = drawn_once("components/menu_items.html", places=(HOME,))

    assert drawn_once("components/menu_items.html", places=(HOME,)) is not here


def test_values_are_escaped():
    page = drawn_once("components/menu_items.html", places=(Place("<b>", '/"', "home"),))

    assert "<b>" not in page
    assert '/"' not in page


def test_the_tag_takes_values_of_the_page():
    template = Template(
        '{% load components %}{% drawn_once "components/menu_items.html" places=places %}'
    )

    assert "首页" in template.render(Context({"places": (HOME,)}))


def test_an_address_is_that_of_the_route():
    assert address("seminars:activity", 12) == "/activities/12/"
