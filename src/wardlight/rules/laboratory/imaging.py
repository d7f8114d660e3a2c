"""May this examination be asked for, written down as done, read? What contrast needs is asked."""

from __future__ import annotations

from collections.abc import Iterator

from wardlight.record.codes import AllergyState, Coded
from wardlight.record.events.entered import Warned
from wardlight.record.events.imaging import (
    Answer,
    ImagingCancelled,
    ImagingPerformed,
    ImagingRead,
    ImagingRequested,
    Side,
)
from wardlight.record.instants import Moment
from wardlight.rules.asking import Accepted, Asked, Ground, Refusal
from wardlight.rules.form import Form, place_of
from wardlight.views.laboratory.imaging import Examination, examined

NO_SUCH_REQUEST = "This request is not known here. Look on the imaging list."
CONTRAST_ALLERGY = "contrast-allergy"
NO_EGFR = "no-egfr"
PREGNANCY = "pregnancy-not-asked"
NO_CRITICAL_CALL = "critical-to-be-called"


def request(asked: Asked, ground: Ground) -> Accepted | Refusal:
    """Ask for an examination, with side, contrast and pregnancy said."""
    form = Form(asked, ground)
    said = ImagingRequested(
        request=asked.id,
        study=Coded(text=form.needed("study", "Write the examination.")),
        side=Side(form.choice("side", tuple(Side), "Choose left, right, both or no side.")),
        label=form.label(asked.patient, "request"),
        priority=form.priority(),
        place=place_of(asked.patient, ground),
        callback=form.needed("callback", "Write the phone that is answered on this ward."),
        prescriber=form.text("prescriber"),
        contrast=form.yes("contrast"),
        contrast_allergy=_answer(form, "contrast_allergy"),
        egfr=form.text("egfr"),
        pregnancy=_answer(form, "pregnancy"),
        clinical=form.needed("clinical", "Write why: what is being looked for."),
    )
    return form.refusal() or Accepted(
        said=said, occurred=form.at, warnings=tuple(_asked_about(said, asked, ground))
    )


def _answer(form: Form, name: str) -> Answer:
    return Answer(form.choice(name, tuple(Answer), "Choose an answer; “not asked” is one."))


def _asked_about(said: ImagingRequested, asked: Asked, ground: Ground) -> Iterator[Warned]:
    person = ground.views.people.person(asked.patient)
    if said.pregnancy in (Answer.NOT_ASKED, Answer.YES) and (person is None or person.sex != "M"):
        words = "Pregnant" if said.pregnancy is Answer.YES else "Pregnancy was not asked"
        yield Warned(PREGNANCY, f"{words}: tell the radiographer before any radiation")
    if not said.contrast:
        return
    allergies = ground.views.chart(asked.patient).allergies
    known = [one.allergy.agent.words() for one in allergies.known]
    contrast = [one for one in known if "contrast" in one.casefold() or "iod" in one.casefold()]
    if contrast or said.contrast_allergy is Answer.YES:
        yield Warned(CONTRAST_ALLERGY, f"Allergy to contrast: {', '.join(contrast) or 'as asked'}")
    elif said.contrast_allergy is Answer.NOT_ASKED and allergies.state is not AllergyState.KNOWN:
        yield Warned(CONTRAST_ALLERGY, "Allergy to contrast was not asked, and none is recorded")
    if not said.egfr:
        yield Warned(NO_EGFR, "Contrast without a known eGFR")


def examination_of(asked: Asked, ground: Ground) -> Examination | None:
    """Return the examination a form is about; None when there is none of that number."""
    request_ = asked.fields.one("request")
    return ground.views.loops.read(request_, examined) if request_ else None


def perform(asked: Asked, ground: Ground) -> Accepted | Refusal:
    """Write down that an examination was done, on whom, and who holds the images."""
    found = examination_of(asked, ground)
    if found is None:
        return Refusal(NO_SUCH_REQUEST)
    form = Form(asked, ground)
    patient = ground.views.people.resolve(found.patient)
    form.not_before(found.started, "It was asked for after that: check the time.")
    said = ImagingPerformed(
        request=found.request,
        label=form.label(patient, "examination"),
        images_with=form.needed("images_with", "Write who has the images now."),
        medium=form.text("medium"),
        contrast_given=form.text("contrast_given"),
        note=form.text("note"),
    )
    return form.refusal() or Accepted(said=said, occurred=form.at, patient=patient)


def read(asked: Asked, ground: Ground) -> Accepted | Refusal:
    """File a reading; a preliminary one says so."""
    found = examination_of(asked, ground)
    if found is None:
        return Refusal(NO_SUCH_REQUEST)
    form = Form(asked, ground)
    performed = found.performed.occurred if found.performed else None
    form.not_before(performed, "It was done after that: check the time.")
    if performed is None:
        form.wrong["request"] = "Write first that it was done, and on whom."
    kind = form.choice("reading", ("preliminary", "final"), "Choose preliminary or final.")
    said = ImagingRead(
        request=found.request,
        study=Coded(text=found.study()),
        text=form.needed("text", "Write the reading."),
        performed=Moment(performed) if performed is not None else None,
        preliminary=kind == "preliminary",
        critical=form.yes("critical"),
        read_by=form.needed("read_by", "Write who read the images."),
    )
    words = "Critical: ring the ward now and write down who was told"
    return form.refusal() or Accepted(
        said=said,
        occurred=form.at,
        patient=ground.views.people.resolve(found.patient),
        warnings=(Warned(NO_CRITICAL_CALL, words),) if said.critical else (),
    )


def cancel(asked: Asked, ground: Ground) -> Accepted | Refusal:
    """Write down that an examination will not be done."""
    found = examination_of(asked, ground)
    if found is None:
        return Refusal(NO_SUCH_REQUEST)
    form = Form(asked, ground)
    said = ImagingCancelled(request=found.request, reason=form.needed("reason", "Write why."))
    return form.refusal() or Accepted(said=said, occurred=form.at, patient=found.patient)
