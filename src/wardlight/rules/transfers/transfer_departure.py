"""The certificate, and the gate a patient leaves through (42 CFR 489.24(e)).

No departure without acceptance, certificate, transport, packet, last doses and somebody who
rings when results come late. An emergency goes all the same: with a reason, which is written with
what lacked and shown on every page of the transfer. What happened is never refused for good.
"""

from __future__ import annotations

from collections.abc import Iterator

from wardlight.record.codes import Location
from wardlight.record.events.entered import Warned
from wardlight.record.events.transfers import (
    Basis,
    Consent,
    TransferArrived,
    TransferCertified,
    TransferDeparted,
    TransferRerouted,
    TransferSaid,
)
from wardlight.rules.asking import Ground
from wardlight.rules.form import Form
from wardlight.rules.transfers.transfers import Step, a_step, not_over
from wardlight.views.facts import Chart
from wardlight.views.transfers.transfers import Case, same_hospital

EMERGENCY = "emergency"  # the field with the reason for going without what lacks
EMERGENCY_MIN = 10  # characters: "emergency" alone says nothing
STALE_PACKET = "packet-older"
OTHER_HOSPITAL = "other-hospital"
REASON_MAX = 500
VISIT = "TRANSFER"  # authority of the stay that begins where one of our sites takes a patient in


@a_step
def certify(step: Step) -> TransferSaid:
    """Write the certificate, with every element the law names."""
    not_over(step)
    form = step.form
    basis = Basis(form.choice("basis", tuple(Basis), "Choose what the transfer stands on."))
    consent = Consent(form.choice("consent", tuple(Consent), "Choose what the patient said."))
    said = TransferCertified(
        request=step.case.request,
        hospital=step.hospital(),
        basis=basis,
        benefits=form.needed("benefits", "Write what the patient gains."),
        risks=form.needed("risks", "Write the risks, those of the way too."),
        stabilised=form.choice("stabilised", ("yes", "no"), "Say whether stabilised.") == "yes",
        treatment=form.needed("treatment", "Write what was done here to lower the risk."),
        physician=form.needed("physician", "Write the physician who certifies or agreed."),
        signed_by=form.text("signed_by"),
        consent=consent,
        consent_by=form.text("consent_by"),
        asks_because=form.text("asks_because"),
        absent_on_call=form.text("absent_on_call"),
    )
    _check_signatures(form, said)
    return said


def _check_signatures(form: Form, said: TransferCertified) -> None:
    if said.basis is Basis.QUALIFIED and not said.signed_by:
        form.wrong["signed_by"] = "Write who signs in the physician's place."
    if said.basis is Basis.REQUEST and not said.asks_because:
        form.wrong["asks_because"] = "Write the patient's own reasons (489.24(e)(1)(ii)(A))."
    if said.consent is not Consent.NOT_ASKED and not said.consent_by:
        form.wrong["consent_by"] = "Write who consented, and how they are related."
    if said.consent is Consent.NOT_ASKED and said.basis is Basis.REQUEST:
        form.wrong["consent"] = "Somebody asks for it, so somebody could be asked."


@a_step
def depart(step: Step) -> TransferSaid:
    """Write that the patient left the building; every gate passed, or an emergency with reason."""
    not_over(step)
    if step.case.departed:
        step.form.wrong["request"] = "The patient has left with this transfer already."
    form, lacks = step.form, tuple(map(str, step.case.missing()))
    emergency = _emergency(form, lacks)
    stay = form.ground.views.whereabouts(step.case.patient)
    hospital = step.hospital()
    said = TransferDeparted(
        request=step.case.request,
        hospital=hospital,
        visit=stay.visit if stay is not None and stay.site == step.case.site else "",
        due=form.ahead("due"),
        crew=form.text("crew"),
        lacks=lacks,
        emergency=emergency,
    )
    if said.due is not None and said.due < form.at:
        form.wrong["due_at"] = "They cannot be there before they left."
    step.warnings += _warned(step, said)
    return said


def _emergency(form: Form, lacks: tuple[str, ...]) -> str:
    """Return why the patient goes without what lacks; noted as wrong when nobody said."""
    reason = form.text(EMERGENCY)[:REASON_MAX]
    if not lacks:
        return ""
    if len(reason) < EMERGENCY_MIN:
        form.because = f"Not yet: there is no {', no '.join(lacks)}."
        form.wrong[EMERGENCY] = (
            "Do what lacks first. In an emergency: write here why the patient goes now, and by"
            " whose decision."
        )
    return reason


def _warned(step: Step, said: TransferDeparted) -> Iterator[Warned]:
    if said.lacks and said.emergency:
        words = f"Left without: {', '.join(said.lacks)}. Reason: {said.emergency}"
        yield Warned("left-without", words, asks=False)
    accepted = step.case.accepted
    if accepted is not None and not same_hospital(accepted.said.hospital, said.hospital):
        words = f"{accepted.said.hospital} accepted, not {said.hospital}"
        yield Warned(OTHER_HOSPITAL, words)
    ground = step.form.ground
    chart = ground.views.chart(ground.views.people.resolve(step.case.patient))
    newer = newer_than_packet(step.case, chart)
    if newer:
        words = f"Came after the packet was made: {', '.join(newer)}. Print it anew, or tell them"
        yield Warned(STALE_PACKET, words)


def newer_than_packet(one: Case, chart: Chart) -> tuple[str, ...]:
    """Return what of a chart is newer than the papers that go along."""
    if one.packet is None:
        return ()
    made = one.packet.step.position
    stamps = (
        ("results", chart.results_as_of),
        ("doses", chart.doses_as_of),
        ("allergies", chart.allergies.as_of),
    )
    return tuple(name for name, stamp in stamps if stamp is not None and stamp.position > made)


@a_step
def reroute(step: Step) -> TransferSaid:
    """Write that they go elsewhere, or later, while they are on the way."""
    form = step.form
    _on_the_way(step)
    return TransferRerouted(
        request=step.case.request,
        hospital=form.text("hospital") or step.case.heading(),
        because=form.needed("because", "Write why."),
        due=form.ahead("due"),
        told_by=form.text("told_by"),
    )


def _on_the_way(step: Step) -> None:
    form, departed = step.form, step.case.departed
    if departed is None:
        form.wrong["request"] = "The patient has not left yet, as far as is written here."
    elif step.case.arrived:
        form.wrong["request"] = "The arrival is written already. Take it back if it is wrong."
    else:
        form.not_before(departed.step.occurred, "They left after that: check both times.")


@a_step
def arrive(step: Step) -> TransferSaid:
    """Write that somebody at the hospital confirms the arrival, whichever hospital it was."""
    form = step.form
    _on_the_way(step)
    ours = form.asked.site != step.case.site
    hospital = form.text("hospital") or step.case.heading()
    said = TransferArrived(
        request=step.case.request,
        hospital=hospital,
        confirmed_by=form.needed("confirmed_by", "Write who there confirms it."),
        where=form.text("where"),
        alive=form.text("alive").casefold() != "no",
        visit=f"{VISIT}|{step.case.request}" if ours else "",
        place=_place(form, form.ground) if ours else Location(),
        note=form.text("note"),
    )
    planned = step.case.planned()
    if planned and not same_hospital(planned, said.hospital):
        words = f"They left for {planned} and arrived at {said.hospital}"
        step.warnings.append(Warned(OTHER_HOSPITAL, words, asks=False))
    return said


def _place(form: Form, ground: Ground) -> Location:
    unit = form.needed("unit", "Write the ward they are on now.")
    return Location(unit=unit, room=form.text("room"), bed=form.text("bed"), facility=ground.site)
