"""May this blood be asked for, issued, begun? A wristband that differs stops the unit.

Two different people check at the bedside (AABB Standards; BSH 2017 administration guideline);
blood without a crossmatch needs a physician's name.
"""

from __future__ import annotations

from collections.abc import Iterator

from wardlight.record.events.entered import Warned
from wardlight.record.events.transfusion import (
    BloodRequested,
    BloodTested,
    Match,
    TransfusionReaction,
    TransfusionStarted,
    TransfusionStopped,
    UnitIssued,
)
from wardlight.rules.asking import Accepted, Asked, Ground, Refusal
from wardlight.rules.form import Form, place_of
from wardlight.rules.laboratory.laboratory import accession_typed
from wardlight.views.laboratory.transfusion import (
    BloodCase,
    Unit,
    UnitState,
    blood_case,
    blood_cases,
    group_differs,
)

NO_SUCH_REQUEST = "This request for blood is not known here. Look on the blood bank's list."
NOT_ISSUED = "STOP. This unit was not issued for this patient. Do not give it; ring the blood bank."
GROUP_DIFFERS = "group-differs"
NO_GROUP = "no-group"
RUNNING = "reaction-going-on"
UNITS_MAX = 60
_NUMBER_MAX = 3


def request(asked: Asked, ground: Ground) -> Accepted | Refusal:
    """Ask for blood, or for a group check alone."""
    form = Form(asked, ground)
    units = form.text("units")
    if units and not (units.isascii() and units.isdigit() and len(units) < _NUMBER_MAX):
        form.wrong["units"] = "Write how many units, as a number."
        units = ""
    said = BloodRequested(
        request=asked.id,
        label=form.label(asked.patient, "request"),
        product=form.needed("product", "Choose the product, or “group and screen”."),
        units=min(int(units or 0), UNITS_MAX),
        priority=form.priority(),
        place=place_of(asked.patient, ground),
        callback=form.needed("callback", "Write the phone that is answered on this ward."),
        prescriber=form.text("prescriber"),
        known_group=form.text("known_group"),
        known_antibodies=form.text("known_antibodies"),
        emergency_by=form.text("emergency_by"),
        clinical=form.text("clinical"),
    )
    return form.refusal() or Accepted(said=said, occurred=form.at)


def case_of(asked: Asked, ground: Ground) -> BloodCase | None:
    """Return the request for blood a form is about; None when there is none of that number."""
    number = asked.fields.one("request")
    return ground.views.loops.read(number, blood_case) if number else None


def group(asked: Asked, ground: Ground) -> Accepted | Refusal:
    """File group and antibodies; another group than the known one may be a mislabel."""
    case = case_of(asked, ground)
    if case is None:
        return Refusal(NO_SUCH_REQUEST)
    form = Form(asked, ground)
    patient = ground.views.people.resolve(case.patient)
    said = BloodTested(
        request=case.request,
        accession=accession_typed(form),
        label=form.label(patient, "result"),
        group=form.needed("group", "Write the ABO and Rh group."),
        antibodies=form.text("antibodies"),
        checked_by=form.needed("checked_by", "Write who checked it, or the second sample."),
    )
    others = set(ground.views.loops.numbered(said.accession)) - {case.request}
    if said.accession and others:
        form.wrong["accession"] = "Another specimen has this number."
    words = "The group is not the one known before: take a second sample, give O until it is clear"
    differs = group_differs(case.wanted.known_group, said.group)
    return form.refusal() or Accepted(
        said=said,
        occurred=form.at,
        patient=patient,
        warnings=(Warned(GROUP_DIFFERS, words),) if differs else (),
    )


def issue(asked: Asked, ground: Ground) -> Accepted | Refusal:
    """Give a unit out for a patient; one unit is out for one patient only."""
    case = case_of(asked, ground)
    if case is None:
        return Refusal(NO_SUCH_REQUEST)
    form = Form(asked, ground)
    match = Match(form.choice("match", tuple(Match), "Choose on what ground it is issued."))
    if match is Match.EMERGENCY and not (case.wanted.emergency_by or form.text("emergency_by")):
        form.wrong["emergency_by"] = "Write the physician who signs for blood not crossmatched."
    said = UnitIssued(
        request=case.request,
        unit=_unit_number(form),
        product=form.text("product") or case.wanted.product,
        group=form.needed("group", "Write the group on the bag."),
        match=match,
        to=form.needed("to", "Write who takes the unit."),
        expires=form.text("expires"),
    )
    if said.unit and _is_out(said.unit, ground):
        form.wrong["unit"] = "This unit is out already. Read its number again."
    return form.refusal() or Accepted(
        said=said,
        occurred=form.at,
        patient=ground.views.people.resolve(case.patient),
        warnings=tuple(_ungrouped(case, match)),
    )


