"""A backup any of our databases can be restored from: rows as JSON lines, files, checksums.

DIR/manifest.json   what is there: SHA-256 and rows of every file, the migrations applied
DIR/rows/*.jsonl.gz one file a table, one JSON object a line
DIR/files/…         everything below MEDIA_ROOT

Rows are portable, so that a rehearsal on SQLite can move to PostgreSQL.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import shutil
from datetime import datetime, time
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.conf import settings
from django.core import serializers
from django.core.management import call_command
from django.core.management.color import no_style
from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection, transaction
from django.db.migrations.recorder import MigrationRecorder

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.db.models import Model

_FORMAT = 1
_BATCH = 500
#: Rows that only matter to the machine that wrote them.
_LEFT_OUT = frozenset({"sessions.session", "axes.accessattempt", "axes.accessfailurelog"})


class _ExactEncoder(DjangoJSONEncoder):
    """Keeps microseconds, which Django's encoder cuts; the audit trail's hashes cover them."""

    def default(self, o: Any) -> Any:
        return o.isoformat() if isinstance(o, datetime | time) else super().default(o)


class BackupError(Exception):
    """The backup cannot be written, or is not as it was written; the message says where."""


def back_up(target: Path) -> dict[str, int]:
    """Write a backup into the new or empty directory `target`; returns rows per table.

    All rows are read in one transaction. Raises BackupError if `target` holds anything.
    """
    if target.exists() and any(target.iterdir()):
        raise BackupError(f"{target} is not empty; name a new directory")
    (target / "rows").mkdir(parents=True)
    with transaction.atomic():
        rows = {_label(model): _write_rows(model, target) for model in _models()}
        migrations = _migrations()
    media = Path(settings.MEDIA_ROOT)
    if media.exists():
        shutil.copytree(media, target / "files")
    manifest = {
        "format": _FORMAT,
        "migrations": migrations,
        "rows": rows,
        "sha256": {name: _sha256(target / name) for name in _names(target)},
    }
    (target / "manifest.json").write_text(json.dumps(manifest, indent=1), encoding="utf-8")
    return rows


def check(source: Path) -> dict[str, Any]:
    """The manifest, once every file of the backup has been found to be as it was written.

    Raises BackupError naming the first file that is missing, altered or unknown.
    """
    try:
        manifest: dict[str, Any] = json.loads((source / "manifest.json").read_text("utf-8"))
    except (OSError, ValueError) as fault:
        raise BackupError(f"{source}/manifest.json: {fault}") from fault
    if manifest.get("format") != _FORMAT:
        raise BackupError(f"{source}: format {manifest.get('format')} is not known")
    for name, expected in manifest["sha256"].items():
        if not (source / name).is_file():
            raise BackupError(f"{name} is missing")
        if _sha256(source / name) != expected:
            raise BackupError(f"{name} differs from its checksum")
    if unknown := set(_names(source)) - set(manifest["sha256"]):
        raise BackupError(f"{min(unknown)} is not part of the backup")
    return manifest


def restore(source: Path, *, replace: bool = False) -> dict[str, int]:
    """Put the backup in place of what the database and MEDIA_ROOT hold; returns rows per table.

    Nothing is touched unless every checksum holds and the migrations are the same. Raises
    BackupError otherwise, or if there are records already and `replace` is not given.
    """
    manifest = check(source)
    if manifest["migrations"] != _migrations():
        raise BackupError("the backup was made by another release: its migrations differ")
    if not replace and _has_people():
        raise BackupError("the database has people already; add --replace to give them up")
    with transaction.atomic():
        call_command("flush", interactive=False, inhibit_post_migrate=True, verbosity=0)
        for model in _models():
            _read_rows(model, source)
        _reset_sequences()
    _put_files(source / "files", Path(settings.MEDIA_ROOT))
    rows: dict[str, int] = manifest["rows"]
    return rows


def _models() -> list[type[Model]]:
    """Every table of ours, link tables too. Order does not matter: foreign keys are deferred."""
    return [
        model
        for model in apps.get_models(include_auto_created=True)
        if model._meta.managed and not model._meta.proxy and _label(model) not in _LEFT_OUT
    ]


def _label(model: type[Model]) -> str:
    return model._meta.label_lower


def _write_rows(model: type[Model], target: Path) -> int:
    fields = [field.name for field in model._meta.concrete_fields]
    count = 0
    with gzip.open(_rows_file(model, target), "wt", encoding="utf-8") as lines:
        for row in model._base_manager.order_by("pk").iterator(chunk_size=_BATCH):
            serializers.serialize("jsonl", [row], fields=fields, stream=lines, cls=_ExactEncoder)
            count += 1
    return count


def _read_rows(model: type[Model], source: Path) -> None:
    with gzip.open(_rows_file(model, source), "rt", encoding="utf-8") as lines:
        rows = serializers.deserialize("jsonl", lines)
        while batch := [row.object for row in islice(rows, _BATCH)]:
            model._base_manager.bulk_create(batch)


def _rows_file(model: type[Model], folder: Path) -> Path:
    return folder / "rows" / f"{_label(model)}.jsonl.gz"


def _reset_sequences() -> None:
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), _models()):
            cursor.execute(statement)


def _migrations() -> list[str]:
    applied = MigrationRecorder(connection).applied_migrations()
    return sorted(f"{app}.{name}" for app, name in applied)


def _has_people() -> bool:
    people: bool = apps.get_model(settings.AUTH_USER_MODEL)._base_manager.exists()
    return people


def _put_files(source: Path, media: Path) -> None:
    if media.exists():
        shutil.rmtree(media)
    if source.exists():
        shutil.copytree(source, media)


def _names(folder: Path) -> Iterator[str]:
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path != folder / "manifest.json":
            yield path.relative_to(folder).as_posix()


def _sha256(path: Path) -> str:
    with path.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()
