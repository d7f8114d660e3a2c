"""The allergies of somebody on a list, in one line."""

from __future__ import annotations

from wardlight.record.codes import AllergyState
from wardlight.views.facts import AllergyList
from wardlight.web.banner import agent_of


def allergy_words(allergies: AllergyList) -> str:
    """Return the allergies in one line; "not recorded" never looks like "none"."""
    if allergies.state is AllergyState.KNOWN:
        agents = (agent_of(fact) for fact in allergies.known)
        return ", ".join(f"{one.name} \N{EM DASH} {one.reaction}" for one in agents)
    return str(allergies.state).capitalize()
