from __future__ import annotations

import msgspec
import pytest
from tests.views.entries import MOON, STAR, SUN, Story, person, step
from tests.views.patients.similar_cases import CASES, TABLE, TODAY, Case

from wardlight.record.events.stays import Step
from wardlight.record.identity import Identifier, PatientKey, PersonName
from wardlight.views.fold import Views
from wardlight.views.patients.similar import (
    Held,
    LookedFor,
    alike_family,
    candidates,
    census_extract,
    look_alikes,
)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.says)
def test_who_looks_like_this_and_why(case: Case) -> None:
    assert candidates(case.looked, TABLE.rows, TODAY) == case.found


def test_nobody_is_chosen_however_much_alike() -> None:
    twin = Held(n=(("SAMPLE", "Ann"),), b="1958-03-09", s="F", i=("DT-00Q1-1C79",))
    looked = LookedFor(family="Sample", given="Ann", birth="1958-03-09", sex="F")
    assert [one.row for one in candidates(looked, [twin, twin], TODAY)] == [0, 1]


def test_at_most_twenty_are_shown_the_likeliest_first() -> None:
    rows = [Held(n=(("SAMPLE", "Ben"),))] * 30 + [Held(n=(("SAMPLE", "Ann"),))]
    found = candidates(LookedFor(family="Sample", given="Ann"), rows, TODAY)
    assert (len(found), found[0].row) == (20, 30)


def test_a_family_name_that_is_there_already_is_an_alert_whatever_its_accents() -> None:
    rows = [Held(n=(("O'Brien", "Sean"), ("Kelly", "Sean")))]
    assert alike_family(rows, "OBRIEN")
    assert not alike_family(rows, "Kelly")
    assert not alike_family([Held(n=(("", "Sean"),))], "")


def test_a_sex_typed_wrong_hides_nobody() -> None:
    looked = LookedFor(family="Okaf", sex="F")
    rows = [Held(n=(("OKAFOR", "Chidi"),), s="M")]
    [found] = candidates(looked, rows, TODAY)
    assert found.reasons == ("family name begins the same", "another sex on record")


def ward() -> Story:
    story = Story()
    story.told(step(Step.ADMIT, 0, "12"), persons=[person(STAR, "Star", "Ann", "1958-03-09")])
    story.told(
        step(Step.ADMIT, 0, "13", patient=MOON, visit="V|2"),
        persons=[person(MOON, "Moon", "Ben", "1971-02-02")],
    )
    story.told(
        step(Step.SEEN, 0, patient=SUN, visit="V|3"),
        persons=[person(SUN, "Sun", "Cleo", "1986-11-03")],
    )
    return story


def folded(story: Story) -> Views:
    views = story.views()
    for position in sorted(story.entries):
        views.apply(story.entries[position])
    return views


def test_a_node_finds_who_is_in_house_and_who_was_here_once() -> None:
    views = folded(ward())
    for looked, patient in (
        (LookedFor(family="Starr", birth="1958-03-09"), STAR),
        (LookedFor(birth="1986-11-03"), SUN),
        (LookedFor(number="705"), MOON),
    ):
        assert [one.patient for one in look_alikes(views, looked, TODAY)] == [patient]


def test_a_device_holds_who_is_in_house_and_no_protected_patient() -> None:
    story = ward()
    hidden = PatientKey("MMH|709")
    story.told(
        step(Step.ADMIT, 1, "14", patient=hidden, visit="V|9"),
        persons=[msgspec.structs.replace(person(hidden, "Hidden", "Cy"), protected=True)],
    )
    extract = census_extract(folded(story), "MMH", ["4E"])
    assert extract[0] == (
        STAR,
        {"n": (("Star", "Ann"),), "b": "1958-03-09", "i": ("704",), "p": extract[0][1]["p"]},
    )
    assert [patient for patient, _ in extract] == [STAR, MOON]
    assert census_extract(folded(story), "MMH", ["2N"]) == []


@pytest.mark.parametrize("family", ["Sample", "N" * 250, "é" * 250, '"\\' * 125])
def test_a_row_on_a_device_is_never_larger_than_500_bytes(family: str) -> None:
    story = Story()
    full = msgspec.structs.replace(
        person(STAR, family, "Ann", "1958-03-09"),
        other_names=tuple(PersonName(f"Older{n}" * 20, "Ann") for n in range(9)),
        identifiers=tuple(Identifier(value=str(n) * 30) for n in range(9)),
    )
    story.told(step(Step.ADMIT, 0, "12"), persons=[full])
    [(_, row)] = census_extract(folded(story), "MMH")
    assert len(msgspec.json.encode(row)) <= 500
    assert row["n"][0][0].rstrip("…") == family[: len(row["n"][0][0].rstrip("…"))]
