import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from seminars.models import Activity
from tests.factories import UnitFactory, at

IMPORT = reverse("seminars:import")
GOOD = (
    "时间,形式,主题,地点,应到,实到,主要内容\n2019-09-16,座谈会,校企合作,会议室,28,{present},讨论\n"
)


@pytest.fixture(autouse=True)
def _on_a_monday_evening():
    with time_machine.travel(at(18), tick=False):
        yield


@pytest.fixture
def secretary(client, college):
    client.force_login(college.secretary, backend="django.contrib.auth.backends.ModelBackend")
    return client


def ledger(present=26):
    return SimpleUploadedFile("台账.csv", GOOD.format(present=present).encode())


def test_a_good_file_is_checked_confirmed_and_stored_once(secretary):
    checked = secretary.post(IMPORT, {"ledger": ledger()})
    assert "将新增1场活动" in checked.content.decode()
    assert not Activity.objects.exists()

    token = checked.context["token"]
    for _ in range(2):
        secretary.post(IMPORT, {"token": token})

    assert Activity.objects.get().title == "校企合作"


def test_a_faulty_file_is_answered_by_row_and_column(secretary):
    response = secretary.post(IMPORT, {"ledger": ledger(present=32)})

    page = response.content.decode()
    assert response.status_code == 422
    assert "第2行" in page
    assert "实到（32）比应到（28）多" in page


def test_slips_are_pointed_out_before_a_file_is_taken_in_and_stop_nothing(secretary, college):
    other = UnitFactory.create(name="艺术教师第二党支部", parent=college.committee)
    text = GOOD.format(present=26).replace("讨论", f"{other.name}讨论")

    checked = secretary.post(IMPORT, {"ledger": SimpleUploadedFile("台账.csv", text.encode())})
    secretary.post(IMPORT, {"token": checked.context["token"]})

    assert "9月16日《校企合作》：" in checked.content.decode()
    assert Activity.objects.get().title == "校企合作"


def test_another_persons_or_a_forged_token_imports_nothing(secretary, client, college):
    token = secretary.post(IMPORT, {"ledger": ledger()}).context["token"]
    client.force_login(college.stranger, backend="django.contrib.auth.backends.ModelBackend")

    for sent in (token, "forged", f"{token}x"):
        response = client.post(IMPORT, {"token": sent}, follow=True)
        assert "没有导入任何内容" in response.content.decode()

    assert not Activity.objects.exists()


def test_a_token_of_a_file_replaced_since_imports_nothing(secretary):
    old = secretary.post(IMPORT, {"ledger": ledger()}).context["token"]
    secretary.post(IMPORT, {"ledger": ledger(present=20)})

    secretary.post(IMPORT, {"token": old})

    assert not Activity.objects.exists()


def test_the_template_comes_back_in_unchanged(secretary):
    template = b"".join(secretary.get(reverse("seminars:import_template")).streaming_content)

    response = secretary.post(IMPORT, {"ledger": SimpleUploadedFile("模板.xlsx", template)})

    assert response.status_code == 200
    assert "表里还没有活动" in response.content.decode()


@pytest.mark.parametrize("upload", [None, SimpleUploadedFile("病毒.exe", b"MZ")])
def test_no_file_or_a_strange_one_is_refused(secretary, upload):
    response = secretary.post(IMPORT, {"ledger": upload} if upload else {})

    assert response.status_code == 422
