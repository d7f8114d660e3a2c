"""Forms and sheets of a site: what can be printed, what is out, what is missing."""

from __future__ import annotations

from msgspec import Struct
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from wardlight.paper.forms.form import COPIES_MAX
from wardlight.paper.forms.form_file import Form, Whose
from wardlight.paper.packs.mar import FORM as MAR_FORM
from wardlight.views.paperwork.sheets import IssuedSheet, SheetState, Tally
from wardlight.web.access.sight import Sight, sight_of
from wardlight.web.banner import banner_of, open_patient, site_of
from wardlight.web.page import Content, Desk, Screen, answered, desk_of, shown
from wardlight.web.paperwork.bands import band_printers
from wardlight.web.paperwork.lines import line_of
from wardlight.web.paperwork.to_enter import waiting
from wardlight.web.times import Times

MISSING_SHOWN_MAX = 50


class UnitLine(Struct, frozen=True):
    """The counts of one unit."""

    unit: str
    tally: Tally


def routes() -> list[BaseRoute]:
    """Return the addresses of this screen."""
    return [
        Route("/paper/{site}", centre),
        Route("/patient/{handle}/paper", of_patient),
    ]


async def centre(request: Request) -> Response:
    """Show forms, counts and what is missing at a site."""
    return await answered(request, centre_screen(request))


def centre_screen(
    request: Request, wrong: str = "", code: str = "", *, first: str = "Nothing was printed."
) -> Screen:
    """Return the page; with `wrong`, it says why `first`, at the site of `code`."""
    site = desk_of(request).site(code or request.path_params["site"])
    sight = sight_of(request)

    async def make(desk: Desk, t: Times) -> Content:
        return _content(desk, site.code, t, sight) | {"wrong": wrong, "first": first}

    return Screen(template="paper.html", make=make, site=site.code, status=422 if wrong else 200)


def _content(desk: Desk, site: str, t: Times, sight: Sight) -> Content:
    register = desk.views.paperwork
    units = [one for one in register.units(site) if sight.unit(site, one)]
    missing = [one for one in register.missing(site) if sight.unit(site, one.job.unit)]
    census = [one.unit for one in desk.views.census.units(site) if sight.unit(site, one.unit)]
    library = desk.forms()
    return {
        "tally": register.tally(site),
        "units": [UnitLine(one, register.tally(site, one)) for one in units],
        "missing": [line_of(desk, one, t, sight) for one in missing[:MISSING_SHOWN_MAX]],
        "missing_all": len(missing),
        "strays": register.strays(site),
        "to_enter": sum(1 for _ in waiting(desk, site, sight)) if desk.scans else 0,
        "clashes": len(register.clashes(site)),
        "sets": sets_of(library.printable()),
        "all_forms": library.printable(),
        "wards": sorted({*census, *units}),
        "copies_max": COPIES_MAX,
        "problems": library.problems,
        "prints": desk.serials is not None,
        "sheet_printers": printers_of(desk, site),
    }


def printers_of(desk: Desk, site: str) -> list[str]:
    """Return the printers of a site that take sheets, by name."""
    found = desk.printing.printers(site) if desk.printing is not None else ()
    return [one.name for one in found if one.sheets]


def sets_of(forms: list[Form]) -> list[tuple[str, str]]:
    """Return the sets of forms by name, each with the codes in it as a form field sends them."""
    names = sorted({name for form in forms for name in form.sets})
    return [(name, ", ".join(form.title for form in forms if name in form.sets)) for name in names]


def _is_mar_out(sheet: IssuedSheet) -> bool:
    return sheet.form == MAR_FORM and sheet.state is SheetState.OUT


async def of_patient(request: Request) -> Response:
    """Show one patient's sheets, and print more for them."""
    opened = await open_patient(request)
    sight = sight_of(request)

    async def make(desk: Desk, t: Times) -> Content:
        people = desk.views.people
        sheets = desk.views.paperwork.of_patient(lambda key: people.resolve(key) == opened.patient)
        return {
            "tab": "paper",
            "banner": banner_of(desk, opened, t),
            "rows": [line_of(desk, one, t, sight) for one in sheets],
            "out": sum(one.state is SheetState.OUT for one in sheets),
            "handle": desk.handles.of(opened.patient),
            "forms": [one for one in desk.forms().newest() if one.whose is Whose.PATIENT],
            "band_printers": band_printers(desk, site),
            "here": opened.stay is not None,
            "prints": desk.serials is not None,
            "mars_out": sum(_is_mar_out(one) for one in sheets),
            "sheet_printers": printers_of(desk, site),
        }

    site = site_of(desk_of(request), opened)
    return await shown(request, Screen(template="paper_patient.html", make=make, site=site))
