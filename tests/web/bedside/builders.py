"""What a ward writes in a night, for tests of the bedside screens."""

from __future__ import annotations

from tests.web.screens import Screens, patient

HANDLE = patient().removeprefix("/patient/")
HOSTILE = "<img src=x onerror=alert(1)>\"'&{{7*7}}"
INERT = "&lt;img src=x onerror=alert(1)&gt;"
MEDICINE = (
    *(("order_kind", "medication"), ("drug", "hydralazine"), ("amount", "25"), ("unit", "mg")),
    *(("route", "oral"), ("pattern", "every 8 hours"), ("prescriber", "Dr Ruiz-Sample")),
    *(("contact", "5512"), ("read_back_by", "RN Mensah-Sample")),
)


def order_medicine(ward: Screens, *more: tuple[str, str], id: str = "a" * 32) -> str:  # noqa: A002 -- the word of the protocol
    """Order a medicine; return its number."""
    given = {name for name, _ in more}
    fields = (*((name, value) for name, value in MEDICINE if name not in given), *more)
    answer = ward.enter("order.written", HANDLE, fields, id=id)
    assert answer.status_code == 200, answer.text
    return f"WARDLIGHT|{id}"


def check_order(ward: Screens, number: str, check: str, note: str = "") -> None:
    """Say something of an order."""
    fields = (("order", number), ("check", check), ("note", note))
    answer = ward.enter("order.checked", HANDLE, fields)
    assert answer.status_code == 200, answer.text
