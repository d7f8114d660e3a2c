"""The words agents say and letters hold, by name and language, as a table a site replaces.

Shipped texts are a start: each has to be approved by the site, word by word, and says so until it
is. What a site approved on the node stands before the table.
"""

from __future__ import annotations

from hashlib import sha256

from msgspec import Struct

from wardlight.record.events.triage import Decision
from wardlight.record.instants import Instant
from wardlight.record.problems import Problem
from wardlight.rules.table_lines import numbered
from wardlight.views.clinics.cases import Case
from wardlight.views.clinics.inbound import Inbound

COLUMNS = ("name", "language", "use", "text")
ENGLISH = "en"
LANGUAGES = {"en": "English", "es": "Spanish", "pt": "Portuguese"}
_NAMES = {
    "english": "en",
    "eng": "en",
    "spanish": "es",
    "spa": "es",
    "español": "es",
    "portuguese": "pt",
    "por": "pt",
    "português": "pt",
}
SCAM = "scam"
NOT_APPROVED = "NOT YET APPROVED BY THIS SITE"
TEXT_MAX = 2_000


class Text(Struct, frozen=True, gc=False):
    """One text in one language, and who answers for it; "" while nobody does."""

    name: str
    language: str
    text: str
    use: str = ""
    approved_by: str = ""
    version: str = ""

    def named(self) -> str:
        """Return what an entry calls it: name, language and which version of the words."""
        return f"{self.name}/{self.language}/{self.version}"


class ContactTexts(Struct, frozen=True):
    """The texts of a site's table."""

    texts: tuple[Text, ...]

    def names(self, use: str) -> tuple[str, ...]:
        """Return the names of the texts for one use, in the order of the table."""
        return tuple(dict.fromkeys(one.name for one in self.texts if one.use == use))

    def languages(self) -> tuple[str, ...]:
        """Return the languages there are texts in."""
        return tuple(dict.fromkeys(one.language for one in self.texts))

    def with_missing(self, shipped: ContactTexts) -> ContactTexts:
        """Return these texts, and the shipped ones under names a site's table does not have.

        A site's table may be older than a name; no page may stop for that.
        """
        known = {one.name for one in self.texts}
        return ContactTexts((*self.texts, *(one for one in shipped.texts if one.name not in known)))

    def find(self, name: str, language: str) -> Text | None:
        """Return a text in a language, else in English; None for a name there is not."""
        for wanted in (language, ENGLISH):
            for one in self.texts:
                if (one.name, one.language) == (name, wanted):
                    return one
        return None


def read_contact_texts(text: str) -> ContactTexts | Problem:
    """Return the texts of a table; a problem names the first line that cannot be used."""
    rows = numbered(text)
    if not rows or tuple(rows[0][1].split("\t")) != COLUMNS:
        return _unusable(1, "the columns are not those of a table of texts")
    texts = []
    for number, line in rows[1:]:
        cells = line.split("\t")
        if len(cells) != len(COLUMNS) or not all(one.strip() for one in cells):
            return _unusable(number, "a column is missing or empty")
        if len(cells[3]) > TEXT_MAX:
            return _unusable(number, f"a text has at most {TEXT_MAX} letters")
        name, language, use, words = cells
        texts.append(Text(name, language, words, use, "", version_of(words)))
    missing = [one for one in {text.language for text in texts} if not _has(texts, SCAM, one)]
    if missing:
        return _unusable(1, f"the statement on fraud is missing in {', '.join(sorted(missing))}")
    return ContactTexts(tuple(texts))


def _has(texts: list[Text], name: str, language: str) -> bool:
    return any((one.name, one.language) == (name, language) for one in texts)


def _unusable(line: int, because: str) -> Problem:
    return Problem("table.unusable", f"contact_texts.tsv, line {line}", because)


def version_of(words: str) -> str:
    """Return what tells one wording from another."""
    return sha256(words.encode()).hexdigest()[:6]


def language_of(stated: str) -> str:
    """Return the code of a language as systems state it: `es`, `spa`, `Spanish`, `es-US`."""
    plain = stated.strip().casefold()
    return _NAMES.get(plain, plain.partition("-")[0].partition("_")[0])


class Wording(Struct, frozen=True):
    """What a site's texts are now: its own approved ones before the table's."""

    table: ContactTexts
    approved: Inbound
    site: str
    now: Instant

    def text(self, name: str, language: str) -> Text:
        """Return a text in a language, else in English. The name is one of the table's."""
        code = language_of(language)
        found = self.table.find(name, code)
        assert found is not None, "a screen asks for a text of the table"
        for wanted in dict.fromkeys((code, found.language)):
            row = self.approved.approved(self.site, name, wanted, self.now)
            if row is not None:
                words = row.said.text
                return Text(name, wanted, words, found.use, row.said.approved_by, version_of(words))
        return found


def filled(words: str, **values: str) -> str:
    """Return a text with its places filled in; a place nobody fills stays empty."""
    for name in ("name", "when", "new", "site", "phone"):
        words = words.replace(f"{{{name}}}", values.get(name, ""))
    return " ".join(words.split())


def script_of(case: Case) -> str:
    """Return which text tells a visit's plan."""
    assert case.verdict is not None, "nothing is told before it is decided"
    match case.verdict.line.decision:
        case Decision.GO:
            return "go"
        case Decision.CANCEL:
            return "cancel"
        case Decision.TRANSFER:
            return "transfer"
        case Decision.POSTPONE:
            return "moved" if case.move is not None else "postpone"
