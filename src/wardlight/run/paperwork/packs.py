"""Ward packs on disk: made when asked for, and renewed by a node before anybody asks.

The sheets of a pack on disk are reserved; they are issued when somebody takes the pack from here.
A pack is taken once: whoever comes next gets sheets with serials of their own.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from pathlib import Path
from zlib import crc32

import msgspec
from msgspec import Struct

from wardlight.paper.packs.pack import UndrawableError, WardPack, sheets_of, ward_pack
from wardlight.paper.packs.patient_sheets import page_frame, patient_sheets
from wardlight.paper.packs.sheets import PatientSheets, UnitPack
from wardlight.paper.sheet_codes import PrintRun
from wardlight.paper.typeset import Press
from wardlight.record.events.paperwork import Origin, SheetRun, SheetsIssued
from wardlight.record.instants import DAY, Instant, iso
from wardlight.record.sources import Site
from wardlight.run.clock import system_clock
from wardlight.run.commands.reading import check_site
from wardlight.run.commands.say import (
    EXIT_FAILED,
    EXIT_NOT_FOUND,
    document,
    fail,
    line,
    progress,
    warn,
)
from wardlight.run.keeping.private_files import write_private
from wardlight.run.node_views import node_log_of, node_views
from wardlight.run.paperwork.press import load_press
from wardlight.run.paperwork.reserved import Reserved, ReservedSheets
from wardlight.run.paperwork.sheet_numbers import SheetNumbers
from wardlight.run.settings import Settings
from wardlight.views.fold import Views
from wardlight.web.paperwork.taken import Taken

Keep = Callable[[Reserved], None]
"""Writes down which sheets a pack holds, before it can be printed."""

INDEX_FILE = "index.json"
NAME_CHARACTERS_MAX = 48  # of a unit in a file's name: disks take 255 bytes
PATIENTS_A_SLICE = 8  # charts folded before the event loop gets its turn


class Made(Struct, frozen=True, kw_only=True):
    """One pack on disk."""

    site: str
    unit: str
    path: str
    pages: int
    patients: int
    made_at: str
    as_of: str | None
    undrawable: tuple[str, ...] = ()  # what was printed as numbers, bed by bed
    runs: tuple[SheetRun, ...] = ()  # its sheets

    def reserved(self, *, drill: bool) -> Reserved:
        """Return its sheets as they are issued when somebody takes it."""
        said = SheetsIssued(
            runs=self.runs, unit=self.unit, origin=Origin.PACK, as_of=self.as_of or ""
        )
        return Reserved(self.site, said, drill)


class PackShelf:
    """The packs of a running node, by site and unit, each with the one before it."""

    def __init__(
        self,
        folder: Path,
        settings: Settings,
        *,
        views: Views,
        numbers: SheetNumbers,
        reserved: ReservedSheets,
        head: Callable[[], str] = str,
    ) -> None:
        """`head` gives the signed head of the log, for paper."""
        self._data = folder
        self._folder = folder / settings.packs.folder
        self._head = head
        self._settings = settings
        self._sites = {site.code: site for site in settings.sites}
        self._views = views
        self._numbers = numbers
        self._reserved = reserved
        self._press: Press | None = None
        self._free: dict[tuple[str, str], Reserved] = {}  # packs nobody has taken yet
        self._given: dict[tuple[str, str], Reserved] = {}  # and those somebody has
        self._drawing = asyncio.Lock()
        self._made: dict[tuple[str, str], Made] = {
            (one.site, one.unit): one for one in _read_index(self._folder)
        }

    def made(self, site: str) -> tuple[Made, ...]:
        """Return the packs of a site as they were last made."""
        return tuple(one for (code, _), one in sorted(self._made.items()) if code == site)

    def newest(self, site: str, unit: str) -> Path | None:
        """Return the file of a unit's newest pack; None when none was made."""
        path = self._folder / _file_name(site) / f"{_file_name(unit)}.pdf"
        return path if path.exists() else None

    async def take(self, site: str, unit: str, now: Instant, *, anew: bool = False) -> Taken | None:
        """Return a unit's newest pack for printing, and its sheets for the register.

        With `anew` it is made from what is known now, however new the one on disk is.

        One that was taken before is made anew first. Where that cannot be, the old one is handed
        out again and says so: care goes before the count. None while there is no pack at all.
        """
        async with self._drawing:
            if anew or (site, unit) not in self._free:
                with contextlib.suppress(OSError):
                    await self._renew(now, only=(site, unit))
            path = self.newest(site, unit)
            if path is None:
                return None
            body = await asyncio.to_thread(path.read_bytes)
            found = self._free.pop((site, unit), None) or self._again(site, unit)
            if found is not None:
                self._given[site, unit] = found
        return Taken(body, found.said if found else None, drill=bool(found and found.drill))

    def _again(self, site: str, unit: str) -> Reserved | None:
        """Return the sheets of a pack that is handed out once more: two papers wear each serial."""
        before = self._given.get((site, unit))
        if before is None:
            return None
        return msgspec.structs.replace(
            before, said=msgspec.structs.replace(before.said, again=True)
        )

    async def renew(self, now: Instant) -> list[Made]:
        """Write every unit's pack anew; screens and feeds go on meanwhile."""
        async with self._drawing:
            made = await self._renew(now)
            await asyncio.to_thread(_write_index, self._folder, made)
            before = Instant(now - self._settings.packs.keep_days * DAY)
            await asyncio.to_thread(_let_go, self._folder, before)
            await asyncio.to_thread(self._reserved.let_go, now)
        return made

    async def _renew(self, now: Instant, only: tuple[str, str] | None = None) -> list[Made]:
        if self._press is None:
            fonts = self._settings.packs.fonts
            self._press = await asyncio.to_thread(load_press, self._data / fonts if fonts else None)
        made: list[Made] = []
        head, kept = self._head(), _Keeping(self._reserved)
        for summary in self._views.census.units():
            site = self._sites.get(summary.site)
            wanted = only in (None, (summary.site, summary.unit))
            if site is None or not summary.patients or not wanted:
                continue
            patients: list[PatientSheets] = []
            for sheets in unit_sheets(self._views, site, summary.unit, now=now):
                patients.append(sheets)
                if len(patients) % PATIENTS_A_SLICE == 0:
                    await asyncio.sleep(0)
            drill = self._views.downtimes.at(site.code).drill
            run = await asyncio.to_thread(
                self._numbers.begin, site.code, sheets_of(len(patients)), drill=drill
            )
            pack = unit_pack(self._views, site, summary.unit, patients, run=run, now=now)
            pack = msgspec.structs.replace(pack, head=head)
            self._free.pop((site.code, summary.unit), None)
            target = self._folder / _file_name(site.code)
            one = await asyncio.to_thread(write_pack, target, site, pack, self._press, kept.keep)
            self._free[site.code, summary.unit] = one.reserved(drill=run.drill)
            self._made[one.site, one.unit] = one
            made.append(one)
        return made


