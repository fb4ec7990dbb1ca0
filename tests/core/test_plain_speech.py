"""Wrong input is answered with the field's name and the mend."""

import pytest
from django import forms
from django.utils.functional import lazystr

from core.forms import PortalForm


def said(field: forms.Field, typed: str) -> list[str]:
    class Form(PortalForm):
        box = field

    return [str(one) for one in Form({"box": typed}).errors["box"]]


@pytest.mark.parametrize(
    ("field", "typed", "sentence"),
    [
        (forms.IntegerField(label="应到"), "", "请填写“应到”。"),
        (forms.IntegerField(label="应到"), "十二", "“应到”请填写整数。"),
        (forms.IntegerField(label="应到", min_value=1), "-3", "“应到”最小填1。"),
        (forms.IntegerField(label="应到", max_value=9), "10", "“应到”最大填9。"),
        (forms.DecimalField(label="权重"), "多", "“权重”请填写数字。"),
        (forms.DateField(label="日期"), "明天", "“日期”请填写日期，例如2019-10-08。"),
        (forms.TimeField(label="开始"), "下午", "“开始”请填写时间，例如14:00。"),
        (
            forms.DateTimeField(label="截止"),
            "下午",
            "“截止”请填写日期和时间，例如2019-10-08 14:00。",
        ),
        (
            forms.EmailField(label="邮箱"),
            "我的",
            "“邮箱”请填写完整的邮箱地址，例如name@example.edu.cn。",
        ),
        (
            forms.URLField(label="链接", assume_scheme="https"),
            "我的 网页",
            "“链接”请填写完整的网址，例如https://www.example.edu.cn/。",
        ),
        (
            forms.CharField(label="标题", max_length=3),
            "四个字了",
            "“标题”最多3个字，现在有4个字，请缩短。",
        ),
        (
            forms.CharField(label="标题", min_length=3),
            "两字",
            "“标题”至少3个字，现在有2个字，请补充。",
        ),
        (
            forms.ChoiceField(label="类别", choices=[("a", "甲")]),
            "b",
            "“类别”里没有这一项了，请从列出的各项中选择。",
        ),
    ],
)
def test_a_sentence_names_the_field_and_the_mend(field, typed, sentence):
    assert said(field, typed) == [sentence]


@pytest.mark.parametrize("own", ["请写成整数。", lazystr("请写成整数。")])
def test_a_fields_own_words_stay(own):
    assert said(forms.IntegerField(error_messages={"invalid": own}), "十二") == ["请写成整数。"]


def test_the_words_of_a_field_class_stay():
    class Headcount(forms.IntegerField):
        default_error_messages = {"invalid": "请数一数。"}

    assert said(Headcount(), "十二") == ["请数一数。"]
