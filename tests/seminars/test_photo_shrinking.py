"""A photo from a phone's camera is made smaller before it travels, and stays the right way up."""

from io import BytesIO

import pytest
from django.urls import reverse
from PIL import Image
from playwright.sync_api import FilePayload, Page, expect

from seminars.models import Activity
from tests.browser import sign_in
from tests.seminars.conftest import PHONE
from tests.seminars.test_phone_journey import fill_in_a_forum

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

LANDSCAPE = (4000, 3000)
LONGEST_SIDE = 2560
TURN_A_QUARTER = 6  # what a phone held upright writes into Exif's Orientation


def camera_photo() -> bytes:
    """Noise, which no format makes small, with a red edge that is on top once it is turned."""
    picture = Image.effect_noise(LANDSCAPE, 100).convert("RGB")
    picture.paste((255, 0, 0), (0, 0, 200, LANDSCAPE[1]))
    exif = Image.Exif()
    exif[0x0112] = TURN_A_QUARTER
    written = BytesIO()
    picture.save(written, "JPEG", quality=95, exif=exif)
    return written.getvalue()


def jpeg(name: str, content: bytes) -> FilePayload:
    return {"name": name, "mimeType": "image/jpeg", "buffer": content}


def chosen_sizes(page: Page) -> list[int]:
    sizes: list[int] = page.locator("#id_files").evaluate("box => [...box.files].map(f => f.size)")
    return sizes


def wait_until_smaller(page: Page, size: int) -> None:
    """The pages' policy lets no test evaluate a condition in them, so it is asked from here."""
    for _ in range(100):
        if chosen_sizes(page)[0] < size:
            return
        page.wait_for_timeout(100)
    raise AssertionError(f"still {size} bytes")


def open_form(page: Page, live_server, secretary) -> None:
    page.set_viewport_size(PHONE)
    sign_in(page, live_server.url, secretary)
    page.goto(live_server.url + reverse("seminars:log"))


def test_a_camera_photo_arrives_smaller_and_upright(page: Page, live_server, college_today):
    open_form(page, live_server, college_today.secretary)
    fill_in_a_forum(page)
    original = camera_photo()
    page.set_input_files("#id_files", [jpeg("现场.jpeg", original)])
    wait_until_smaller(page, len(original))
    page.get_by_role("button", name="保存", exact=True).click()
    expect(page.get_by_role("heading", name="校企合作座谈会")).to_be_visible()

    [kept] = Activity.objects.get(title="校企合作座谈会").files.all()
    assert kept.name == "现场.jpg"
    assert kept.file.size < len(original) / 2
    with kept.file.open() as stored, Image.open(stored) as picture:
        width, height = picture.size
        top = picture.convert("HSV").getpixel((width // 2, 10))
    assert (width < height, height) == (True, LONGEST_SIDE)
    assert isinstance(top, tuple)
    hue, saturation, _value = top
    assert (hue < 20 or hue > 235, saturation > 150) == (True, True)  # red


def test_what_the_browser_cannot_read_goes_as_it_is_and_is_refused_in_words(
    page: Page, live_server, college_today
):
    open_form(page, live_server, college_today.secretary)
    fill_in_a_forum(page)
    broken = b"\xff\xd8\xff" + b"no picture" * 200_000

    page.set_input_files("#id_files", [jpeg("坏的.jpg", broken)])
    page.wait_for_timeout(500)
    assert chosen_sizes(page) == [len(broken)]
    page.get_by_role("button", name="保存", exact=True).click()

    expect(page.locator(".error-summary, .trouble, .form-errors").first).to_contain_text("坏的.jpg")
    assert page.locator("#id_title").input_value() == "校企合作座谈会"