class _Keeping:
    """One file of reserved sheets for all packs of a renewal."""

    def __init__(self, reserved: ReservedSheets) -> None:
        self._reserved = reserved
        self._packs: list[Reserved] = []

    def keep(self, pack: Reserved) -> None:
        self._packs.append(pack)
        self._reserved.keep(self._packs)


def run_pack(data: Path, *, out: Path, unit: str | None, site: str | None, as_json: bool) -> None:
    """Make packs into a folder and say what was made."""
    with node_views(data) as (views, settings):
        check_site(settings, site)
        sites = {one.code: one for one in settings.sites}
        places = [
            (summary.site, summary.unit)
            for summary in views.census.units(site)
            if summary.patients and unit in (None, summary.unit) and summary.site in sites
        ]
        if not places:
            names = sorted({summary.unit for summary in views.census.units(site)})
            wanted = f"no unit {unit}" if unit else "nobody is on any unit"
            fail(f"{wanted}; there are: {', '.join(names) or 'none'}", EXIT_NOT_FOUND)
        made = _made(views, sites, places, out, data, settings)
        if as_json:
            _print_json(made)
        else:
            for one in made:
                line(f"{one.path}  {one.pages} pages, {one.patients} patients")


def _made(
    views: Views,
    sites: dict[str, Site],
    places: Sequence[tuple[str, str]],
    out: Path,
    data: Path,
    settings: Settings,
) -> list[Made]:
    now = system_clock()
    made: list[Made] = []
    where = node_log_of(data)
    numbers = SheetNumbers(data, where.keys, system_clock)
    kept = _Keeping(ReservedSheets(data, where.keys.files()))
    with closing(where.read()) as log:
        head = where.checkpoint(log)
    try:
        fonts = data / settings.packs.fonts if settings.packs.fonts else None
        press = load_press(fonts)
        for number, (code, unit) in enumerate(places, 1):
            progress(f"pack {number} of {len(places)}: {code} {unit}")
            patients = list(unit_sheets(views, sites[code], unit, now=now))
            drill = views.downtimes.at(code).drill
            run = numbers.begin(code, sheets_of(len(patients)), drill=drill)
            pack = unit_pack(views, sites[code], unit, patients, run=run, now=now)
            pack = msgspec.structs.replace(pack, head=head)
            target = out / _file_name(code) if len(sites) > 1 else out
            made.append(write_pack(target, sites[code], pack, press, kept.keep))
            for sentence in made[-1].undrawable:
                warn(f"unit {unit}: printed as numbers, no font has it: {sentence}")
    except OSError as error:
        fail(f"{error.filename or out}: {error.strerror}", EXIT_FAILED)
    return made


