"""The documents other systems read, each made from the views and checked before it is shown.

One that fails its check is not published: the one before stays, as old as it is, and every screen
of the node says so. Nothing is written while somebody reads; a document is kept for its minute.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from msgspec import Struct

from wardlight.outputs.outside.schemas import Schemas
from wardlight.record.instants import MINUTE, Clock, Instant
from wardlight.record.sources import Site
from wardlight.views.fold import Views
from wardlight.views.services.outside import told_board, told_steps
from wardlight.wire.board_rows import board_csv
from wardlight.wire.edxl import atom, cap, have, have_draft
from wardlight.wire.edxl.cap import Alert, Sender
from wardlight.wire.edxl.tree import Shape, Tag, wrong_in
from wardlight.wire.fhir.saner import measure_reports
from wardlight.wire.outside import ToldBoard

CAP_ALERT = "cap "  # begins the name of one alert among the troubles
HAVE, DRAFT, ATOM = "have", "have-draft", "atom"
WORDS = {HAVE: "EDXL-HAVE 1.0", DRAFT: "EDXL-HAVE 2.0 draft", ATOM: "the feed of alerts"}


class Publisher(Struct, frozen=True, kw_only=True):
    """Who publishes, to whom, and where it can be read."""

    by: Sender
    base: str = ""  # address other systems reach this node under, without a slash at its end


class Document(Struct, frozen=True):
    """A document as it was made."""

    body: bytes
    made: Instant


class Documents:
    """Everything that is published of the views, made when asked for."""

    def __init__(
        self,
        views: Callable[[], Views],
        sites: Mapping[str, Site],
        clock: Clock,
        publisher: Publisher,
        schemas: Schemas,
    ) -> None:
        """Take the real `views`: what a drill adds is told as an exercise, in alerts only."""
        self._views, self._clock, self._schemas = views, clock, schemas
        self._sites = {code: site.name for code, site in sites.items()}
        self.publisher = publisher
        self._kept: dict[str, tuple[tuple[int, int], Document | None]] = {}
        self._troubles: dict[str, str] = {}

    def have(self) -> Document | None:
        """Return HAVE 1.0; None while nothing was said of any hospital."""
        return self._document(HAVE, lambda: have.have(self.board()), have.SHAPE, have.have_bytes)

    def have_draft(self) -> Document | None:
        """Return HAVE 2.0 in the words of its draft."""
        return self._document(
            DRAFT,
            lambda: have_draft.have_draft(self.board()),
            have_draft.SHAPE,
            have_draft.draft_bytes,
        )

    def atom(self) -> Document | None:
        """Return the feed of alerts."""
        return self._document(ATOM, self._feed, atom.SHAPE, atom.atom_bytes)

    def alert(self, identifier: str) -> Document | None:
        """Return one alert as CAP; None for one that was never sent, or does not pass its check."""
        found = next((one for one in self.alerts() if one.identifier == identifier), None)
        if found is None:
            return None
        root = cap.cap(found, self._name(found), self.publisher.by)
        body = cap.cap_bytes(root)
        wrong = self._wrong("cap", root, cap.SHAPE, body)
        self._tell(f"{CAP_ALERT}{identifier}", f"the alert {identifier}", wrong)
        return None if wrong else Document(body, found.sent)

    def board_csv(self) -> bytes:
        """Return the board as a table."""
        return board_csv(self.board())

    def measure_reports(self) -> tuple[dict[str, Any], ...]:
        """Return the counts of beds for SANER."""
        return measure_reports(self.board())

    def board(self) -> ToldBoard:
        """Return what is told now."""
        by = self.publisher.by
        return told_board(
            self._views().service_status,
            self._sites,
            self._clock(),
            network=by.network,
            sender=by.sender,
            zone=by.zone,
        )

    def alerts(self) -> tuple[Alert, ...]:
        """Return every alert: real ones, and while a drill is on those of the exercise."""
        views, now = self._views(), self._clock()
        steps = told_steps(views.service_status, now, self._sites)
        told = cap.alerts(steps, now)
        if views.rehearsal is None:
            return told
        real = {one.name for one in steps}
        drilled = told_steps(views.rehearsal.service_status, now, self._sites)
        drill = cap.alerts((one for one in drilled if one.name not in real), now, drill=True)
        return tuple(sorted((*told, *drill), key=_sent))

    def troubles(self) -> tuple[str, ...]:
        """Return what every screen has to say: a document that is not published."""
        return tuple(filter(None, (self._unchecked(), *self._troubles.values())))

    def trouble_of(self, *kinds: str) -> str:
        """Return what is wrong with documents whose names begin so; "" for nothing."""
        mine = (said for name, said in self._troubles.items() if name.startswith(kinds))
        return next(mine, self._unchecked())

    def is_withheld(self, name: str) -> bool:
        """Return whether a document does not pass its check: that it is not there says nothing."""
        return name in self._troubles

    def _unchecked(self) -> str:
        why = self._schemas.trouble
        return f"Published documents are not checked by all schemas: {why}" if why else ""

    def look(self) -> None:
        """Make what is read most, so that a trouble is seen before somebody outside misses it."""
        for make in (self.have, self.have_draft, self.atom):
            make()
        for told in [one for one in self._troubles if one.startswith(CAP_ALERT)]:
            del self._troubles[told]  # of alerts that are over nothing is said any more
        for one in cap.in_force(self.alerts(), self._clock()):
            self.alert(one.identifier)

    def checked_by(self) -> str:
        """Return how documents are checked, for people."""
        return (
            f"schemas: {', '.join(self._schemas.names())}"
            if self._schemas.names()
            else ("the writer's own check")
        )

    def _feed(self) -> Tag:
        by = self.publisher.by
        return atom.atom(
            self.alerts(), self._names(), by, base=self.publisher.base, now=self._clock()
        )

    def _names(self) -> dict[str, str]:
        return {one.code: one.known_as() for one in self.board().hospitals}

    def _name(self, one: Alert) -> str:
        code = one.told.key.facility
        return self._names().get(code, code)

    def _document(
        self,
        name: str,
        make: Callable[[], Tag | None],
        shape: Shape,
        write: Callable[[Tag], bytes],
    ) -> Document | None:
        now = self._clock()
        ticket = (self._views().version, now // MINUTE)
        before = self._kept.get(name)
        if before is not None and before[0] == ticket:
            return before[1]
        root = make()
        made = Document(write(root), now) if root is not None else None
        wrong = self._wrong(name, root, shape, made.body) if root and made else ""
        if wrong:
            made = before[1] if before is not None else None
        self._kept[name] = (ticket, made)
        self._tell(name, WORDS[name], wrong, stays=made is not None)
        return made

    def _wrong(self, name: str, root: Tag, shape: Shape, body: bytes) -> str:
        return next(iter(wrong_in(root, shape)), "") or self._schemas.wrong(name, body)

    def _tell(self, name: str, what: str, wrong: str, *, stays: bool = False) -> None:
        if wrong:
            before = ", the one before stays" if stays else ""
            self._troubles[name] = f"Not published{before}: {what} ({wrong})"
        else:
            self._troubles.pop(name, None)


def _sent(one: Alert) -> Instant:
    return one.sent
