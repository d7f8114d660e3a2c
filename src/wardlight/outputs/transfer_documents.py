"""The documents of a transfer for other hospitals' systems: FHIR IPS bundle and C-CDA summary."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

import msgspec

from wardlight.outputs.cda.transfer_summary import summary_of
from wardlight.outputs.fhir.subject import Subject
from wardlight.outputs.fhir.summary import summary
from wardlight.record.identity import PatientKey, Person
from wardlight.record.instants import Clock
from wardlight.record.sources import Site
from wardlight.views.fold import Views
from wardlight.views.laboratory.results import Results, results
from wardlight.views.rows import Stay
from wardlight.views.transfers.still_out import exam_words, specimen_words, still_out
from wardlight.views.transfers.transfer_board import stay_of
from wardlight.views.transfers.transfers import Case


class TransferDocuments:
    """Makes documents from the views of a node, each of one patient alone.

    What a drill adds is in none of them, whoever else rehearses while a transfer is real.
    """

    def __init__(
        self,
        *,
        views: Views,
        sites: Mapping[str, Site],
        clock: Clock,
        handle_of: Callable[[PatientKey], str],
    ) -> None:
        """`handle_of` gives the opaque id of a patient."""
        self._kept = views
        self._sites = sites
        self._clock = clock
        self._handle_of = handle_of

    def fhir(self, patient: PatientKey) -> bytes:
        """Return a patient's summary as a FHIR IPS bundle."""
        views = self._kept
        key = views.people.resolve(patient)
        person = views.people.person(key) or Person(key=key)
        stay = views.census.stay(key)
        subject = Subject(
            key=key,
            handle=self._handle_of(key),
            zone=self._zone(stay),
            protected=person.protected,
        )
        return msgspec.json.encode(summary(person, views.chart(key), subject, self._clock()))

    def cda(self, one: Case, to: str) -> bytes:
        """Return the C-CDA transfer summary of a transfer to a hospital of this name."""
        views, now = self._kept, self._clock()
        key = views.people.resolve(one.patient)
        chart = views.chart(key)
        site = self._sites[one.site]
        return summary_of(
            one,
            views.people.person(key) or Person(key=key),
            chart,
            stay=stay_of(views, one),
            pending=tuple(self._pending(key, results(chart, now=now))),
            names=(site.name, to),
            zone=site.zone,
            now=now,
        )

    def _pending(self, key: PatientKey, known: Results) -> Iterator[str]:
        out = still_out(self._kept, key)
        yield from map(specimen_words, out.specimens)
        yield from map(exam_words, out.exams)
        yield from (f"{order.words()}, ordered in the EHR" for order in known.pending)

    def _zone(self, stay: Stay | None) -> str:
        site = self._sites.get(stay.site) if stay else None
        return site.zone if site else next((one.zone for one in self._sites.values()), "UTC")
