from datetime import date

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from accounts.models import AuditEntry, User
from core.refusal import FileRefused
from tests.factories import MembershipFactory, UnitFactory, UserFactory
from units.choices import Position
from units.models import Membership
from units.people_import import ImportedMeanwhile, carry_out, plan_import

pytestmark = pytest.mark.django_db

TODAY = date(2019, 9, 16)
HEAD = "用户名,姓名,电子邮件,状态,单位,职务,任职日期,离任日期\n"
IMPORT = reverse("units:import_people")


@pytest.fixture
def admin():
    return UserFactory(username="admin", is_superuser=True)


@pytest.fixture
def branch():
    return UnitFactory(code="jidian-b1", name="机电学院教师第一党支部")


def register(*rows, encoding="utf-8"):
    text = HEAD + "".join(f"{row}\n" for row in rows)
    return SimpleUploadedFile("名册.csv", text.encode(encoding))


def plan_of(admin, *rows, **how):
    return plan_import(register(*rows, **how), by=admin, today=TODAY)


def test_new_people_changed_facts_and_posts_are_told_before_anything_is_stored(admin, branch):
    UserFactory(username="li", name="李二", email="old@example.edu.cn")

    plan = plan_of(
        admin,
        "wang,王一,,,jidian-b1,书记,2019年9月1日,",
        "li,李二,new@example.edu.cn,停用,,,,",
    )

    assert [one.username for one in plan.new] == ["wang"]
    assert [(c.label, c.old, c.new) for c in plan.changes] == [
        ("电子邮件", "old@example.edu.cn", "new@example.edu.cn"),
        ("状态", "在用", "停用"),
    ]
    assert [(p.username, p.position, p.starts_on) for p in plan.new_posts] == [
        ("wang", Position.SECRETARY, date(2019, 9, 1))
    ]
    assert not User.objects.filter(username="wang").exists()


def test_carried_out_it_stores_everything_and_a_second_time_nothing(admin, branch):
    rows = ("wang,王一,,,机电学院教师第一党支部,书记,2019-09-01,2020-08-31",)

    carry_out(plan_of(admin, *rows), by=admin)
    again = plan_of(admin, *rows)

    post = Membership.objects.get(user__username="wang")
    assert (post.unit, post.position, post.ends_on) == (
        branch,
        Position.SECRETARY,
        date(2020, 8, 31),
    )
    assert not post.user.has_usable_password()
    assert post.history.count() == 1
    assert not again.does_anything
    assert again.unchanged == 1
    assert AuditEntry.objects.get(action="units.import_people").after["new"] == ["wang"]


def test_a_last_day_in_the_file_ends_the_post_that_is_stored(admin, branch):
    post = MembershipFactory(
        user__username="li", user__name="李二", unit=branch, position=Position.LIAISON
    )

    carry_out(plan_of(admin, "li,李二,,,jidian-b1,联络员,,2019-09-30"), by=admin)

    post.refresh_from_db()
    assert post.ends_on == date(2019, 9, 30)
    assert Membership.objects.count() == 1


def test_a_stored_last_day_stays_where_the_file_names_none(admin, branch):
    MembershipFactory(
        user__username="li",
        user__name="李二",
        unit=branch,
        position=Position.LIAISON,
        ends_on=date(2019, 12, 31),
    )

    plan = plan_of(admin, "li,李二,,,jidian-b1,联络员,2019-01-01,")

    assert not plan.does_anything


