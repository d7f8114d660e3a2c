"""The menus of the bar: what a person finds under which word. A new screen gets its line here."""

from __future__ import annotations

from collections.abc import Callable

from msgspec import Struct

from wardlight.web.addresses import site_url


class Line(Struct, frozen=True):
    """One line of a menu; `of_site` when the page is one site's."""

    words: str
    screen: str
    of_site: bool = True


class Menu(Struct, frozen=True):
    """One menu as a page shows it: its name, and the lines with their addresses."""

    name: str
    lines: tuple[tuple[str, str], ...]


ALWAYS = (
    Line("Register", "register"),
    Line("ED log", "ed"),
    Line("Orders", "orders"),
    Line("Lab", "laboratory"),
)
MENUS: tuple[tuple[str, tuple[Line, ...]], ...] = (
    (
        "Region",
        (
            Line("Services", "services"),
            Line("Where to go", "destinations", of_site=False),
            Line("Dispatcher's board", "ems", of_site=False),
            Line("Map", "map", of_site=False),
            Line("Neighbours", "neighbours", of_site=False),
            Line("Transfers", "transfers"),
            Line("Where was everybody", "whereabouts"),
            Line("What the public reads", "public", of_site=False),
        ),
    ),
    (
        "Clinics",
        (
            Line("Schedule", "clinics"),
            Line("Triage", "triage"),
            Line("Theatre cases", "theatre"),
            Line("Reschedule", "reschedule"),
            Line("Calls", "calls"),
            Line("Callers", "inbound"),
            Line("Who has been told", "contact-numbers"),
        ),
    ),
    (
        "Paper",
        (
            Line("Forms and sheets", "paper"),
            Line("Printers", "printers"),
            Line("Scans", "scans"),
        ),
    ),
    (
        "More",
        (
            Line("Expected", "expected"),
            Line("Left", "left"),
            Line("Look-alikes", "duplicates"),
            Line("To look at", "look-at"),
            Line("Feeds", "feeds", of_site=False),
            Line("Unread", "unread", of_site=False),
            Line("Declare", "declare", of_site=False),
            Line("My sign-in", "my-sign-in", of_site=False),
            Line("People", "people", of_site=False),
            Line("Stations", "stations", of_site=False),
            Line("Audit", "audit", of_site=False),
            Line("This station", "station", of_site=False),
        ),
    ),
)


def menus(opens: Callable[[str], bool], site: str) -> tuple[Menu, ...]:
    """Return the menus of somebody for whom these screens open, without empty ones.

    `site` is the one a page is of; "" where it is of several: lists of one site are left out then.
    """
    made = (Menu(name, shown_lines(lines, opens, site)) for name, lines in MENUS)
    return tuple(menu for menu in made if menu.lines)


def shown_lines(
    lines: tuple[Line, ...], opens: Callable[[str], bool], site: str
) -> tuple[tuple[str, str], ...]:
    """Return the words and address of each line that opens."""
    return tuple(
        (line.words, site_url(line.screen, site) if line.of_site else f"/{line.screen}")
        for line in lines
        if opens(line.screen) and (site or not line.of_site)
    )
