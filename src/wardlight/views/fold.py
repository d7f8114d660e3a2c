"""The driver of all views: each entry of the log is taken into account once, in order.

Who is where, who comes when and how the feeds are doing is folded on arrival; charts are folded
when somebody looks. Everything here can be thrown away and rebuilt from the log.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Any

import msgspec
from msgspec.structs import replace

from wardlight.record import catalogue
from wardlight.record.entry import Entry
from wardlight.record.events.charting import EntryVoided
from wardlight.record.events.contact import ContactAdvised, ContactAttempted, InboundAnswered
from wardlight.record.events.entered import Entered, unpacked
from wardlight.record.events.stays import (
    BedReported,
    Movement,
    PatientsLinked,
    PatientsMerged,
    StayEvent,
    Step,
    VisitRenumbered,
)
from wardlight.record.identity import PatientKey, Person
from wardlight.record.reading import Headline, ReadChart, ReadHeadline, Stamp, stamp_of
from wardlight.views.clinics.case_checks import CaseChecks
from wardlight.views.clinics.cases import Cases, key_of
from wardlight.views.clinics.contacts import Contacts
from wardlight.views.clinics.inbound import Inbound
from wardlight.views.clinics.schedule import Schedule
from wardlight.views.clinics.triage import Triage
from wardlight.views.clinics.worklist import Worklist
from wardlight.views.entries import Entries
from wardlight.views.facts import Chart
from wardlight.views.laboratory.loops import Loops
from wardlight.views.links import Links
from wardlight.views.paperwork.paperwork import Paperwork
from wardlight.views.paperwork.printing import KINDS as PRINT_KINDS
from wardlight.views.paperwork.printing import Printing
from wardlight.views.paperwork.scans import Scans
from wardlight.views.patients.census import Census
from wardlight.views.patients.charts import Charts, Fetch
from wardlight.views.patients.ed_log import EdLog
from wardlight.views.patients.numbers import Numbers
from wardlight.views.patients.people import People
from wardlight.views.rows import Stay
from wardlight.views.seen import Seen, Sight
from wardlight.views.services.destinations import Destinations
from wardlight.views.services.downtimes import KINDS as DOWNTIME_KINDS
from wardlight.views.services.downtimes import Downtimes
from wardlight.views.services.public_words import PublicWords
from wardlight.views.services.service_status import ServiceStatus
from wardlight.views.staff import Staff
from wardlight.views.unread import Unread

SNAPSHOT_VERSION = 25
_PARTS = (
    "people",
    "census",
    "schedule",
    "links",
    "unread",
    "downtimes",
    "seen",
    "charts",
    "entries",
    "loops",
    "staff",
    "numbers",
    "ed_log",
    "service_status",
    "public_words",
    "destinations",
    "paperwork",
    "scans",
    "triage",
    "case_checks",
    "contacts",
    "inbound",
    "printing",
)
_OWN_KINDS = frozenset(
    {
        *DOWNTIME_KINDS,
        *PRINT_KINDS,
        catalogue.LINK_TROUBLE,
        catalogue.RETENTION_APPLIED,
        catalogue.NUMBERS_RESERVED,
    }
)
UNDONE_BY = {
    catalogue.PATIENT_REGISTERED: Step.CANCEL_ADMIT,
    catalogue.PATIENT_LEFT: Step.CANCEL_DISCHARGE,
    catalogue.TRANSFER_DEPARTED: Step.CANCEL_DISCHARGE,
    catalogue.TRANSFER_ARRIVED: Step.CANCEL_ADMIT,
}
UNDOABLE = frozenset({*UNDONE_BY, catalogue.IDENTITY_FOUND})
_DOSES = ("RAS", "RDS", "RGV")


class Applied(StrEnum):
    """What an entry did to the views."""

    APPLIED = "applied"
    DUPLICATE = "duplicate"
    REPEATED_ID = "repeated id"  # applied; the id was met before with other content
    UNREAD = "unread"


class Views:
    """Everything a node knows now."""

    def __init__(  # noqa: PLR0915 -- one line for each view
        self, read_headline: ReadHeadline, read_chart: ReadChart, fetch: Fetch
    ) -> None:
        """`fetch` gives entries of the log by position."""
        self.position = 0
        self.version = 0
        self.people = People()
        self.census = Census()
        self.triage = Triage()
        self.case_checks = CaseChecks()
        self.schedule = Schedule(decided=lambda key: self.triage.verdict(key) is not None)
        self.links = Links()
        self.unread = Unread()
        self.downtimes = Downtimes()
        self.seen = Seen()
        self.entries = Entries()
        self.loops = Loops()
        self.staff = Staff()
        self.numbers = Numbers()
        self.ed_log = EdLog()
        self.service_status = ServiceStatus(self.census)
        self.public_words = PublicWords()
        self.destinations = Destinations()
        self.paperwork = Paperwork()
        self.scans = Scans()
        self.contacts = Contacts()
        self.inbound = Inbound()
        self.cases = Cases(self.schedule, self.triage, self.contacts, self.people)
        self.worklist = Worklist(self.cases, self.triage, self.contacts, state=lambda: self.version)
        self.printing = Printing()
        self.charts = Charts(read_chart, fetch)
        self._read_headline = read_headline
        self._dose_sites: set[str] = set()
        self._sites: dict[str, str] = {}  # source → site
        self._charting_here: set[str] = set()  # sites whose staff chart doses in this system
        self.rehearsal: Views | None = (
            None  # while a drill is on: all this, and what the drill adds
        )
        self._rehearses = False

    def apply(self, entry: Entry) -> Applied:
        """Take one entry into account; entries come in the order of the log."""
        assert entry.position > self.position, "an entry is folded once, in order"
        self.position = entry.position
        if self.rehearsal is not None:
            self.rehearsal.apply(entry)
        if entry.kind in catalogue.ACCESS:  # who came in changes no chart and no list
            self.staff.take(entry)
            return Applied.APPLIED
        self.version += 1
        if entry.kind in _OWN_KINDS:
            return self._take_own(entry)
        headline = self._read_headline(entry)
        if entry.kind == catalogue.SCHEDULE_FILE:
            return self._take_file(entry, headline)
        if entry.kind in catalogue.ENTERED:
            return self._take_entered(entry, headline)
        return self._take_message(entry, headline)

    def _undo(self, entry: Entry, entered: Entered, voided: EntryVoided) -> None:
        """Take back the step of a stay, or what was said of sheets, by an entry made in error."""
        self.paperwork.void(voided.entry)
        made = self.entries.made(voided.entry.partition(".")[0])
        positions = [one.position for one in made if one.kind in UNDOABLE]
        for old in self.charts.fetch(positions):
            headline = self._read_headline(old)
            for event in headline.stays:
                if isinstance(event, PatientsMerged):
                    self._part(event)
                elif isinstance(event, Movement):
                    undone = replace(event, step=UNDONE_BY[old.kind], at=entry.occurred)
                    self._take_stay(undone, stamp_of(entry, entered), entry.site)
            for person in headline.persons:
                if person.died is not None:
                    alive = Person(key=person.key, cleared=("died",))
                    self.people.state(alive, entry.occurred, entry.position, adt=True)

    def _take_message(self, entry: Entry, headline: Headline) -> Applied:
        """Fold what a feed said, unless it was heard before or is not understood."""
        self.links.heard(entry, headline.anomalies, headline.sent)
        sight = self.seen.look(headline)
        if sight is Sight.AGAIN:
            self.links.repeated(entry.source)
            return Applied.DUPLICATE
        if headline.unread is not None:
            self.links.not_understood(entry.source)
            self.unread.add(entry, headline.unread, headline.what)
            return Applied.UNREAD
        self._take(entry, headline)
        if sight is Sight.OTHER_CONTENT:
            self.links.odd(entry.source, sight.value)
            return Applied.REPEATED_ID
        return Applied.APPLIED

    def _take_file(self, entry: Entry, headline: Headline) -> Applied:
        """Fold a schedule that somebody read in. It is no feed: it keeps no other news fresh."""
        if self.seen.look(headline) is Sight.AGAIN:
            return Applied.DUPLICATE
        if headline.unread is not None:
            self.unread.add(entry, headline.unread, headline.what)
            return Applied.UNREAD
        stamp = Stamp(headline.occurred, entry.recorded, entry.source, entry.position, entry.author)
        self._fold(entry, headline, stamp, adt=False)
        return Applied.APPLIED

    def chart(self, patient: PatientKey) -> Chart:
        """Return a patient's chart as it stands; an empty one for a stranger."""
        patient = self.people.resolve(patient)
        return self.charts.chart(
            patient,
            is_theirs=lambda key: self.people.resolve(key) == patient,
            dose_feed=lambda source: self._sites.get(source) in self._dose_sites,
        )

    def whereabouts(self, patient: PatientKey) -> Stay | None:
        """Return the stay a patient is in now, whatever number they were known by."""
        return self.census.stay(self.people.resolve(patient))

    def charts_here(self, site: str) -> bool:
        """Return whether a site's staff chart doses in this system, so that none is a fact."""
        return site in self._charting_here

    def snapshot(self) -> bytes:
        """Return the views as bytes, for a quick start."""
        parts: dict[str, Any] = {part: getattr(self, part).snapshot() for part in _PARTS}
        parts |= {
            "version": SNAPSHOT_VERSION,
            "position": self.position,
            "doses": sorted(self._dose_sites),
            "sites": self._sites,
            "charting": sorted(self._charting_here),
            "rehearsal": self.rehearsal.snapshot() if self.rehearsal else None,
        }
        return msgspec.msgpack.encode(parts)

    @staticmethod
    def restored(
        kept: bytes, read_headline: ReadHeadline, read_chart: ReadChart, fetch: Fetch
    ) -> Views:
        """Return the views of a snapshot; raises ValidationError when it is of another version."""
        parts = msgspec.msgpack.decode(kept)
        if parts.get("version") != SNAPSHOT_VERSION:
            raise msgspec.ValidationError("the snapshot is of another version")
        views = Views(read_headline, read_chart, fetch)
        for part in _PARTS:
            getattr(views, part).restore(parts[part])
        views.position = views.version = parts["position"]
        views._dose_sites = set(parts["doses"])
        views._sites = parts["sites"]
        views._charting_here = set(parts["charting"])
        if parts["rehearsal"] is not None:
            copy = Views.restored(parts["rehearsal"], read_headline, read_chart, fetch)
            copy._rehearses = True  # noqa: SLF001 -- one of us
            views.rehearsal = copy
        return views

    def _take_own(self, entry: Entry) -> Applied:
        """Fold what the node itself says: downtimes, and troubles of its links."""
        if entry.kind in DOWNTIME_KINDS:
            self.downtimes.take(entry)
            self._rehearse()
        elif entry.kind == catalogue.NUMBERS_RESERVED:
            self.numbers.take(entry)
        elif entry.kind in PRINT_KINDS:
            self.printing.take(entry)
        elif entry.kind == catalogue.LINK_TROUBLE:
            self.links.trouble(entry, entry.body.decode("utf-8", "replace"))
        return Applied.APPLIED

    def _rehearse(self) -> None:
        """Begin or end the drill's own copy of everything: nothing of a drill is on a real chart.

        A drill is one exercise of all sites that take part; its copy is dropped when it is over.
        """
        if self._rehearses:
            return
        if not self.downtimes.any_drill():
            self.rehearsal = None
        elif self.rehearsal is None:
            copy = Views.restored(
                self.snapshot(), self._read_headline, self.charts.read, self.charts.fetch
            )
            copy._rehearses = True  # noqa: SLF001 -- one of us
            self.rehearsal = copy

    def _take_entered(self, entry: Entry, headline: Headline) -> Applied:
        """Fold what a person entered; the same form sent twice counts once."""
        if headline.unread is not None:
            self.unread.add(entry, headline.unread, headline.what)
            return Applied.UNREAD
        entered = unpacked(entry.body)
        again = self.entries.made(entered.id)
        if not self.entries.take(entry, entered):
            return Applied.DUPLICATE
        self.numbers.take_entered(entered)
        if entered.drill and not self._rehearses:
            return Applied.APPLIED
        self.loops.take(entry, entered)
        self.service_status.take(entry, entered)
        self.public_words.take(entry, entered)
        self.destinations.take(entry, entered)
        self.paperwork.take(entry, entered)
        self.scans.take(entry, entered)
        self.worklist.touch(self.triage.take(entry, entered))
        self.case_checks.take(entry, entered)
        if self.contacts.take(entry, entered):
            self._touch_told(entered)
        self.inbound.take(entry, entered)
        if entry.kind == catalogue.DOSE_CHARTED:
            self._charting_here.add(entry.site)
        whose = headline.charted[0] if headline.charted else entered.patient
        self.ed_log.take(entry, entered, self.people.resolve(whose))
        self._fold(entry, headline, stamp_of(entry, entered), adt=True)
        if isinstance(entered.said, EntryVoided):
            self._undo(entry, entered, entered.said)
        return Applied.REPEATED_ID if again else Applied.APPLIED

    def _touch_told(self, entered: Entered) -> None:
        """Have the worklists see who knows now."""
        said = entered.said
        if isinstance(said, ContactAttempted | InboundAnswered) and not entered.corrects:
            self.worklist.touch(one.appointment for one in said.told)
        if isinstance(said, ContactAttempted | ContactAdvised) and not entered.corrects:
            mine = self.schedule.of(self.people.resolve(entered.patient))
            self.worklist.touch(map(key_of, mine))  # symptoms: one who was told is open again
        elif isinstance(said, EntryVoided) or entered.corrects:
            self.worklist.forget()

    def _take(self, entry: Entry, headline: Headline) -> None:
        """Fold what a message says."""
        if headline.what.startswith(_DOSES):
            self._dose_sites.add(entry.site)
        self._sites[entry.source] = entry.site
        stamp = Stamp(headline.occurred, entry.recorded, entry.source, entry.position, entry.author)
        self._fold(entry, headline, stamp, adt=headline.what.startswith("ADT"))

    def _fold(self, entry: Entry, headline: Headline, stamp: Stamp, *, adt: bool) -> None:
        """Fold what was said, persons first: the rest is about them."""
        for person in headline.persons:
            self.people.state(person, headline.occurred, entry.position, adt=adt)
        for event in headline.stays:
            self._take_stay(event, stamp, entry.site)
        for change in headline.appointments:
            if change.patient is not None:
                resolved = self.people.resolve(change.patient)
                if resolved != change.patient:
                    change = msgspec.structs.replace(change, patient=resolved)  # noqa: PLW2901
            self.schedule.take(change, stamp, entry.site)
            self.worklist.touch((f"{entry.site}|{change.number}",))
        self.worklist.touch(self.triage.offer(headline.slots, entry.site))
        if headline.charted:
            self.charts.note(map(self.people.resolve, headline.charted), entry)

    def _take_stay(self, event: StayEvent, stamp: Stamp, site: str) -> None:
        match event:
            case Movement():
                self.census.take(self.people.resolve(event.patient), event, stamp, site)
            case PatientsMerged():
                self._merge(event)
            case PatientsLinked():
                self.people.link(event.one, event.other, linked=event.linked)
            case VisitRenumbered():
                self.census.renumber(event, self.people.resolve(event.patient))
            case BedReported():
                self.census.report_bed(event, stamp, site)

    def _part(self, event: PatientsMerged) -> None:
        """Take a merge of two charts back; nothing that was said under either number is lost."""
        joined, others = self.people.unmerge(event.survivor, event.retired, event.at)
        self.census.split(joined, self.people.resolve)
        self.worklist.forget()
        self.charts.split(joined, others)

    def _merge(self, event: PatientsMerged) -> None:
        self.worklist.forget()
        survivor, retired = self.people.merge(event.survivor, event.retired, event.at)
        for one in retired:
            for view in (self.census, self.schedule, self.charts):
                view.join(survivor, one)
