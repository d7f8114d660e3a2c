"""What may be said of services, of counts and beds, of neighbours, of changes that were seen.

A diversion names its category and who authorised it. What the county's rules say about its end
is applied and shown; what they ask for beyond that is a warning, never a refusal.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from wardlight.record.events.entered import Warned
from wardlight.record.events.services import (
    BedsCounted,
    ChangeAcknowledged,
    CrowdingCounted,
    NeighbourStated,
    ServiceStated,
)
from wardlight.record.instants import DAY, MINUTE, Instant
from wardlight.record.services import (
    AtExpiry,
    DivertCategory,
    Service,
    ServiceKey,
    ServiceState,
)
from wardlight.rules.asking import Accepted, Asked, Ground, Refusal
from wardlight.rules.form import Form
from wardlight.rules.services.county_rules import CountyRule, RuleSet, none_takes, rules_for
from wardlight.rules.times import made_at, time_words

WORDS_MAX = 400  # of one field: it is read out over the radio
NAME_MAX = 80
NOT_OF_COUNTY = frozenset({Service.CLINIC, Service.ELECTIVES, Service.OR})
"""No ambulance goes there: a county's time limits on diversion do not open a shut clinic."""
COUNT_MAX = 20_000
WAIT_H_MAX = 1_000.0
CHANGES_BACK_MS = 7 * DAY  # how old a change may be that somebody says they have seen
STATED = tuple(one for one in ServiceState if one is not ServiceState.NO_REPORT)
BED_KINDS = ("ward", "tele", "ICU", "paediatrics", "NICU", "OB", "burn", "psych", "ED")
NO_SUCH_FACILITY = "This hospital is not known here. Add it under Neighbours first."
CUT_SHORT, NOT_AGREED, ALL_DIVERT = "county-limit", "not-agreed", "all-divert"
_CODE = re.compile(r"[A-Z0-9][A-Z0-9-]{1,15}")
_WHOLE = re.compile(r"-?[0-9]{1,5}")
_DECIMAL = re.compile(r"[0-9]{1,4}([.,][0-9]{1,3})?")
_DEGREES = re.compile(r"-?[0-9]{1,3}(\.[0-9]{1,8})?")


def county_of(ground: Ground, site: str) -> RuleSet | None:
    """Return the county rules a site follows; None where no table is loaded."""
    return rules_for(site, ground.tables.counties) if ground.tables else None


def state(asked: Asked, ground: Ground) -> Accepted | Refusal:
    """Say what a service does from now on; an expiry the county sets is filled in."""
    form = Form(asked, ground)
    key = _key(form)
    said_state = ServiceState(form.choice("state", STATED, "Choose what it does now."))
    is_open = said_state is ServiceState.OPEN
    category = None if is_open else _category(form)
    made = made_at(asked, ground)
    rules = county_of(ground, asked.site)
    of_county = key.service not in NOT_OF_COUNTY
    rule = rules.of(category) if rules and category and of_county else None
    wished = form.ahead("until")
    expires, cut = _expiry(wished, made, rule)
    said = ServiceStated(
        key=key,
        state=said_state,
        category=category,
        reason=_short(form, "reason"),
        authorised_by=_short(form, "authorised_by") if is_open else _authorised(form),
        since=form.at,
        expires=expires,
        at_expiry=_at_expiry(form, rule, expires),
        review=form.ahead("review"),
        comment=_short(form, "comment"),
        agreed_with=_short(form, "agreed_with"),
        by_rules=rules.title() if rules and rule else "",
        heard=_heard(form, key),
    )
    if expires is not None and expires <= ground.now:
        form.wrong.setdefault("until_at", "This end has passed already. Write a later one.")
    warnings = () if is_open else tuple(_warned(said, rule, ground, cut=cut))
    return form.refusal() or Accepted(said=said, occurred=made, warnings=warnings)


