"""What of a patient is printed into the boxes of a form, by the word its file uses for it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from wardlight.paper.head import banner
from wardlight.paper.packs.mar import mar
from wardlight.paper.packs.sheets import PatientSheets, UnitPack
from wardlight.paper.packs.summary import summary
from wardlight.record.instants import clinical_time

SHOWN_MAX = 12  # facts of one box; more are counted


def facts_of(sheets: PatientSheets, pack: UnitPack) -> Mapping[str, str]:
    """Return every fact that a box may ask for; what is not known says so."""
    said, head = summary(sheets, pack), banner(sheets, pack)
    stay, person = dict(said["stay"]), dict(said["person"])
    return {
        "weight": head["weight"],
        "height": person.get("Height", ""),
        "allergies": _allergies(head["allergies"]),
        "code_status": "; ".join(said["code_status"]),
        "alerts": "; ".join(said["alerts"]) or "none recorded",
        "problems": _some(said["problems"]) or "not recorded",
        "reason": stay.get("Reason", ""),
        "attending": stay.get("Attending", ""),
        "admitted": stay.get("Admitted", ""),
        "visit": stay.get("Visit", ""),
        "language": person.get("Language", ""),
        "phone": person.get("Phone", ""),
        "address": person.get("Address", ""),
        "contact": _some([f"{one['name']} {one['rest']}" for one in said["contacts"]]),
        "diet": person.get("Diet", ""),
        "pending": _some([one["what"] for one in said["pending"]]) or "none known here",
        "results": _some([one["what"] for one in _results(said)]) or "none of the last 72 h",
        "medicines": _some([one["line"] for one in _medicines(sheets, pack)]) or "none known here",
        "bed": head["bed"],
        "printed": clinical_time(pack.now, pack.zone),
    }


def rows_of(name: str, sheets: PatientSheets, pack: UnitPack) -> Sequence[Mapping[str, str]]:
    """Return the rows a table is filled with; empty for a list nobody knows."""
    if name == "pending":
        return [
            {"what": one["what"], "ordered": one["ordered"]}
            for one in summary(sheets, pack)["pending"]
        ]
    if name == "results":
        return _results(summary(sheets, pack))
    wanted = None if name == "medicines" else name
    return _medicines(sheets, pack, wanted)


def _medicines(
    sheets: PatientSheets, pack: UnitPack, section: str | None = None
) -> list[dict[str, str]]:
    """Return running medicines: the dose the nurse gives first, the stock strength nowhere."""
    rows = [
        row
        for one in mar(sheets, pack)["sections"]
        if section in (None, one["kind"])
        for row in one["rows"]
    ]
    return [
        {
            "dose": row["dose"],
            "drug": " ".join(part for part in (row["drug"], row["form"]) if part),
            "rate": row["rate"],
            "route": row["route"],
            "frequency": row["frequency"],
            "how": f"{row['route']}, {row['frequency']}",
            "last": row["last"],
            "next": row["next"],
            "state": row["state"],
            "indication": row["indication"],
            "line": f"{row['dose']} {row['drug']} {row['route']} {row['frequency']}",
        }
        for row in rows
    ]


def _results(said: Mapping[str, list[dict[str, str]]]) -> list[dict[str, str]]:
    return [
        {
            "what": f"{one['test']} {one['value']} {one['flags']}".strip(),
            "test": one["test"],
            "value": one["value"],
            "flags": one["flags"],
            "when": one["when"],
        }
        for one in said["analytes"]
    ]


def _allergies(strip: Mapping[str, object]) -> str:
    agents = strip["agents"]
    assert isinstance(agents, list), "a strip lists its agents"
    said = "; ".join(f"{one['name']} — {one['reaction']}".rstrip(" —") for one in agents)
    return f"{strip['heading']}: {said}" if said else f"{strip['heading']}. {strip['said']}"


def _some(lines: Sequence[str]) -> str:
    """Return a few lines as one text; how many are left out is said."""
    shown = "; ".join(lines[:SHOWN_MAX])
    left = len(lines) - SHOWN_MAX
    return f"{shown} … and {left} more: see the patient summary" if left > 0 else shown
