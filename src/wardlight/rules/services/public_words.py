"""May this be told to the public? All languages at once, approved by a person, with an end."""

from __future__ import annotations

import re
from collections.abc import Iterator

from msgspec import structs

from wardlight.record.events.entered import Warned
from wardlight.record.events.public import PublicApproved, PublicText, PublicWithdrawn
from wardlight.record.instants import Instant
from wardlight.rules.asking import Accepted, Asked, Ground, Refusal
from wardlight.rules.form import Form
from wardlight.rules.times import TimeTrouble, made_at, planned

WORDS_MAX = 600  # of the words of the day, in each language
SENTENCE_WORDS_MAX = 20  # more than that is hard to read at ten years (plain-language guidance)
WAIT_MINUTES_MAX = 600
LONG_SENTENCE = "long-sentence"
NO_TABLE = "This node has no table of approved sentences. Call IT."
_ENDS = re.compile(r"[.!?\n]+")


def approve(asked: Asked, ground: Ground) -> Accepted | Refusal:
    """Approve what the public reads from now on, in every language of the site's table."""
    if ground.tables is None or not ground.tables.public:
        return Refusal(NO_TABLE)
    form = Form(asked, ground)
    texts = tuple(_text(form, one) for one in ground.tables.public)
    _all_or_none(form, texts)
    if not form.yes("read"):
        form.wrong["read"] = "Read every language first, then tick this."
    before = ground.views.public_words.newest()
    said = PublicApproved(
        texts=texts,
        approved_by=form.needed("approved_by", "Write who approves it: name and role."),
        hotline=form.needed("hotline", "Write the phone people may call."),
        wait_minutes=_wait(form),
        next_update=planned_next(form),
        replaces=before.name if before is not None else "",
    )
    return form.refusal() or Accepted(
        said=said, occurred=made_at(asked, ground), warnings=tuple(_warned(texts))
    )


def _text(form: Form, one: PublicText) -> PublicText:
    name = f"words_{one.language}"
    words = "\n".join(" ".join(line.split()) for line in form.text(name).splitlines()).strip()
    if len(words) > WORDS_MAX:
        form.wrong[name] = f"At most {WORDS_MAX} letters."
    return structs.replace(one, words=words)


def _all_or_none(form: Form, texts: tuple[PublicText, ...]) -> None:
    """Note a missing translation: nobody is told less because of their language."""
    if any(one.words for one in texts):
        for one in texts:
            if not one.words:
                form.wrong[f"words_{one.language}"] = "Write it in this language too."


def _wait(form: Form) -> int | None:
    typed = form.text("wait_minutes")
    if not typed:
        return None
    if not (typed.isascii() and typed.isdigit()) or int(typed[:6]) > WAIT_MINUTES_MAX:
        form.wrong["wait_minutes"] = "Write minutes as a whole number, or leave it empty."
        return None
    return int(typed)


def planned_next(form: Form) -> Instant:
    """Return by when the next update is promised; noted as wrong unless it is still to come."""
    found = planned(form.asked, form.ground, "next_at", "next_on")
    if isinstance(found, TimeTrouble):
        form.wrong["next_at"] = found
        return form.ground.now
    if found <= form.ground.now:
        form.wrong["next_at"] = "This time has passed. Write one that is still to come."
    return found


def _warned(texts: tuple[PublicText, ...]) -> Iterator[Warned]:
    for one in texts:
        longest = max((len(part.split()) for part in _ENDS.split(one.words)), default=0)
        if longest > SENTENCE_WORDS_MAX:
            words = f"{one.language}: a sentence of {longest} words is hard to read; cut it in two"
            yield Warned(LONG_SENTENCE, words, asks=False)


def withdraw(asked: Asked, ground: Ground) -> Accepted | Refusal:
    """Take back what the public reads; the page then says only that, and whom to call."""
    form = Form(asked, ground)
    current = ground.views.public_words.current()
    if current is None:
        return Refusal("Nothing is approved now, so there is nothing to take back.")
    if form.text("approval") != current.name:
        form.wrong["approval"] = form.because = "Something else was approved meanwhile: look again."
    said = PublicWithdrawn(
        approval=current.name,
        reason=form.needed("reason", "Write why."),
        withdrawn_by=form.needed("withdrawn_by", "Write who decided it: name and role."),
    )
    return form.refusal() or Accepted(said=said, occurred=made_at(asked, ground))
