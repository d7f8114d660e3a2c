"""The same decision for the ear and for a phone's small screen: a menu to be read, one message."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from wardlight.views.services.public_status import PublicLine, PublicNotice

MESSAGE_MAX = 160  # letters of one text message (GSM 03.38)


def phone_text(notice: PublicNotice) -> str:
    """Return a numbered script for the phone tree: welcome, emergency first, then the menu."""
    if not notice.phone:
        return ""
    welcome, press, person, again = notice.phone
    lines = [welcome.replace("{network}", notice.network), *notice.paragraphs]
    for number, (what, said) in enumerate(_choices(notice), 1):
        choice = press.replace("{number}", str(number)).replace("{what}", what)
        lines += ["", choice, *(f"   {number}: {one}" for one in said)]
    lines += ["", person, again, "", notice.card, notice.next]
    return "\n".join(lines).strip() + "\n"


def _choices(notice: PublicNotice) -> Iterator[tuple[str, tuple[str, ...]]]:
    if notice.emergency:
        yield notice.emergency_heading, tuple(map(_spoken, notice.emergency))
    if notice.visits:
        yield notice.visits_heading, tuple(map(_spoken, notice.visits))
    if notice.medicines:
        yield notice.hotline, (notice.medicines,)


def _spoken(one: PublicLine) -> str:
    return f"{one.where}. {one.what}. {one.says}"


def short_text(notice: PublicNotice) -> str:
    """Return whole sentences that fit one text message; the emergency and the phone come first."""
    if notice.withdrawn:
        return _fitting((*notice.paragraphs, notice.hotline))
    return _fitting((notice.paragraphs[1], notice.hotline, notice.paragraphs[0], notice.card))


def _fitting(sentences: Sequence[str]) -> str:
    said = ""
    for one in sentences:
        longer = f"{said} {one}".strip()
        if len(longer) <= MESSAGE_MAX:
            said = longer
    return said
