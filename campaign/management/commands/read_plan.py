"""Read an official plan and print what it says: for people, as JSON, or as a definition."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from campaign.reading.assembly import propose_campaign
from campaign.reading.definition import as_definition, as_json, to_toml
from campaign.reading.files import UnreadablePlan, read_plan_file
from campaign.reading.summary import summary


class Command(BaseCommand):
    help = "识读方案文件（txt、docx），给出活动的建议定义，供人核对。"
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="方案文件，txt 或 docx")
        form = parser.add_mutually_exclusive_group()
        form.add_argument("--json", action="store_true", help="输出 JSON")
        form.add_argument("--toml", action="store_true", help="输出可供 load_campaign 载入的定义")

    def handle(self, *args: Any, **options: Any) -> None:
        del args
        try:
            text = read_plan_file(options["file"])
        except UnreadablePlan as error:
            raise CommandError(str(error)) from error
        proposal = propose_campaign(text, month_end_first_day=settings.MONTH_END_FIRST_DAY)
        if options["json"]:
            self.stdout.write(json.dumps(as_json(proposal), ensure_ascii=False, indent=2))
        elif options["toml"]:
            self.stdout.write(to_toml(as_definition(proposal)), ending="")
        else:
            self.stdout.write(summary(proposal), ending="")
