"""Run the benchmarks named, or all, on PostgreSQL and Redis with demo data of one scale."""

import argparse
import os
import pkgutil
import sys
import time
from contextlib import ExitStack
from importlib import import_module
from pathlib import Path

import benchmarks
from benchmarks.frame import table, write_json
from tests.services import temporary_services

FOLDER = Path(benchmarks.__file__).parent


def main() -> None:
    names = _names()
    parser = argparse.ArgumentParser(prog="bin/bench", description=__doc__)
    parser.add_argument(
        "name", nargs="*", choices=[*names, []], metavar="name", help=", ".join(names)
    )
    parser.add_argument("--scale", default="campus", choices=("small", "campus", "wide", "large"))
    arguments = parser.parse_args()
    with ExitStack() as stack:
        if "DATABASE_URL" not in os.environ:
            os.environ |= stack.enter_context(temporary_services())
        _load_data(arguments.scale)
        for name in arguments.name or names:
            _run(name)


def _names() -> list[str]:
    """The floor first: the others are compared with it."""
    found = {module.name for module in pkgutil.iter_modules([str(FOLDER)]) if not module.ispkg}
    return ["floor", *sorted(found - {"floor", "frame", "__main__"})]


def _load_data(scale: str) -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    import django
    from django.core.management import call_command

    django.setup()
    started = time.monotonic()
    call_command("migrate", verbosity=0)
    call_command("seed_demo", scale=scale, verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    print(f"{scale} data ready in {time.monotonic() - started:.0f} s", file=sys.stderr)


def _run(name: str) -> None:
    from django.conf import settings

    module = import_module(f"benchmarks.{name}")
    title = str(module.__doc__).partition("\n")[0]
    rows = module.run()
    print(f"\n{table(title, rows)}", flush=True)
    print(f"→ {write_json(settings.VAR_DIR / 'bench', name, rows)}", flush=True)


if __name__ == "__main__":
    main()
