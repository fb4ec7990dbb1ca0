from typing import Any

from django.core.management.base import BaseCommand, CommandError

from accounts.audit import chain_length, first_broken


class Command(BaseCommand):
    help = "Check the audit trail; fails naming the first altered, moved or missing row."

    def handle(self, **options: Any) -> None:
        if broken := first_broken():
            raise CommandError(f"audit entry {broken.pk}: {broken.fault}")
        self.stdout.write(f"the trail holds: {chain_length()} sealed entries")
