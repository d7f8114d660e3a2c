"""One form of staff while a rule reads it: what was found, and what is wrong field by field."""

from __future__ import annotations

from wardlight.record.codes import Location
from wardlight.record.events.laboratory import Label, Priority
from wardlight.record.identity import PatientKey
from wardlight.record.instants import MINUTE, Instant, Moment
from wardlight.rules.asking import Asked, Ground, Refusal
from wardlight.rules.laboratory.labels import label_of, label_trouble
from wardlight.rules.times import TimeTrouble, planned, when

LOOK = "Nothing was written yet: look at the marked fields."
TEXT_MAX = 4_000


class Form:
    """One form while it is read: what was found in it, and what is wrong field by field."""

    def __init__(self, asked: Asked, ground: Ground) -> None:
        self.asked, self.ground = asked, ground
        self.wrong: dict[str, str] = {}
        self.because = ""
        at = when(asked, ground)
        if isinstance(at, TimeTrouble):
            self.wrong["at"] = at
        self.at = ground.now if isinstance(at, TimeTrouble) else at

    def text(self, name: str) -> str:
        """Return what was typed, cut where no form can need more."""
        return self.asked.fields.one(name)[:TEXT_MAX]

    def needed(self, name: str, words: str) -> str:
        """Return what was typed, and note what to do when nothing was."""
        typed = self.text(name)
        if not typed:
            self.wrong[name] = words
        return typed

    def choice(self, name: str, allowed: tuple[str, ...], words: str) -> str:
        """Return one of the allowed words, compared without case; the first when it is none."""
        typed = self.text(name).casefold()
        found = next((one for one in allowed if one.casefold() == typed), None)
        if found is None:
            self.wrong[name] = words
        return found or allowed[0]

    def yes(self, name: str) -> bool:
        """Return whether a box was ticked or a yes chosen."""
        return self.text(name).casefold() in ("yes", "on", "true", "1")

    def priority(self) -> Priority:
        """Return how soon it is needed."""
        found = self.choice("priority", tuple(Priority), "Choose STAT, urgent or routine.")
        return Priority(found)

    def moment(self, name: str) -> Moment | None:
        """Return a time of `<name>_at` and `<name>_on`; None when nothing was written."""
        clock, day = f"{name}_at", f"{name}_on"
        if not self.text(clock) and not self.text(day):
            return None
        found = when(self.asked, self.ground, clock, day)
        if isinstance(found, TimeTrouble):
            self.wrong[clock] = found
            return None
        return Moment(found)

    def ahead(self, name: str) -> Instant | None:
        """Return a time that may lie ahead, of two fields; None for none written."""
        clock, day = f"{name}_at", f"{name}_on"
        if not self.text(clock) and not self.text(day):
            return None
        found = planned(self.asked, self.ground, clock, day)
        if isinstance(found, TimeTrouble):
            self.wrong[clock] = found
            return None
        return found

    def label(self, patient: PatientKey, thing: str) -> Label:
        """Return what was read off a label; noted as wrong unless it is this patient's."""
        label = label_of(self.asked.fields)
        trouble = label_trouble(label, patient, self.ground, thing=thing)
        if trouble is not None:
            self.because = trouble.because
            self.wrong |= trouble.fields or {"label_number": trouble.because}
        return label

    def not_before(self, earlier: int | None, words: str) -> None:
        """Note a time that lies before what has to come first; times are typed in whole minutes."""
        if earlier is not None and self.at // MINUTE < earlier // MINUTE:
            self.wrong.setdefault("at", words)

    def refusal(self, because: str = LOOK) -> Refusal | None:
        """Return why nothing is written; None when nothing is wrong."""
        return Refusal(self.because or because, self.wrong) if self.wrong else None


def place_of(patient: PatientKey, ground: Ground) -> Location:
    """Return where a patient lies now, as the census has it."""
    stay = ground.views.census.stay(ground.views.people.resolve(patient))
    return stay.location if stay is not None else Location()
