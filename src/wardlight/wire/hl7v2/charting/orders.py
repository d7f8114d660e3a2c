"""Orders: ORC with what it orders (HL7 v2.5.1 §4.5.1 ORC, tables 0119 and 0038; interop.md §6).

An order is active unless the message says otherwise. "Unable to discontinue" (UD) leaves it
running. An order without detail is told all the same: the ward sees that there is one.
"""

from __future__ import annotations

from msgspec import structs

from wardlight.record.codes import Coded, OrderKind, OrderState, ResultState
from wardlight.record.events.charting import MedicationDetail, OrderChanged, Timing
from wardlight.wire.hl7v2.charting.diets import diet_words
from wardlight.wire.hl7v2.charting.fields import NOTHING, coded, number_of, parent_of, short
from wardlight.wire.hl7v2.charting.groups import Group
from wardlight.wire.hl7v2.charting.medication import as_received, medication
from wardlight.wire.hl7v2.charting.results import report_state
from wardlight.wire.hl7v2.charting.timing import timing_of
from wardlight.wire.hl7v2.received import Received
from wardlight.wire.hl7v2.text import first_reader
from wardlight.wire.hl7v2.visit import doctor

_BY_CONTROL = {
    **dict.fromkeys(("CA", "CR", "DC", "DR", "OC", "OD"), OrderState.STOPPED),
    **dict.fromkeys(("HD", "HR", "OH"), OrderState.HELD),
    **dict.fromkeys(("RL", "OE", "OR", "UD"), OrderState.ACTIVE),
}
_BY_STATUS = {
    **dict.fromkeys(("CA", "DC"), OrderState.STOPPED),
    "CM": OrderState.COMPLETED,
    "HD": OrderState.HELD,
    "RP": OrderState.REPLACED,
}
_FULL = frozenset({"NW", "SN", "OK", "XO", "XX", "XR", "RO", "PA", "CH"})
_PLACES = frozenset({"", "NW", "SN", "OK", "NA", "RO", "PA", "CH"})
_GIVES_WAY = frozenset({"RP", "RU", "RQ"})
_COMES_INSTEAD = "RO"

_MEDICATION = ("RXO", "RXE", "RXD", "RXG", "RXC")
_BY_CODE = {
    **dict.fromkeys(("RDE", "RDS", "RGV", "RAS", "OMP"), OrderKind.MEDICATION),
    **dict.fromkeys(("OML", "OUL"), OrderKind.LABORATORY),
    "OMI": OrderKind.IMAGING,
    "OMD": OrderKind.DIET,
}
_BY_SECTION = {
    **dict.fromkeys(
        ("RAD", "RX", "CT", "CTH", "NMR", "MRI", "MR", "NMS", "US", "RUS", "OUS", "VUS", "XRC"),
        OrderKind.IMAGING,
    ),
    **dict.fromkeys(("CUS", "VR", "DX", "NM", "PET", "MG"), OrderKind.IMAGING),
    **dict.fromkeys(("NRS", "NUR", "PT", "OT", "PHY", "OTH", "PF", "RC", "RT"), OrderKind.OTHER),
    "PHR": OrderKind.MEDICATION,
}
"""Table 0074 and what senders write; RX is radiograph there."""
_DONE = frozenset({ResultState.FINAL, ResultState.CORRECTED})


def orders(got: Received, code: str, groups: list[Group], *, reports: bool) -> list[OrderChanged]:
    """Return what a message does to orders; `reports` where its OBR are results, not requests."""
    found: list[OrderChanged] = []
    given_way = ""
    for group in groups:
        if reports and not group.has("ORC"):
            continue
        order = _order(group, got, code)
        if order.control == _COMES_INSTEAD and not order.replaces and given_way:
            order = _instead_of(order, given_way)
        if order.control in _GIVES_WAY:
            given_way = order.number
        if _says_nothing(order, group, reports=reports):
            continue
        found.append(order)
    return found