@pytest.mark.parametrize(
    ("row", "column", "message"),
    [
        (",王一,,,,,,", "用户名", "没有填写用户名（工号）。"),
        ("wa ng,王一,,,,,,", "用户名", "“wa ng”里只能有字母、数字和@.+-_，请改正。"),
        ("wang,,,,,,,", "姓名", "没有填写姓名。"),
        ("wang,王一,not-mail,,,,,", "电子邮件", "“not-mail”不是电子邮件地址，请改正或留空。"),
        ("wang,王一,,离职,,,,", "状态", "没有“离职”这种状态，可以填：在用、停用，或留空。"),
        ("wang,王一,,,不存在,书记,,", "单位", "没有名为“不存在”的单位，请核对或先登记单位。"),
        ("wang,王一,,,,书记,,", "单位", "填了职务或日期，还要填单位（编码、名称或简称）。"),
        ("wang,王一,,,jidian-b1,书记,去年,", "任职日期", "“去年”不是日期，请写成2019年10月8日。"),
        (
            "wang,王一,,,jidian-b1,书记,2019-09-02,2019-09-01",
            "离任日期",
            "离任日期2019-09-01早于任职日期2019-09-02，请改正其中一个。",
        ),
        ("admin,管理员,,停用,,,,", "状态", "不能停用您自己的账户，请删去这一行或改为在用。"),
    ],
)
def test_a_row_that_cannot_be_taken_is_named_with_its_column_and_reason(
    admin, branch, row, column, message
):
    plan = plan_of(admin, row)

    assert plan.faults == ((2, column, message),)


def test_a_name_of_two_units_asks_for_the_code(admin):
    for code in ("a", "b"):
        UnitFactory(code=code, name=f"{code}支部", short_name="学生党支部")

    plan = plan_of(admin, "wang,王一,,,学生党支部,书记,,")

    assert plan.faults[0].message == "有2个单位叫“学生党支部”，请改填编码（a、b）。"


def test_one_person_with_two_names_in_the_file_is_refused(admin):
    plan = plan_of(admin, "wang,王一,,,,,,", "wang,王二,,,,,,")

    assert plan.faults[0].message == "“wang”在第2行的姓名是“王一”，请改成一致。"


def test_gbk_and_full_width_dates_are_read(admin, branch):
    plan = plan_of(admin, "wang,王一,,,jidian-b1,书记,２０１９年９月１日,", encoding="gbk")

    assert plan.new_posts[0].starts_on == date(2019, 9, 1)


def test_a_file_without_the_columns_is_refused_in_words(admin):
    upload = SimpleUploadedFile("名册.csv", "甲,乙\n1,2\n".encode())

    with pytest.raises(FileRefused, match="缺少“用户名”、“姓名”列"):
        plan_import(upload, by=admin, today=TODAY)


def test_somebody_registered_meanwhile_lets_nothing_be_stored(admin):
    plan = plan_of(admin, "zhao,赵三,,,,,,", "wang,王一,,,,,,")
    UserFactory(username="wang")

    with pytest.raises(ImportedMeanwhile):
        carry_out(plan, by=admin)

    assert not User.objects.filter(username="zhao").exists()


def test_only_an_administrator_takes_people_in(admin):
    plan = plan_of(admin, "wang,王一,,,,,,")

    with pytest.raises(PermissionDenied):
        carry_out(plan, by=UserFactory())

    assert not User.objects.filter(username="wang").exists()


def test_reading_the_register_takes_the_same_queries_for_one_person_and_three(
    admin, branch, django_assert_num_queries
):
    rows = [f"p{n},甲{n},,,jidian-b1,教职工,2019-09-01," for n in range(3)]
    carry_out(plan_of(admin, *rows), by=admin)

    for some in (rows[:1], rows):
        with django_assert_num_queries(3):
            plan_of(admin, *some)


def test_the_page_checks_then_stores_once_confirmed(client, admin, branch):
    client.force_login(admin, backend="django.contrib.auth.backends.ModelBackend")

    checked = client.post(IMPORT, {"register": register("wang,王一,,,jidian-b1,书记,,")})
    assert "新增1人" in checked.content.decode()
    stored = client.post(IMPORT, {"token": checked.context["token"]}, follow=True)

    assert "已登记1人" in stored.content.decode()
    assert Membership.objects.get(user__username="wang").unit == branch


def test_the_page_keeps_nothing_of_a_faulty_file(client, admin, branch):
    client.force_login(admin, backend="django.contrib.auth.backends.ModelBackend")

    answer = client.post(IMPORT, {"register": register("wang,王一,,,,,,", ",李二,,,,,,")})

    assert answer.status_code == 422
    assert "第3行" in answer.content.decode()
    assert not User.objects.filter(username="wang").exists()
