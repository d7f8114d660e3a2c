"""`wardlight schedule import FILE`: a clinic's schedule into a node that is not running."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from wardlight.run.commands.options import HERE, AsJson, Data

schedule = typer.Typer(
    no_args_is_help=False,
    rich_markup_mode=None,
    help="Schedules of clinics and theatres, read from files.",
)


@schedule.callback()
def _schedule() -> None:
    """Keep `import` a command of its own."""


@schedule.command("import")
def schedule_import(
    file: Annotated[Path, typer.Argument(help="CSV, iCalendar or FHIR Appointments.")],
    site: Annotated[str, typer.Option(help="Whose schedule; the first site when not given.")] = "",
    data: Data = HERE,
    as_json: AsJson = False,
) -> None:
    """Read appointments or free times in. The file is kept as it came; twice has one effect.

    wardlight schedule import visits.csv --site MMH
    """
    from wardlight.run.commands.schedule_commands import import_schedule

    import_schedule(data, file, site, as_json=as_json)
