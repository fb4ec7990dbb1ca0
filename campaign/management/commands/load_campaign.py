from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from campaign.definition import DefinitionError, read_definition
from campaign.schedule import Unsettled
from campaign.services import InUse, load_campaign


class Command(BaseCommand):
    help = "Load a campaign from its definition; running it again changes nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE.toml")

    def handle(self, *, file: Path, **options: Any) -> None:
        try:
            campaign = load_campaign(read_definition(file))
        except (DefinitionError, InUse, Unsettled) as fault:
            raise CommandError(str(fault)) from fault
        self.stdout.write(
            f"{campaign.slug}: {campaign.phases.count()} phases, {campaign.themes.count()} themes"
        )
