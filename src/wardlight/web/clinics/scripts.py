"""The words beside a call: what is said of each visit, in which language, who approved it."""

from __future__ import annotations

from msgspec import Struct

from wardlight.rules.clinics.contact_texts import (
    NOT_APPROVED,
    SCAM,
    Text,
    Wording,
    filled,
    script_of,
)
from wardlight.views.clinics.cases import Case
from wardlight.web.clinics.lines import spoken
from wardlight.web.page import Desk
from wardlight.web.services.state import contact_of
from wardlight.web.times import Times


class Script(Struct, frozen=True, kw_only=True):
    """One text as it is read out."""

    name: str  # with language and version: what the entry keeps
    words: str
    approved: str
    language: str


class Scripts(Struct, frozen=True):
    """The texts of a site for one page."""

    desk: Desk
    site: str
    t: Times

    def wording(self) -> Wording:
        """Return the site's texts as they are now."""
        assert self.desk.tables is not None, "a node has its tables"
        return Wording(self.desk.tables.texts, self.desk.views.inbound, self.site, self.t.now)

    def script(self, name: str, language: str, /, **values: str) -> Script:
        """Return one text filled in."""
        text = self.wording().text(name, language)
        around = {"site": self.desk.sites[self.site].name, "phone": self.phone(language)}
        return Script(
            name=text.named(),
            words=filled(text.text, **around, **values),
            approved=_approved(text),
            language=text.language,
        )

    def of_case(self, case: Case, language: str) -> Script:
        """Return what is said of one visit now."""
        starts = case.appointment.starts
        when = spoken(starts.at if starts else None, self.t.zone, self._dated(language))
        return self.script(script_of(case), language, when=when, new=self.new_words(case, language))

    def new_words(self, case: Case, language: str) -> str:
        """Return the new time and place as they are read out; the site alone without a time."""
        if case.move is None:
            return case.verdict.said.to if case.verdict else ""
        said = case.move.said
        place = ", ".join(one for one in (said.partner, said.where) if one)
        when = spoken(said.starts, self.t.zone, self._dated(language))
        return f"{when}{f', {place}' if place else ''}"

    def _dated(self, language: str) -> str:
        """Return the language the text will be in, so that its dates are in the same."""
        return self.wording().text(SCAM, language).language

    def scam(self, language: str) -> Script:
        """Return the statement that stands on everything."""
        return self.script(SCAM, language)

    def phone(self, language: str) -> str:
        """Return the number patients call back; where none is known here, the one they know."""
        known = contact_of(self.desk, self.site, "").phone
        return known or self.wording().text("no-phone", language).text


def _approved(text: Text) -> str:
    return f"approved by {text.approved_by}" if text.approved_by else NOT_APPROVED
