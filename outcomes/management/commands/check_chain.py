from typing import Any

from django.core.management.base import BaseCommand, CommandError

from outcomes.integrity import LINKS, orphans


class Command(BaseCommand):
    help = "Check the chain from opinion to outcome; lists every broken row and fails on any."

    def handle(self, **options: Any) -> None:
        broken = list(orphans())
        for orphan in broken:
            self.stderr.write(str(orphan))
        if broken:
            raise CommandError(f"the chain is broken in {len(broken)} places")
        rows = sum(model._default_manager.count() for model in LINKS)
        self.stdout.write(f"the chain holds: {rows} rows")
