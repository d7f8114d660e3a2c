"""The planner's proposal: who could go where, why, what else, and at what price.

Nothing is written here. What a person fixes stands in the address (requests and hospitals, nobody's
name), so that the plan can be made anew, shown to somebody else, and gone back from. To take a line
over, the hospital is asked: that is a step of the transfer as any other.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

from msgspec import Struct
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from wardlight.plan.destinations.region import empty_region
from wardlight.plan.extra import missing
from wardlight.plan.transfers.transfer_desk import code_of, problem_of
from wardlight.plan.transfers.transfers import (
    STAY,
    Choice,
    Line,
    Proposal,
    TransferProblem,
    Waiting,
)
from wardlight.views.services.service_rows import FacilityBoard
from wardlight.views.transfers.transfer_board import standing, waiting
from wardlight.views.transfers.transfers import Case, TransferState, Wanted, cases
from wardlight.web.access.sight import Sight, sight_of
from wardlight.web.page import Content, Desk, Screen, desk_of, shown
from wardlight.web.times import Times
from wardlight.web.transfers.departing import BAYS, VEHICLES, Departing, departing, typed
from wardlight.web.transfers.lines import shown_name, transfer_url

PATIENTS_MAX = 2_000  # of one plan; those who wait longest come first
SHOWN_MAX = 300
PRICES_MAX = 6
FIX = "fix-"
_PROMISED = (TransferState.ACCEPTED, TransferState.READY, TransferState.ON_THE_WAY)


class PlanLine(Struct, frozen=True, kw_only=True):
    """One patient of the proposal as the page shows them."""

    request: str
    href: str
    name: str
    born: str
    handle: str
    need: str
    urgency: str
    since: str
    to: str
    code: str
    stays: bool
    drive: str
    why: str
    leaves: str  # when, with the vehicles typed; "" without
    call_first: tuple[str, ...]
    others: tuple[str, ...]
    fixed: str
    asked: bool  # the hospital was asked already
    options: tuple[tuple[str, str], ...]


def routes() -> list[BaseRoute]:
    """Return the address of this screen."""
    return [Route("/transfers/{site}/plan", plan)]


async def plan(request: Request) -> Response:
    """Show the planner's proposal for a site's patients who wait."""
    site = desk_of(request).site(request.path_params["site"])
    sight = sight_of(request)
    fixed = {
        key.removeprefix(FIX): value
        for key, value in request.query_params.items()
        if key.startswith(FIX) and value
    }

    numbers = typed(request.query_params)

    async def make(desk: Desk, t: Times) -> Content:
        if told := missing():
            return {"missing": told}
        question = _Question(desk, t, fixed)
        proposal, leaving = await asyncio.to_thread(_answers, question, numbers)
        content = _content(question, proposal, leaving, sight, site=site.code)
        return {**content, "numbers": numbers, "vehicles": VEHICLES, "bays": BAYS}

    return await shown(request, Screen(template="transfer_plan.html", make=make, site=site.code))


def proposed(problem: TransferProblem) -> Proposal:
    """Return the planner's answer; its parts are loaded when it is first asked."""
    from wardlight.plan.transfers.transfer_proposal import propose  # noqa: PLC0415 - an extra, and heavy

    return propose(problem)


class _Question:
    """What one plan is made of. All sites of the node are planned together: beds are shared."""

    def __init__(self, desk: Desk, t: Times, fixed: Mapping[str, str]) -> None:
        self.desk, self.t = desk, t
        names = {code: one.name for code, one in desk.sites.items()}
        self.boards: tuple[FacilityBoard, ...] = desk.views.service_status.facilities(t.now, names)
        self.names = {board.code: board.name for board in self.boards}
        every = waiting(desk.views)
        self.wanted: dict[str, Wanted] = {one.request: one for one in every[:PATIENTS_MAX]}
        self.left_out = len(every) - len(self.wanted)
        self.fixed = {
            request: code
            for request, code in fixed.items()
            if request in self.wanted and (code == STAY or code in self.names)
        }
        self.region = desk.region or empty_region()
        self.policy = self.region.transfer_policy
        self.problem = problem_of(
            tuple(self.wanted.values()),
            _promised(desk),
            self.boards,
            region=self.region,
            fixed=self.fixed,
        )
        self.patients: dict[str, Waiting] = {one.id: one for one in self.problem.waiting}


def _promised(desk: Desk) -> tuple[Case, ...]:
    return tuple(one for one in cases(desk.views.loops) if standing(desk.views, one) in _PROMISED)


