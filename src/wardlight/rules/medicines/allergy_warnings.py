"""A medicine held against the allergies on the chart: by ingredient, by class, and not at all.

What cannot be compared is said. An allergy list that nobody has filled is never "none".
"""

from __future__ import annotations

from collections.abc import Iterator

from wardlight.record.codes import AllergyState
from wardlight.record.events.entered import Warned
from wardlight.rules.medicines.dosing import Code, Known, Subject, warned
from wardlight.rules.medicines.drug_names import Drug, agent_of
from wardlight.rules.medicines.drug_rows import Strength
from wardlight.rules.medicines.drug_tables import Tables, words_of
from wardlight.views.facts import AllergyFact

# HL7 table 0127: food, environment, animal, plant, pollen. A food that matters to a medicine is
# in the table (egg, soy, fish); one that is not there is no reason to stop at every dose.
_NO_DRUG = frozenset({"FA", "EA", "AA", "PA", "LA"})
_SHORT_WORD = 4  # "oral", "mg": words too short to tell a medicine by
_PLAIN_WORDS = frozenset(
    {
        *("sodium", "potassium", "calcium", "chloride", "sulfate", "acid", "tablet", "capsule"),
        *("injection", "solution", "oral", "topical", "cream", "extended", "release", "human"),
        *("allergy", "reaction", "drugs", "medication", "medicine", "unknown", "other"),
    }
)


def allergy_warnings(subject: Subject, known: Known) -> Iterator[Warned]:
    """Give what the allergies on the chart say of a medicine."""
    allergies = known.chart.allergies
    if allergies.state in (AllergyState.NOT_RECORDED, AllergyState.UNAVAILABLE):
        yield warned(
            Code.ALLERGIES_UNKNOWN,
            f"{allergies.state.value.capitalize()}: nobody has said whether there are any. "
            "Ask before giving.",
        )
    facts = allergies.known
    same = [fact for fact in facts if _is_same(fact, subject.drug, known.tables)]
    if same:
        yield warned(Code.ALLERGY_INGREDIENT, f"ALLERGY to {_listed(same)}.")
    others = [fact for fact in facts if fact not in same]
    alike = [(fact, why) for fact in others if (why := _alike(fact, subject.drug, known.tables))]
    if alike:
        said = "; ".join(f"{_listed([fact])}: {why}" for fact, why in alike)
        yield warned(Code.ALLERGY_CLASS, f"Allergy to {said}.")
    unread = [fact for fact in others if _cannot_compare(fact, subject.drug, known.tables)]
    if unread:
        yield warned(
            Code.ALLERGY_UNCHECKED,
            f"Not checked: the drug table does not know {_listed(unread)}. "
            f"Compare with {subject.drug.words} yourself.",
        )


def _listed(facts: list[AllergyFact]) -> str:
    said = []
    for fact in facts:
        allergy = fact.allergy
        what = " + ".join(allergy.reactions) or "reaction not recorded"
        said.append(f"{allergy.agent.words()} ({what})")
    return ", ".join(said)


def _is_same(fact: AllergyFact, drug: Drug, tables: Tables) -> bool:
    agent = agent_of(fact.allergy.agent, tables)
    if set(agent.ingredients) & set(drug.ingredients):
        return True
    if agent.is_known() and drug.is_known():
        return False
    return bool(_telling(fact.allergy.agent.words()) & _telling(drug.words))


def _telling(text: str) -> set[str]:
    """Return the words of a name that can tell one medicine from another."""
    words = {word for word in words_of(text) if len(word) > _SHORT_WORD and not word.isdigit()}
    return words - _PLAIN_WORDS


def _alike(fact: AllergyFact, drug: Drug, tables: Tables) -> str:
    """Return in words what an allergy says of the medicine by class; "" when nothing."""
    agent = agent_of(fact.allergy.agent, tables)
    found = [*_same_class(agent, drug, tables), *_crossing(agent, drug, tables)]
    found.sort(key=lambda one: one[0] is not Strength.CLASS)
    return found[0][1] if found else ""


def _same_class(agent: Drug, drug: Drug, tables: Tables) -> Iterator[tuple[Strength, str]]:
    for name, one in tables.classes.items():
        if name not in agent.classes or name not in drug.classes:
            continue
        if name in agent.named and _means_members(name, tables):
            yield Strength.CLASS, f"{drug.words} belongs to {one.words}"
        elif one.members is Strength.CLASS:
            yield Strength.CLASS, _with_note(f"{drug.words} shares {one.words}", one.note)
        elif one.members is Strength.LOOK:
            yield Strength.LOOK, _with_note(f"look, both are {one.words}", one.note)


def _means_members(name: str, tables: Tables) -> bool:
    """Return whether a class that is named means all its members (egg products do not)."""
    return not any(one.allergy == name == one.drug for one in tables.crosses)


def _crossing(agent: Drug, drug: Drug, tables: Tables) -> Iterator[tuple[Strength, str]]:
    for cross in tables.crosses:
        if cross.allergy in agent.classes and cross.drug in drug.classes:
            verb = "" if cross.strength is Strength.CLASS else "look, "
            yield (
                cross.strength,
                _with_note(
                    f"{verb}{drug.words} belongs to {tables.classes[cross.drug].words}", cross.note
                ),
            )


def _with_note(words: str, note: str) -> str:
    return f"{words} ({note})" if note else words


def _cannot_compare(fact: AllergyFact, drug: Drug, tables: Tables) -> bool:
    if fact.allergy.category.upper() in _NO_DRUG:
        return False
    return drug.is_known() and not agent_of(fact.allergy.agent, tables).is_known()
