"""A file of a clinic, whichever of the three formats it is. Nothing here ever raises."""

from __future__ import annotations

import codecs
from hashlib import blake2b

from wardlight.record.entry import Entry
from wardlight.record.problems import Problem
from wardlight.record.reading import Headline
from wardlight.record.sources import Source
from wardlight.wire.file_text import file_text
from wardlight.wire.hl7v2.digests import DIGEST_BYTES
from wardlight.wire.schedule.csv_file import read_csv
from wardlight.wire.schedule.fhir_file import read_fhir
from wardlight.wire.schedule.icalendar_file import read_icalendar
from wardlight.wire.schedule.rows import BYTES_MAX, Found, Origin

UNREADABLE = "schedule.unreadable"


def read_schedule(body: bytes, origin: Origin) -> Found:
    """Return what a file says of appointments and free times, and what of it cannot be used."""
    if len(body) > BYTES_MAX:
        return Found(
            "file", unreadable=f"a file has at most {BYTES_MAX // 1024 // 1024} MB: cut it"
        )
    if body.lstrip(b" \t\r\n\xef\xbb\xbf")[:1] in (b"{", b"["):
        found = read_fhir(body.removeprefix(codecs.BOM_UTF8), origin)
    elif b"BEGIN:VCALENDAR" in body[:1_000].upper():
        found = read_icalendar(file_text(body), origin)
    else:
        found = read_csv(file_text(body), origin)
    if not (found.appointments or found.slots or found.unreadable):
        first = found.refused[0][1] if found.refused else "there is no row in it"
        return Found(found.format, refused=found.refused, unreadable=first)
    return found


def schedule_headline(entry: Entry, source: Source) -> Headline:
    """Return what a kept file means; read again whenever it is asked for."""
    found = read_schedule(entry.body, origin_of(entry, source))
    problem = Problem(UNREADABLE, "schedule file", found.unreadable) if found.unreadable else None
    digest = blake2b(entry.site.encode() + b"\0" + entry.body, digest_size=DIGEST_BYTES).digest()
    return Headline(
        what=f"schedule {found.format}",
        identity=digest,  # the same file read again has no effect, whenever that is
        content=digest,
        occurred=entry.occurred,
        persons=found.persons,
        appointments=found.appointments,
        slots=found.slots,
        anomalies=("schedule row not read",) if found.refused else (),
        unread=problem,
    )


def origin_of(entry: Entry, source: Source) -> Origin:
    """Return whose file it is."""
    return Origin(entry.site, source.zone, source.authority or entry.site, entry.occurred)