def _ungrouped(case: BloodCase, match: Match) -> Iterator[Warned]:
    if case.tested is None and match is not Match.EMERGENCY:
        yield Warned(NO_GROUP, "No group check of this request is filed")
    elif case.group_differs() and match is not Match.EMERGENCY:
        yield Warned(GROUP_DIFFERS, "The group found is not the one known before")


def _is_out(number: str, ground: Ground) -> bool:
    """Return whether a unit is with a patient, or has been; one that came back may go out again."""
    return any(
        unit.number == number and unit.state is not UnitState.RETURNED
        for case in blood_cases(ground.views.loops)
        for unit in case.units
    )


def _unit_number(form: Form) -> str:
    return " ".join(form.needed("unit", "Scan or write the unit number.").upper().split())


def start(asked: Asked, ground: Ground) -> Accepted | Refusal:
    """Begin a unit: two people, the wristband, and a unit issued for this patient."""
    case = case_of(asked, ground)
    if case is None:
        return Refusal(NO_SUCH_REQUEST)
    form = Form(asked, ground)
    patient = ground.views.people.resolve(case.patient)
    unit = _unit_of(form, case)
    first = form.needed("first", "Write the first checker.")
    second = form.needed("second", "Write the second checker.")
    if first and first.casefold() == second.casefold():
        form.wrong["second"] = "Two different people have to check."
    if unit is not None and unit.state is not UnitState.ISSUED:
        form.wrong["unit"] = f"This unit is {unit.state}. Read its number again."
    said = TransfusionStarted(
        request=case.request,
        unit=unit.number if unit else "",
        label=form.label(patient, "unit"),
        first=first,
        second=second,
    )
    form.not_before(unit.issued.occurred if unit else None, "It was issued after that.")
    return form.refusal() or Accepted(said=said, occurred=form.at, patient=patient)


def _unit_of(form: Form, case: BloodCase) -> Unit | None:
    """Return the unit of a bedside form; noted as wrong unless it was issued for this request."""
    number = _unit_number(form)
    unit = case.unit(number)
    if number and unit is None:
        form.because = NOT_ISSUED
        form.wrong["unit"] = "Not issued for this patient."
    return unit


def stop(asked: Asked, ground: Ground) -> Accepted | Refusal:
    """End a unit, stop it, or bring it back unused."""
    case = case_of(asked, ground)
    if case is None:
        return Refusal(NO_SUCH_REQUEST)
    form = Form(asked, ground)
    unit = _unit_of(form, case)
    returned = form.yes("returned")
    begun = unit.started.occurred if unit and unit.started else None
    if unit is not None and begun is None and not returned:
        form.wrong["unit"] = "Write first that it was begun, or that it came back unused."
    form.not_before(begun, "It was begun after that: check the time.")
    said = TransfusionStopped(
        request=case.request,
        unit=unit.number if unit else "",
        volume=form.text("volume"),
        reason=form.text("reason"),
        returned=returned,
    )
    return form.refusal() or Accepted(
        said=said, occurred=form.at, patient=ground.views.people.resolve(case.patient)
    )


def react(asked: Asked, ground: Ground) -> Accepted | Refusal:
    """Write down a reaction. One that goes on while the unit runs is asked about, never blocked."""
    case = case_of(asked, ground)
    if case is None:
        return Refusal(NO_SUCH_REQUEST)
    form = Form(asked, ground)
    unit = _unit_of(form, case)
    said = TransfusionReaction(
        request=case.request,
        unit=unit.number if unit else "",
        signs=form.needed("signs", "Write what happened."),
        stopped=form.yes("stopped"),
        told=form.text("told"),
    )
    words = "Stop the unit and keep the line open; ring physician and blood bank"
    return form.refusal() or Accepted(
        said=said,
        occurred=form.at,
        patient=ground.views.people.resolve(case.patient),
        warnings=() if said.stopped else (Warned(RUNNING, words),),
    )
