"""The ward pack by WeasyPrint: census, and for each patient summary, results and MAR.

Identifiers, allergies, time, page n of m and a QR code on every page; A4, black and white.
Prints {"pages", "cpu_s"}, the import and the barcodes included.
"""

from __future__ import annotations

import html
import json
import os
import sys
from pathlib import Path
from typing import Any

STYLE = """
@page { size: A4; margin: 32mm 12mm 14mm; @top-left { content: element(head); width: 100% }
        @bottom-right { content: "page " counter(page) " of " counter(pages) } }
body { font: 9pt "DejaVu Sans"; } .head { position: running(head) } .head img { float: right;
width: 18mm } table { border-collapse: collapse; width: 100% } td, th { border: .5pt solid #000;
padding: 1mm; text-align: left } section { break-before: page } h2 { font-size: 12pt }
.allergy { border: 1.5pt solid #000; padding: 1mm; font-weight: bold }
"""
HOURS = range(0, 24, 2)


def table(head: list[str], rows: list[list[str]]) -> str:
    """Return an HTML table with every cell escaped."""
    top = "".join(f"<th>{html.escape(cell)}</th>" for cell in head)
    body = "".join(
        "<tr>" + "".join(f"<td>{html.escape(cell)}</td>" for cell in row) + "</tr>" for row in rows
    )
    return f"<table><thead><tr>{top}</tr></thead><tbody>{body}</tbody></table>"


def heading(text: str, below: str, code: str) -> str:
    """Return the running head: who this is, what they must not get, and the QR."""
    return f'<div class="head"><img src="{code}"><b>{html.escape(text)}</b><p>{below}</p></div>'


def qr(text: str) -> str:
    """Return a QR code as an SVG address."""
    import segno  # noqa: PLC0415 - its import is part of the cost

    return str(segno.make(text, error="m", mask=2).svg_data_uri())


def patient(one: dict[str, Any]) -> str:
    """Return the summary and the MAR of a patient."""
    name = f"{one['family']}, {one['given']}  {one['mrn']}  born {one['birth']} {one['sex']}"
    place = f"{one['unit']} {one['room']}-{one['bed']}"
    allergies = "; ".join(f"{what} ({reaction})" for what, _, reaction in one["allergies"])
    alert = f'<span class="allergy">ALLERGIES {html.escape(allergies)}</span>'
    results = [
        [r["name"], r["value"], r["unit"], r["range"], r["flag"], r["at"]] for r in one["results"]
    ]
    due = [
        [m["dose"], m["name"], m["route"], m["often"], *("" for _ in HOURS)]
        for m in one["medicines"]
    ]
    sheet = table(["Dose", "Medicine", "Route", "Often", *(f"{h:02d}" for h in HOURS)], due)
    seen = table(["Test", "Value", "Unit", "Range", "Flag", "Time"], results)
    facts = [[one["admitted"], one["doctor"], one["diagnosis"]]]
    return (
        f"<section>{heading(name, place + ' ' + alert, qr(one['mrn']))}<h2>Summary</h2>"
        f"{table(['Admitted', 'Doctor', 'Diagnosis'], facts)}"
        f"<h2>Results</h2>{seen}</section>"
        f"<section><h2>Medicines, next 24 hours</h2>"
        f"{sheet}</section>"
        f"<section><h2>Medicines, last 24 hours</h2>"
        f"{sheet}</section>"
    )


def census(ward: list[dict[str, Any]]) -> str:
    """Return the unit's list."""
    rows = [
        [f"{p['room']}-{p['bed']}", f"{p['family']}, {p['given']}", p["mrn"], p["birth"], p["sex"],
         "; ".join(a for a, _, _ in p["allergies"]), p["diagnosis"]]
        for p in ward
    ]  # fmt: skip
    head = ["Bed", "Name", "MRN", "Born", "Sex", "Allergies", "Diagnosis"]
    return heading("Census", ward[0]["unit"], qr("census")) + table(head, rows)


def main() -> None:
    from weasyprint import HTML  # noqa: PLC0415 - its import is part of the cost

    ward = json.loads(Path(sys.argv[1]).read_text())
    body = census(ward) + "".join(map(patient, ward))
    page = f"<html><head><style>{STYLE}</style></head><body>{body}</body></html>"
    document = HTML(string=page).render()
    document.write_pdf(sys.argv[2])
    spent = os.times()
    print(json.dumps({"pages": len(document.pages), "cpu_s": spent.user + spent.system}))


if __name__ == "__main__":
    main()
