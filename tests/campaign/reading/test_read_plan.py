import json
import tomllib
from datetime import date

import pytest
from django.core.management import CommandError, call_command

from tests.campaign.reading.conftest import PLANS


def printed(capsys, plan, form=None):
    call_command("read_plan", *filter(None, (str(plan), form)))
    return capsys.readouterr().out


def test_json_has_exactly_the_promised_keys(capsys):
    answer = json.loads(printed(capsys, PLANS / "issued.txt", "--json"))

    assert list(answer) == [
        "title",
        "doc_number",
        "issuer",
        "year",
        "phases",
        "themes",
        "study_documents",
        "quotas",
        "deadlines",
        "not_understood",
    ]
    assert answer["phases"][0] == {
        "name": "宣传发动阶段",
        "label": "8月底—9月上旬",
        "start": "2019-08-25",
        "end": "2019-09-10",
        "departments": ["教工部", "教务处", "组织部", "宣传部"],
    }


def test_toml_can_be_read_back(capsys):
    definition = tomllib.loads(printed(capsys, PLANS / "issued.txt", "--toml"))

    assert definition["phases"][2]["ends_on"] == date(2019, 12, 31)


def test_the_plain_summary_quotes_the_sentence_of_each_finding(capsys):
    lines = printed(capsys, PLANS / "issued.txt").splitlines()

    place = lines.index("【文号】津职大党〔2019〕68号")
    assert lines[place + 1].strip() == "原文：津职大党〔2019〕68号"
    assert lines[-2:] == ["【未能理解，请人工核对】", "  无"]


def test_month_end_follows_the_setting(capsys, settings):
    settings.MONTH_END_FIRST_DAY = 28

    answer = json.loads(printed(capsys, PLANS / "issued.txt", "--json"))

    assert answer["phases"][0]["start"] == "2019-08-28"


def test_a_bad_file_ends_the_command_with_its_sentence(tmp_path):
    empty = tmp_path / "empty.txt"
    empty.write_bytes(b"")

    with pytest.raises(CommandError, match="文件是空的"):
        call_command("read_plan", str(empty))
