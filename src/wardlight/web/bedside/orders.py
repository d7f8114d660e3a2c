"""A patient's order sheet: every order with its state, and the forms to write, hold and stop.

Orders that were written or given while the EHR is off stand apart from those known before.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from msgspec import Struct
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from wardlight.record.codes import OrderKind
from wardlight.record.events.charting import Check
from wardlight.record.events.ordering import Ending
from wardlight.record.instants import local
from wardlight.record.reading import Stamp
from wardlight.views.facts import Chart
from wardlight.web.banner import banner_of, open_patient, site_of
from wardlight.web.bedside.amends import amended, orders_amended
from wardlight.web.bedside.doors import verifies
from wardlight.web.bedside.order_lines import OrderLine, order_line, written_of
from wardlight.web.page import Content, Desk, Screen, desk_of, shown
from wardlight.web.times import Times, heard

ENDED_SHOWN_MAX = 60
COMING_DAYS = 7
KINDS = (
    (OrderKind.MEDICATION, "Medicines"),
    (OrderKind.LABORATORY, "Laboratory"),
    (OrderKind.IMAGING, "Imaging"),
    (OrderKind.DIET, "Diet"),
    (OrderKind.OTHER, "Activity, consults and everything else"),
)
OTHER_CHOICES = (
    (str(OrderKind.LABORATORY), "Laboratory"),
    (str(OrderKind.IMAGING), "Imaging"),
    (str(OrderKind.DIET), "Diet"),
    ("activity", "Activity"),
    ("consult", "Consult"),
    (str(OrderKind.OTHER), "Something else"),
)
ENDINGS = (
    (str(Ending.HELD), "Hold"),
    (str(Ending.RESUMED), "Resume"),
    (str(Ending.STOPPED), "Stop"),
)
CHECKS = (
    (str(Check.NOTED), "Noted by the nurse"),
    (str(Check.DONE), "Carried out"),
    (str(Check.VERIFIED), "Verified by the pharmacist"),
    (str(Check.CLARIFY), "Has to be clarified"),
)
ROUTES = (
    *("oral", "intravenous", "subcutaneous", "intramuscular", "inhaled", "sublingual"),
    *("rectal", "topical", "by feeding tube", "into the eye"),
)
PATTERNS = (
    *("once", "now", "daily", "twice a day", "three times a day", "four times a day", "at night"),
    *("every 4 hours", "every 6 hours", "every 8 hours", "every 12 hours", "every other day"),
    *("continuous", "as needed"),
)
FORMS = ("tablet", "capsule", "injection", "infusion", "oral solution", "inhaler", "suppository")
UNITS = ("mg", "g", "mcg", "mL", "units", "mmol", "mEq", "tablets", "puffs")
PRIORITIES = (("", "routine"), ("S", "stat"), ("A", "as soon as possible"))


class Part(Struct, frozen=True, kw_only=True):
    """The orders of one kind."""

    title: str
    since: tuple[OrderLine, ...]  # written or given since the EHR went off
    before: tuple[OrderLine, ...]
    ended: tuple[OrderLine, ...]


def routes() -> list[BaseRoute]:
    """Return the addresses of this screen."""
    return [Route("/patient/{handle}/orders", orders)]


async def orders(request: Request) -> Response:
    """Show every order of a patient, and the forms."""
    opened, pharmacist = await open_patient(request), verifies(request)

    async def make(desk: Desk, t: Times) -> Content:
        chart = opened.chart
        lines = _lines(desk, chart, t)
        every = [one for _, found in lines for one in found]
        return {
            "tab": "orders",
            "banner": banner_of(desk, opened, t),
            "handle": desk.handles.of(opened.patient),
            "home": site_of(desk, opened),
            "family": opened.person.name.family or "Patient",
            "parts": [_part(title, found) for title, found in lines if found],
            "running": [one for one in every if one.running and one.number],
            "mine": [one for one in every if one.entry],
            "as_of": heard(desk.views, _of_feeds(chart), t.now),
            "backs": amended(chart.taken_back, orders_amended, t),
            **choices(t),
            "checks": [one for one in CHECKS if pharmacist or one[0] != Check.VERIFIED],
        }

    site = site_of(desk_of(request), opened)
    return await shown(request, Screen(template="orders.html", make=make, site=site))


def _of_feeds(chart: Chart) -> list[Stamp]:
    """Return what feeds said: what is written here makes nothing of theirs any newer."""
    return [order.stamp for order in chart.orders if not order.stamp.entry]


def choices(t: Times) -> Content:
    """Return what the forms offer to choose from."""
    return {
        "other_choices": OTHER_CHOICES,
        "endings": ENDINGS,
        "lists": {"routes": ROUTES, "patterns": PATTERNS, "forms": FORMS, "units": UNITS},
        "priorities": PRIORITIES,
        "coming": _coming(t),
    }


def _coming(t: Times) -> list[tuple[str, str]]:
    """Return the days a first dose may be on."""
    today = local(t.now, t.zone).date()
    days = [today + timedelta(days=ahead) for ahead in range(COMING_DAYS)]
    return [(day.isoformat(), f"{day:%a %d-%b-%Y}") for day in days]


def _lines(desk: Desk, chart: Chart, t: Times) -> list[tuple[str, list[OrderLine]]]:
    written = written_of(desk, chart.orders)
    return [
        (
            title,
            [
                order_line(order, written.get(order.entry), t)
                for order in chart.orders
                if order.kind is kind
            ],
        )
        for kind, title in KINDS
    ]


def _part(title: str, lines: Sequence[OrderLine]) -> Part:
    running = [one for one in lines if one.running]
    return Part(
        title=title,
        since=tuple(one for one in running if one.since_off),
        before=tuple(one for one in running if not one.since_off),
        ended=tuple(one for one in lines if not one.running)[:ENDED_SHOWN_MAX],
    )
