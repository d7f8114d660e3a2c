"""The packet of a transfer as PDF, as FHIR IPS bundle and as C-CDA transfer summary."""

from __future__ import annotations

from functools import partial

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from wardlight.paper.packs.patient_sheets import page_frame
from wardlight.paper.transfers.going import going_of
from wardlight.paper.transfers.packet import packet
from wardlight.web.page import NOT_FOUND, Documents, desk_of
from wardlight.web.transfers.lines import hospital_words
from wardlight.web.transfers.single import found_case
from wardlight.wire.cda.transfer_summary import MEDIA

CONFLICT = 409
IN_A_DRILL = "This is a drill: no document for another hospital's system is made. Print the PDF."
FHIR_JSON = "application/fhir+json"


def routes() -> list[BaseRoute]:
    """Return the addresses of the documents; none holds anything of a patient."""
    return [
        Route("/transfers/{site}/{request}/packet.pdf", as_pdf),
        Route("/transfers/{site}/{request}/packet.json", as_fhir),
        Route("/transfers/{site}/{request}/packet.xml", as_cda),
    ]


async def as_pdf(request: Request) -> Response:
    """Hand out the packet to print."""
    found, _ = found_case(request)
    desk = desk_of(request)
    now, site = desk.clock(), desk.sites[found.site]
    # Another hospital's drill adds nothing to what a real patient takes along.
    views = desk.views if desk.views.downtimes.at(site.code).drill else desk.kept
    going = going_of(views, site, found, now=now, name_of=partial(hospital_words, desk))
    if going is None:
        raise HTTPException(NOT_FOUND, "This patient has no stay at this site to print.")
    frame = page_frame(desk.views, site, going.sheets.stay.location.unit, now=now)
    return _document(packet(going, frame, desk.press()).body, "application/pdf", "pdf")


async def as_fhir(request: Request) -> Response:
    """Hand out the summary as an International Patient Summary."""
    _, opened = found_case(request)
    documents = _documents(request)
    return _document(documents.fhir(opened.patient), FHIR_JSON, "json")


async def as_cda(request: Request) -> Response:
    """Hand out the transfer summary as C-CDA."""
    found, _ = found_case(request)
    documents = _documents(request)
    to = hospital_words(desk_of(request), found.heading())
    return _document(documents.cda(found, to), MEDIA, "xml")


def _documents(request: Request) -> Documents:
    """Return what makes documents; raises 409 in a drill: none of it may reach a real chart."""
    desk = desk_of(request)
    if desk.documents is None:
        raise HTTPException(NOT_FOUND, "This node makes no documents for other systems.")
    if desk.views.downtimes.at(request.path_params["site"]).drill:
        raise HTTPException(CONFLICT, IN_A_DRILL)
    return desk.documents


def _document(body: bytes, media: str, ending: str) -> Response:
    """Return a document under a name that says nothing of the patient."""
    shown = "inline" if ending == "pdf" else "attachment"
    name = f'{shown}; filename="transfer-packet.{ending}"'
    return Response(body, media_type=media, headers={"content-disposition": name})
