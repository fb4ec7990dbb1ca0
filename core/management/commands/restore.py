from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from core.backup import BackupError, restore


class Command(BaseCommand):
    help = "Put a backup in place; refuses one that is not exactly as it was written."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("directory", type=Path, metavar="DIR")
        parser.add_argument(
            "--replace", action="store_true", help="give up the people and records there are"
        )

    def handle(self, *, directory: Path, replace: bool, **options: Any) -> None:
        try:
            rows = restore(directory, replace=replace)
        except (BackupError, OSError) as fault:
            raise CommandError(str(fault)) from fault
        self.stdout.write(f"{sum(rows.values())} rows of {len(rows)} tables are back")