def _key(form: Form) -> ServiceKey:
    facility = _facility(form)
    service = Service(form.choice("service", tuple(Service), "Choose the service."))
    name = _short(form, "name")[:NAME_MAX]
    if service is Service.CLINIC and not name:
        form.wrong["name"] = "Write which clinic."
    return ServiceKey(facility, service, name if service is Service.CLINIC else "")


def _category(form: Form) -> DivertCategory:
    found = form.choice("category", tuple(DivertCategory), "Choose why.")
    if found == DivertCategory.OTHER and not form.text("reason"):
        form.wrong["reason"] = "Write what the reason is."
    return DivertCategory(found)


def _authorised(form: Form) -> str:
    return form.needed("authorised_by", "Write who authorised it: name and role.")[:WORDS_MAX]


def _heard(form: Form, key: ServiceKey) -> str:
    if key.facility == form.asked.site:
        return _short(form, "heard")
    return form.needed("heard", "Write who said it and how: charge nurse, phone.")[:WORDS_MAX]


def _expiry(
    wished: Instant | None, made: Instant, rule: CountyRule | None
) -> tuple[Instant | None, bool]:
    """Return when it ends, and whether that is sooner than was asked for."""
    longest = rule.length_ms() if rule else None
    if longest is None:
        return wished, False
    latest = Instant((made + longest) // MINUTE * MINUTE)  # a screen tells whole minutes
    if wished is None:
        return latest, False
    return min(wished, latest), wished > latest


def _at_expiry(form: Form, rule: CountyRule | None, expires: Instant | None) -> AtExpiry:
    """Return what follows the end: what the county says, else what was chosen, else unknown."""
    if expires is None:
        return AtExpiry.LAPSE
    if rule is not None and rule.minutes_max is not None:
        return rule.at_expiry
    return AtExpiry.REOPEN if form.text("at_expiry") == AtExpiry.REOPEN else AtExpiry.LAPSE


def _warned(
    said: ServiceStated, rule: CountyRule | None, ground: Ground, *, cut: bool
) -> Iterator[Warned]:
    if rule is None:
        return
    if cut and said.expires is not None:
        ends = time_words(said.expires, ground)
        yield Warned(CUT_SHORT, f"The county's rules end this at {ends}: renew it then", asks=False)
    if rule.agreement and not said.agreed_with:
        yield Warned(NOT_AGREED, "The county's rules ask for the agreement of the other hospitals")
    ed = said.key.service is Service.ED and said.state in (ServiceState.DIVERT, ServiceState.CLOSED)
    every = ground.views.service_status.facilities(ground.now)
    others, ring = none_takes(one for one in every if one.code != said.key.facility)
    if ed and rule.when_all_divert and others:
        then = f"{ring} {rule.when_all_divert}".strip()
        words = f"No other ED that has reported takes ambulances. {then}"
        yield Warned(ALL_DIVERT, words, asks=False)


def count_crowding(asked: Asked, ground: Ground) -> Accepted | Refusal:
    """Write down the counts of an emergency department, from which NEDOCS is worked out."""
    form = Form(asked, ground)
    said = CrowdingCounted(
        facility=_facility(form),
        ed_patients=_whole(form, "ed_patients"),
        ed_beds=_whole(form, "ed_beds", least=1),
        admits_in_ed=_whole(form, "admits_in_ed"),
        hospital_beds=_whole(form, "hospital_beds", least=1),
        ventilated_in_ed=_whole(form, "ventilated_in_ed"),
        longest_admit_wait_h=_hours(form, "longest_admit_wait_h"),
        last_bed_wait_h=_hours(form, "last_bed_wait_h"),
        ems_waiting=_whole(form, "ems_waiting") if form.text("ems_waiting") else None,
    )
    if max(said.admits_in_ed, said.ventilated_in_ed) > said.ed_patients:
        form.wrong.setdefault("ed_patients", "Of these patients more wait or are ventilated.")
    return form.refusal() or Accepted(said=said, occurred=form.at)


def count_beds(asked: Asked, ground: Ground) -> Accepted | Refusal:
    """Write down how many beds of a kind are staffed and free; below zero is over capacity."""
    form = Form(asked, ground)
    said = BedsCounted(
        facility=_facility(form),
        kind=form.choice("bed", BED_KINDS, "Choose the kind of bed."),
        available=_whole(form, "available", least=-COUNT_MAX),
        baseline=_whole(form, "baseline") if form.text("baseline") else None,
    )
    return form.refusal() or Accepted(said=said, occurred=form.at)


def state_neighbour(asked: Asked, ground: Ground) -> Accepted | Refusal:
    """Keep a hospital as a contact: how to reach it, what it is known to have or not to have."""
    form = Form(asked, ground)
    code = form.text("code").upper()
    if not _CODE.fullmatch(code):
        form.wrong["code"] = "Two to sixteen capital letters, digits or hyphens."
    can, cannot = (_services(form, name) for name in ("can", "cannot"))
    if set(can) & set(cannot):
        form.wrong["cannot"] = "A service is either there or not."
    said = NeighbourStated(
        code=code,
        name=form.needed("neighbour", "Write the name of the hospital.")[:NAME_MAX],
        phone=_short(form, "phone"),
        radio=_short(form, "radio"),
        latitude=_degrees(form, "latitude", 90),
        longitude=_degrees(form, "longitude", 180),
        can=can,
        cannot=cannot,
        kept_by=_short(form, "kept_by") or asked.author.name,
        gone=form.yes("gone"),
    )
    if (said.latitude is None) != (said.longitude is None):
        form.wrong.setdefault("latitude", "Write both degrees, or neither.")
    return form.refusal() or Accepted(said=said, occurred=made_at(asked, ground))


def acknowledge(asked: Asked, ground: Ground) -> Accepted | Refusal:
    """Say that a change of the board was seen."""
    form = Form(asked, ground)
    change = form.text("change")
    by = form.needed("by", "Write your name or your call sign.")[:NAME_MAX]
    back = Instant(ground.now - CHANGES_BACK_MS)
    known = (one.id for one in ground.views.service_status.changes(ground.now, back))
    if change not in known:
        form.wrong["change"] = form.because = "This change is not on the board."
    said = ChangeAcknowledged(change=change, by=by)
    return form.refusal() or Accepted(said=said, occurred=made_at(asked, ground))


def _facility(form: Form) -> str:
    facility = form.text("facility") or form.asked.site
    neighbours = {one.code for one in form.ground.views.service_status.neighbours()}
    if facility != form.asked.site and facility not in neighbours:
        form.wrong["facility"] = form.because = NO_SUCH_FACILITY
    return facility


def _short(form: Form, name: str) -> str:
    return " ".join(form.text(name).split())[:WORDS_MAX]


def _services(form: Form, name: str) -> tuple[str, ...]:
    found = form.asked.fields.many(name)
    return tuple(str(one) for one in Service if one in found)


def _whole(form: Form, name: str, *, least: int = 0) -> int:
    typed = form.text(name)
    if not _WHOLE.fullmatch(typed) or not least <= int(typed) <= COUNT_MAX:
        form.wrong[name] = "Write a whole number." if least <= 0 else "Write a number above zero."
        return max(least, 0)
    return int(typed)


def _hours(form: Form, name: str) -> float:
    typed = form.text(name)
    if not _DECIMAL.fullmatch(typed) or float(typed.replace(",", ".")) > WAIT_H_MAX:
        form.wrong[name] = "Write hours as a number: 3.5; 0 when nobody waits."
        return 0.0
    return float(typed.replace(",", "."))


def _degrees(form: Form, name: str, most: int) -> float | None:
    typed = form.text(name)
    if not typed:
        return None
    if not _DEGREES.fullmatch(typed) or abs(float(typed)) > most:
        form.wrong[name] = f"Write degrees between -{most} and {most}, with a point."
        return None
    return float(typed)
