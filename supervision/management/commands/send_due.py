"""One pass of reminders and ladder for a chosen moment, with an account of it."""

from datetime import datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from core.chinese_text import chinese_moment, joined
from core.local_time import SHANGHAI
from supervision.owing import Obligation
from supervision.services.ladder import send_due


class Command(BaseCommand):
    help = "Send the reminders that are due; says what was sent and what was not, and why."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--now", help="moment in ISO form (default: now), e.g. 2019-10-09T09:00"
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        now = _moment(options["now"]) if options["now"] else timezone.now()
        done = send_due(now)
        self.stdout.write(f"{chinese_moment(now)}")
        for one in done.sent:
            people = joined(person.name for person in one.audience.people)
            self.stdout.write(
                f"已发\t{one.rung.label}\t{_name(one.owed)}\t{one.audience.role}：{people}"
            )
        for skipped in done.skipped:
            self.stdout.write(f"未发\t{_name(skipped.owed)}\t{skipped.reason}")
        self.stdout.write(
            f"已发{len(done.sent)}项，未发{len(done.skipped)}项，停发邮件{done.stopped}封"
        )


def _name(owed: Obligation) -> str:
    due = f"（{owed.due_on}截止）" if owed.due_on else ""
    return f"{owed.unit.short_name if owed.unit else '工作组'}\t{owed.title}{due}"


def _moment(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise CommandError(f"--now {text!r}: write a moment such as 2019-10-09T09:00") from error
    return moment if moment.tzinfo else moment.replace(tzinfo=SHANGHAI)
