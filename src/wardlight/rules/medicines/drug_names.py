"""Which ingredients and classes a name means: whole words of the site's table, nothing guessed.

A name that is not in the table means nothing here, and whoever asks has to say so.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from msgspec import Struct

from wardlight.record.codes import Coded
from wardlight.record.events.charting import MedicationDetail
from wardlight.rules.medicines.drug_tables import Named, Tables, words_of

_RXNORM = frozenset(
    {"rxnorm", "2.16.840.1.113883.6.88", "http://www.nlm.nih.gov/research/umls/rxnorm"}
)
_DILUENTS = "diluents"
NAMES_KEPT_MAX = 8_192  # a chart names the same few medicines at every dose
_NAME_WORDS_MAX = 6
_TEXT_WORDS_MAX = 200


class Drug(Struct, frozen=True):
    """What a name means. `classes` are those of the ingredients and those named themselves."""

    words: str
    ingredients: tuple[str, ...] = ()
    classes: frozenset[str] = frozenset()
    named: frozenset[str] = frozenset()  # classes that were named: "penicillins", "sulfa"

    def is_known(self) -> bool:
        """Return whether the table knows anything of it."""
        return bool(self.ingredients or self.classes)


@lru_cache(maxsize=NAMES_KEPT_MAX)
def drug_of(what: Coded, tables: Tables, parts: tuple[str, ...] = ()) -> Drug:
    """Return what a medicine is; `parts` are the components of an infusion in words.

    What only carries a medicine (saline, water) does not count beside it, and a class that is
    named counts only where no ingredient is.
    """
    found = _named(what, tables, parts)
    ingredients = [name for one in found for name in one.ingredients]
    carried = [name for name in ingredients if _DILUENTS not in tables.ingredients[name].classes]
    ingredients = list(dict.fromkeys(carried or ingredients))
    named = [one.class_name for one in found if one.class_name] if not ingredients else []
    return _drug(what.words(), ingredients, named, tables)


def drug_of_detail(detail: MedicationDetail, tables: Tables) -> Drug:
    """Return what an ordered medicine is, with the parts of a mixture."""
    return drug_of(detail.drug, tables, detail.components)


@lru_cache(maxsize=NAMES_KEPT_MAX)
def agent_of(what: Coded, tables: Tables) -> Drug:
    """Return what an allergy is to: every ingredient and every class it names."""
    found = _named(what, tables, ())
    ingredients = list(dict.fromkeys(name for one in found for name in one.ingredients))
    named = [one.class_name for one in found if one.class_name]
    return _drug(what.words(), ingredients, named, tables)


def _drug(words: str, ingredients: list[str], named: list[str], tables: Tables) -> Drug:
    classes = {one for name in ingredients for one in tables.ingredients[name].classes}
    return Drug(words, tuple(ingredients), frozenset(classes | set(named)), frozenset(named))


def _named(what: Coded, tables: Tables, parts: tuple[str, ...]) -> list[Named]:
    """Return what the words name; the code is asked only where they name nothing."""
    found = [one for text in (what.text, *parts) for one in _in_text(text, tables)]
    if not found and what.system.casefold() in _RXNORM and what.code in tables.codes:
        return [Named((tables.codes[what.code],))]
    return found or list(_in_text(what.code, tables))


def _in_text(text: str, tables: Tables) -> Iterator[Named]:
    words = words_of(text)[:_TEXT_WORDS_MAX]
    at = 0
    while at < len(words):
        step = 1
        for length in range(min(_NAME_WORDS_MAX, len(words) - at), 0, -1):
            meant = tables.names.get(words[at : at + length])
            if meant is not None:
                yield meant
                step = length
                break
        at += step