def unit_sheets(views: Views, site: Site, unit: str, *, now: Instant) -> Iterator[PatientSheets]:
    """Give what is printed of each patient of a unit, in the order of the beds."""
    rows = [(row, stay) for row in views.census.beds(site.code, unit) for stay in row.stays]
    alike = views.people.similar([stay.patient for _, stay in rows])
    for row, stay in rows:
        sheets = patient_sheets(views, site, stay, now=now)
        yield msgspec.structs.replace(
            sheets, bed_conflict=row.conflict(), name_alert=stay.patient in alike
        )


def unit_pack(
    views: Views,
    site: Site,
    unit: str,
    patients: Sequence[PatientSheets],
    *,
    run: PrintRun,
    now: Instant,
) -> UnitPack:
    """Return the pack of one unit, ready to be drawn."""
    frame = page_frame(views, site, unit, now=now)
    return msgspec.structs.replace(frame, run=run, patients=tuple(patients))


def write_pack(target: Path, site: Site, pack: UnitPack, press: Press, keep: Keep) -> Made:
    """Draw a pack and put it in its place; the one before it is kept beside it."""
    drawn, odd = drawn_pack(pack, press)
    target.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = target / f"{_file_name(pack.unit)}.pdf"
    made = Made(
        site=site.code,
        unit=pack.unit,
        path=str(path),
        pages=drawn.pdf.pages,
        patients=len(pack.patients),
        made_at=iso(pack.now),
        as_of=iso(pack.as_of) if pack.as_of is not None else None,
        undrawable=odd,
        runs=drawn.runs,
    )
    fresh = path.with_suffix(".new.pdf")
    write_private(fresh, drawn.pdf.body)  # first: where there is no room, the pack before it stays
    keep(made.reserved(drill=pack.serials().drill))
    if path.exists():
        path.replace(path.with_suffix(".previous.pdf"))
    fresh.replace(path)
    return made


def drawn_pack(pack: UnitPack, press: Press) -> tuple[WardPack, tuple[str, ...]]:
    """Return the pack, and what of it no font could draw: printed as numbers and told."""
    try:
        return ward_pack(pack, press), ()
    except UndrawableError as error:
        told = tuple(one.sentence() for one in error.found)
        return ward_pack(pack, press, substitute=True), told


def _file_name(name: str) -> str:
    """Return a name that is safe as a file name, and another one for each unit.

    Whatever a message called a unit, its pack must never take another unit's place.
    """
    shown = name[:NAME_CHARACTERS_MAX]
    kept = "".join(char if char.isalnum() or char in "-_" else "_" for char in shown)
    if kept and kept == name:
        return kept
    return f"{kept or 'unit'}.{crc32(name.encode('utf-8', 'replace')):08x}"


def _let_go(folder: Path, before: Instant) -> None:
    """Remove packs that were not renewed for long: paper on disk is the one thing not sealed."""
    for path in folder.rglob("*.pdf"):
        if path.stat().st_mtime * 1_000 < before:
            path.unlink()


def _write_index(folder: Path, made: Sequence[Made]) -> None:
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    bare = [msgspec.structs.replace(one, runs=()) for one in made]  # the index names no patient
    write_private(folder / INDEX_FILE, msgspec.json.encode({"packs": bare}))


def _read_index(folder: Path) -> list[Made]:
    """Return what the last run made; nothing where that cannot be read."""
    try:
        told = msgspec.json.decode((folder / INDEX_FILE).read_bytes(), type=dict[str, list[Made]])
    except (OSError, msgspec.DecodeError, msgspec.ValidationError):
        return []
    return told.get("packs", [])


def _print_json(made: Sequence[Made]) -> None:
    files = [
        {"unit": one.unit, "path": one.path, "pages": one.pages, "patients": one.patients}
        for one in made
    ]
    as_of = max((one.as_of for one in made if one.as_of is not None), default=None)
    document("wardlight.pack.1", {"as_of": as_of, "files": files})
