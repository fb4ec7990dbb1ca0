from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from core.backup import BackupError, back_up


class Command(BaseCommand):
    help = "Write database and files with checksums into a new directory."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("directory", type=Path, metavar="DIR")

    def handle(self, *, directory: Path, **options: Any) -> None:
        try:
            rows = back_up(directory)
        except (BackupError, OSError) as fault:
            raise CommandError(str(fault)) from fault
        self.stdout.write(f"{directory}: {sum(rows.values())} rows of {len(rows)} tables")