def _answers(question: _Question, numbers: Mapping[str, int]) -> tuple[Proposal, Departing | None]:
    proposal = proposed(question.problem)
    return proposal, departing(question.problem, proposal, numbers, question.t)


def _content(
    question: _Question,
    proposal: Proposal,
    leaving: Departing | None,
    sight: Sight,
    *,
    site: str,
) -> Content:
    leaves = leaving.leaves if leaving else {}
    desk = question.desk
    mine = [
        line
        for line in proposal.lines
        if line.patient in question.wanted and question.wanted[line.patient].site == site
    ]
    seen = [line for line in mine if sight.patient(desk, question.wanted[line.patient].patient)]
    lines = [_line(question, proposal, line, leaves) for line in seen[:SHOWN_MAX]]
    return {
        "missing": "",
        "departing": leaving.words if leaving else "",
        "goes": [line for line in lines if not line.stays],
        "stays": [line for line in lines if line.stays],
        "hidden": len(mine) - len(lines),
        "elsewhere": len(question.wanted) - len(mine),
        "promised": len(proposal.lines) - len(question.wanted),
        "left_out": question.left_out,
        "proof": _proof_words(proposal),
        "proved": proposal.proof.optimal,
        "prices": [
            {
                "hospital": question.names.get(one.receiver, one.receiver),
                "bed": one.bed,
                "room": one.room,
                "used": one.used,
                "minutes": f"{one.minutes:.0f}",
            }
            for one in proposal.prices[:PRICES_MAX]
        ],
        "policy": question.policy,
        "notices": question.region.notices,
        "fixes": len(question.fixed),
    }


def _proof_words(proposal: Proposal) -> str:
    proof = proposal.proof
    if proof.optimal:
        return "Checked: no plan is better by these weights."
    if proof.faults:
        return f"Do not use: {'; '.join(proof.faults)}."
    return f"Not proved: another plan may be better by up to {proof.gap:.0f} weighed minutes."


def _line(
    question: _Question, proposal: Proposal, line: Line, leaves: Mapping[str, str]
) -> PlanLine:
    desk, t = question.desk, question.t
    one = question.wanted[line.patient]
    patient = desk.views.people.resolve(one.patient)
    name, born = shown_name(desk, patient, t)
    every = proposal.choices.of(line.patient)
    return PlanLine(
        request=one.request,
        href=transfer_url(one.site, one.request),
        name=name,
        born=born,
        handle=desk.handles.of(patient),
        need=", ".join((f"{one.bed} bed", *one.needs)),
        urgency=one.urgency,
        since=t.at(one.since),
        to=question.names.get(line.to, line.to),
        code=line.to,
        stays=line.to == STAY,
        drive=line.drive.words() if line.drive else "",
        why=_why(line),
        leaves=leaves.get(line.patient, ""),
        call_first=line.call_first,
        others=_others(question, line, every),
        fixed=question.fixed.get(one.request, ""),
        asked=any(code_of(name, question.boards) == line.to for name in one.asked),
        options=tuple(_option(question, choice) for choice in every),
    )


def _why(line: Line) -> str:
    if line.decided:
        return f"fixed by you{f', though: {line.because}' if line.because else ''}"
    if line.to == STAY:
        return line.because
    if line.nearer == 0:
        return "best for this patient of all that can take them"
    return f"{line.nearer} would suit this patient better, but others need those beds more"


def _others(question: _Question, line: Line, every: tuple[Choice, ...]) -> tuple[str, ...]:
    """Return the next two choices with their price, and staying, which is always one of them."""
    shown = [choice for choice in line.next_two if choice.to != line.to]
    if line.to != STAY and STAY not in {choice.to for choice in shown}:
        shown += [choice for choice in every if choice.to == STAY]
    return tuple(
        f"{question.names.get(choice.to, choice.to)}: {_price(choice)}"
        f"{f', {choice.drive.words()}' if choice.drive else ''}"
        f"{', call first' if choice.call_first else ''}"
        for choice in shown
    )


def _price(choice: Choice) -> str:
    if choice.regret is None:
        return choice.because
    minutes = round(choice.regret)
    return f"{minutes:+d}" if minutes else "no worse"


def _option(question: _Question, choice: Choice) -> tuple[str, str]:
    name = question.names.get(choice.to, choice.to)
    if choice.regret is None:
        return choice.to, f"{name} - {choice.because}"
    return choice.to, f"{name} ({_price(choice)}{', call first' if choice.call_first else ''})"
