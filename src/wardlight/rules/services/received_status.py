"""What a neighbour's document says, as the form a person would have filled in on the phone.

It goes the way of every entry: the same rule judges it, and it counts for as long as a word on the
phone would, from the time the document was last updated. Its category is OTHER, with theirs in the
reason: our county's rules on an end, and on opening by itself, are not theirs. Nobody's file speaks
for a site of ours.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from hashlib import sha256

from msgspec import Struct

from wardlight.record import catalogue
from wardlight.record.events.services import NeighbourStated
from wardlight.record.instants import Instant, iso
from wardlight.record.services import DivertCategory, ServiceState
from wardlight.rules.asking import Asked, Author, Fields
from wardlight.views.services.service_rows import SILENCE_NEIGHBOUR_MS
from wardlight.wire.edxl.have_reading import HeardHospital, HeardService

ID_HEX = 32
AHEAD_MS_MAX = 5 * 60 * 1_000  # how far a neighbour's clock may be ahead of ours


class Heard(Struct, frozen=True):
    """One service of a neighbour to be judged; or a hospital that is left out, and why."""

    hospital: str
    asked: Asked | None
    because: str = ""


def heard_of(
    hospitals: Sequence[HeardHospital],
    neighbours: Collection[NeighbourStated],
    own: Collection[str],
    author: Author,
    where: tuple[str, Instant],
) -> Iterator[Heard]:
    """Give what is to be judged; `where` are the site it is written down at, and the time now."""
    site, now = where
    known = {one.code.casefold(): one.code for one in neighbours if one.code not in own}
    named = {one.name.casefold(): one.code for one in neighbours if one.code not in own}
    ours = {code.casefold() for code in own}
    codes = [_code_of(one, known, named) for one in hospitals]
    told = Counter(codes)
    for one, code in zip(hospitals, codes, strict=True):
        title = one.name or one.code or "a hospital without a name"
        if one.code.casefold() in ours:
            because = "a site of ours speaks for itself"
        elif not code:
            because = "it is not kept as a neighbour here: add it first"
        elif told[code] > 1:
            because = "the file tells of it more than once: ring them"
        else:
            because = _out_of_time(one, now) or _says_nothing(one)
        if because:
            yield Heard(title, None, because)
        else:
            for said in one.services:
                yield Heard(title, _asked(one, said, code, author, site))


def _out_of_time(one: HeardHospital, now: Instant) -> str:
    if one.updated > now + AHEAD_MS_MAX:
        return "its time of update is still to come: a clock is wrong"
    if one.updated <= now - SILENCE_NEIGHBOUR_MS:
        return "it is more than an hour old and says nothing of now: ring them"
    return ""


def _says_nothing(one: HeardHospital) -> str:
    return "" if one.services else "it says nothing about its services"


def _code_of(one: HeardHospital, known: Mapping[str, str], named: Mapping[str, str]) -> str:
    """Return which neighbour a file speaks of: by the code, else by the name; "" for none."""
    return known.get(one.code.casefold()) or named.get(one.name.casefold(), "")


def _asked(one: HeardHospital, said: HeardService, code: str, author: Author, site: str) -> Asked:
    fields = {
        "facility": code,
        "service": str(said.service),
        "state": str(said.state),
        "category": "" if said.state is ServiceState.OPEN else str(DivertCategory.OTHER),
        "reason": said.reason or ("" if said.state is ServiceState.OPEN else "not said"),
        "authorised_by": "as received",
        "heard": f"EDXL-HAVE file, updated {iso(one.updated)}",
    }
    named = (code, str(said.service), str(one.updated), str(said.state), said.reason)
    return Asked(
        id=sha256("\0".join(named).encode()).hexdigest()[:ID_HEX],
        kind=catalogue.SERVICE_STATED,
        site=site,
        author=author,
        fields=Fields(fields.items()),
        made=one.updated,
        skew=0,
    )