def numbers_of(group: Group, got: Received) -> tuple[str, str]:
    """Return the filler's and the placer's number (ORC-3, ORC-2; else OBR-3, OBR-2)."""
    encoding, authority = got.message.encoding, got.source.default_authority()
    first, second = group.row("ORC"), group.row("OBR")
    if group.inherited:
        first, second = second, first
    filler = number_of(first[3], encoding, authority)
    placer = number_of(first[2], encoding, authority)
    if not (filler or placer) or group.inherited:
        filler = filler or number_of(second[3], encoding, authority)
        placer = placer or number_of(second[2], encoding, authority)
    return filler, placer


def state_of(group: Group, got: Received) -> OrderState:
    """Return where an order stands by ORC-1, else by ORC-5."""
    read = first_reader(got.message.encoding)
    orc = group.row("ORC")
    by_control = _BY_CONTROL.get(read(orc[1]).upper())
    return by_control or _BY_STATUS.get(read(orc[5]).upper(), OrderState.ACTIVE)


def _order(group: Group, got: Received, code: str) -> OrderChanged:
    encoding = got.message.encoding
    read = first_reader(encoding)
    orc, obr = group.row("ORC"), group.row("OBR")
    filler, placer = numbers_of(group, got)
    control = read(orc[1]).upper()
    timing = timing_of(group, got)
    detail = medication(group, timing, got)
    replacing = control == _COMES_INSTEAD or control in _GIVES_WAY
    return OrderChanged(
        number=filler or placer,
        other_number=placer if filler else "",
        control=control,
        kind=_kind(group, got, code),
        state=_with_report(state_of(group, got), group),
        what=_what(group, got, detail),
        detail=detail,
        replaces=_parent(group, got) if replacing else "",
        prescriber=doctor(orc[12], encoding)
        or doctor(obr[16], encoding)
        or doctor(group.row("RXE")[13], encoding)
        or doctor(group.row("RXO")[14], encoding),
        ordered=got.moment(read(orc[9])) if control in _PLACES else None,
        timing=timing,
        full=control in _FULL,
        as_received=as_received(group, encoding) or _timing_as_sent(timing),
    )


def _parent(group: Group, got: Received) -> str:
    return parent_of(group.row("ORC")[8], got.message.encoding, got.source.default_authority())


def _with_report(state: OrderState, group: Group) -> OrderState:
    """Return the state, completed where the order's report is final (OBR-25)."""
    if state is OrderState.ACTIVE and report_state(group.row("OBR")[25]) in _DONE:
        return OrderState.COMPLETED
    return state


def _kind(group: Group, got: Received, code: str) -> OrderKind:
    if group.has(*_MEDICATION):
        return OrderKind.MEDICATION
    if group.has("ODS", "ODT"):
        return OrderKind.DIET
    if group.has("OBR"):
        section = short(group.row("OBR")[24], got.message.encoding).upper()
        return _BY_SECTION.get(section) or _BY_CODE.get(code, OrderKind.LABORATORY)
    return _BY_CODE.get(code, OrderKind.OTHER)


def _what(group: Group, got: Received, detail: MedicationDetail | None) -> Coded:
    if detail is not None:
        return detail.drug
    encoding = got.message.encoding
    for name, n in (("OBR", 4), ("RXD", 2), ("RXG", 4), ("RQD", 3), ("BPO", 2), ("RXA", 5)):
        found = coded(group.row(name)[n], encoding)
        if found.words():
            return found
    diet = diet_words(group, encoding)
    return Coded(text=diet) if diet else NOTHING


def _timing_as_sent(timing: Timing) -> str:
    said = (timing.pattern, " ".join(timing.times), timing.text)
    return " ".join(part for part in said if part)


def _says_nothing(order: OrderChanged, group: Group, *, reports: bool) -> bool:
    """Say whether a group tells of results or doses only, or of nothing at all."""
    if not (order.number or order.control or order.what.words() or order.detail):
        return True
    if order.state is not OrderState.ACTIVE or order.detail is not None:
        return False
    return group.has("RXA") or (reports and not group.has("OBR"))


def _instead_of(order: OrderChanged, number: str) -> OrderChanged:
    return structs.replace(order, replaces=number)
