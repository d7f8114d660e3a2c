"""The addresses of pages of a site and of its wards."""

from __future__ import annotations

from urllib.parse import quote, urlencode


def ward_url(site: str, unit: str) -> str:
    """Return the address of a ward board; a unit's name may hold anything a sender can type."""
    if unit.strip(".") == "":  # browsers walk up on dots, even when they are escaped
        return f"/ward/{quote(site, safe='')}/?{urlencode({'unit': unit})}"
    return f"/ward/{quote(site, safe='')}/{quote(unit, safe='')}"


def site_url(screen: str, site: str) -> str:
    """Return the address of a site's list."""
    return f"/{screen}/{quote(site, safe='')}"
