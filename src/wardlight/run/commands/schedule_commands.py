"""What `wardlight schedule …` does."""

from __future__ import annotations

from pathlib import Path

from wardlight.run.commands.say import EXIT_FAILED, EXIT_NOT_FOUND, EXIT_USAGE, document, fail, line
from wardlight.run.commands.staff_commands import opened
from wardlight.web.clinics.files import file_draft
from wardlight.wire.schedule.reading import read_schedule
from wardlight.wire.schedule.rows import Found, Origin

AUTHOR = "command line"


def import_schedule(data: Path, file: Path, site: str, *, as_json: bool) -> None:
    """Read a file into a node's log; exit 1 when a row of it could not be used."""
    try:
        body = file.read_bytes()
    except OSError as error:
        fail(f"{file}: {error.strerror}", EXIT_NOT_FOUND)
    with opened(data) as (node, run):
        code = site or node.settings.first_site().code
        if code not in node.sites:
            fail(f"{code} is not a site of this node: {', '.join(node.sites)}", EXIT_USAGE)
        now = node.clock()
        found = read_schedule(body, Origin(code, node.sites[code].zone, code, now))
        if not found.unreadable:
            run(node.write(file_draft(code, body, AUTHOR, now)))
    _told(found, as_json=as_json)


def _told(found: Found, *, as_json: bool) -> None:
    refused = [{"row": row, "because": because} for row, because in found.refused]
    if as_json:
        told = {
            "format": found.format,
            "appointments": len(found.appointments),
            "patients": len(found.persons),
            "slots": len(found.slots),
            "refused": refused,
            "unreadable": found.unreadable,
        }
        document("wardlight.schedule.1", told)
    elif found.unreadable:
        line(f"nothing was written: {found.unreadable}")
    else:
        line(
            f"{found.format}: {len(found.appointments)} appointments, "
            f"{len(found.persons)} patients, {len(found.slots)} free times, "
            f"{len(found.refused)} rows refused"
        )
        for one in refused:
            line(f"  row {one['row']}: {one['because']}")
    if found.unreadable or refused:
        raise SystemExit(EXIT_FAILED)
