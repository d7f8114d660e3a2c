from __future__ import annotations

import random

from hypothesis import given as whatever
from hypothesis import settings
from hypothesis import strategies as st
from tests.examples import examples
from tests.views.bedside.charting_builders import (
    PATIENT,
    chart_of,
    charted,
    given,
    medicine,
    ordered,
)

from wardlight.record.codes import (
    AllergyState,
    Coded,
    DoseState,
    OrderKind,
    OrderState,
    ResultState,
)
from wardlight.record.events.charting import (
    AlertReported,
    AllergiesReported,
    Allergy,
    AllergyChange,
    Change,
    ChartEvent,
    Contact,
    ContactsReported,
    DietReported,
    DocumentFiled,
    DoseOfVaccine,
    DoseRecorded,
    MedicationDetail,
    Observation,
    OrderChanged,
    ProblemChange,
    ProblemsReported,
    ResultsReported,
    Timing,
)
from wardlight.record.identity import PatientKey
from wardlight.record.instants import HOUR, Instant, Moment
from wardlight.record.reading import Charted, Stamp
from wardlight.views.bedside.mar import mar
from wardlight.views.laboratory.results import results
from wardlight.views.patients.chart import fold_chart


def problem(key: str, change: Change = Change.ADD) -> ProblemChange:
    return ProblemChange(key=key, change=change, problem=Coded(text=key))


def diagnosed(*keys: str, replaces: bool = True, group: str = "V1|A") -> ProblemsReported:
    return ProblemsReported(
        changes=tuple(problem(key) for key in keys), replaces=replaces, group=group
    )


def test_an_empty_chart_knows_nothing_and_says_so() -> None:
    chart = chart_of()
    assert chart.allergies.state is AllergyState.NOT_RECORDED
    assert (chart.orders_as_of, chart.doses_as_of, chart.results_as_of) == (None, None, None)
    assert not chart.has_dose_feed


def test_a_site_that_sends_doses_has_a_mar_for_a_patient_without_any() -> None:
    assert fold_chart(PATIENT, (), dose_feed=True).has_dose_feed


def test_the_chart_counts_the_entries_it_came_from() -> None:
    both = charted(1, ordered()), charted(1, given(1)), charted(2, given(2))
    assert chart_of(*both).entries == 2


def test_a_whole_set_of_diagnoses_ends_the_ones_it_leaves_out() -> None:
    chart = chart_of(charted(1, diagnosed("sepsis", "UTI")), charted(2, diagnosed("sepsis")))
    assert [(fact.problem.text, fact.ended) for fact in chart.problems] == [
        ("sepsis", False),
        ("UTI", True),
    ]


def test_a_set_of_one_visit_ends_nothing_of_another() -> None:
    chart = chart_of(charted(1, diagnosed("UTI", group="V0|A")), charted(2, diagnosed("sepsis")))
    assert [fact.ended for fact in chart.problems] == [False, False]


def test_an_empty_set_of_diagnoses_is_silence() -> None:
    chart = chart_of(charted(1, diagnosed("UTI")), charted(2, diagnosed()))
    assert [fact.ended for fact in chart.problems] == [False]


def test_a_resolved_problem_is_ended_with_its_date() -> None:
    resolved = ProblemChange(
        key="UTI",
        change=Change.UPDATE,
        problem=Coded(),
        resolved=Moment(Instant(2 * HOUR)),
    )
    chart = chart_of(
        charted(1, diagnosed("UTI")),
        charted(2, ProblemsReported(changes=(resolved,), group="V1|A")),
    )
    (fact,) = chart.problems
    assert (fact.problem.text, fact.ended, fact.resolved) == ("UTI", True, resolved.resolved)


def test_contacts_are_added_up_and_a_phone_not_stated_stays() -> None:
    wife = Contact(key="w", name="EXAMPLE, Ada", relation="SPO", phones=("555 0100",))
    chart = chart_of(
        charted(1, ContactsReported(contacts=(wife,))),
        charted(2, ContactsReported(contacts=(Contact(key="w", name="EXAMPLE, Ada"),))),
        charted(3, ContactsReported(contacts=(Contact(key="b", name="EXAMPLE, Bo"),))),
    )
    assert [(fact.contact.name, fact.contact.phones) for fact in chart.contacts] == [
        ("EXAMPLE, Ada", ("555 0100",)),
        ("EXAMPLE, Bo", ()),
    ]


def test_a_complete_list_of_contacts_replaces_its_own_sources() -> None:
    def one(key: str, *, replaces: bool = False) -> ContactsReported:
        return ContactsReported(contacts=(Contact(key=key, name=key),), replaces=replaces)

    chart = chart_of(
        charted(1, one("a")),
        charted(2, one("b"), source="clinic"),
        charted(3, one("c", replaces=True)),
    )
    assert [fact.contact.name for fact in chart.contacts] == ["b", "c"]


def test_cleared_contacts_are_gone() -> None:
    chart = chart_of(
        charted(1, ContactsReported(contacts=(Contact(key="a", name="a"),))),
        charted(2, ContactsReported(cleared=True)),
    )
    assert chart.contacts == ()


def test_conflicting_code_statuses_are_all_shown_newest_first() -> None:
    chart = chart_of(
        charted(1, AlertReported(alert="code status", text="full code")),
        charted(2, AlertReported(alert="code status", text="DNR"), source="orders"),
        charted(3, AlertReported(alert="falls", text="high risk")),
    )
    assert [fact.text for fact in chart.code_status()] == ["DNR", "full code"]


def test_an_alert_taken_back_is_gone_for_its_source_only() -> None:
    chart = chart_of(
        charted(1, AlertReported(alert="isolation", text="contact")),
        charted(1, AlertReported(alert="isolation", text="contact"), source="orders"),
        charted(2, AlertReported(alert="isolation", text="", on=False)),
    )
    assert [fact.stamp.source for fact in chart.alerts] == ["orders"]


def test_one_of_two_isolations_is_taken_back_by_its_words() -> None:
    chart = chart_of(
        charted(1, AlertReported(alert="isolation", text="contact")),
        charted(2, AlertReported(alert="isolation", text="droplet")),
        charted(3, AlertReported(alert="isolation", text="Contact", on=False)),
    )
    assert [fact.text for fact in chart.alerts] == ["droplet"]


def test_a_stopped_diet_is_gone_and_the_newest_is_first() -> None:
    chart = chart_of(
        charted(1, DietReported(number="D|1", text="NPO")),
        charted(2, DietReported(number="D|2", text="renal")),
        charted(3, DietReported(number="D|3", text="soft")),
        charted(4, DietReported(number="D|1", text="", on=False)),
    )
    assert [fact.text for fact in chart.diet] == ["soft", "renal"]


def test_a_dose_given_twice_is_shown_once() -> None:
    chart = chart_of(charted(1, given(1)), charted(2, given(1)))
    assert len(chart.doses) == 1


def test_a_dose_charted_in_error_is_taken_out() -> None:
    chart = chart_of(charted(1, given(1)), charted(2, given(1, removed=True)))
    assert chart.doses == ()
    assert chart.has_dose_feed


def test_a_corrected_dose_shows_the_correction() -> None:
    chart = chart_of(charted(1, given(1)), charted(2, given(1, state=DoseState.REFUSED)))
    assert [dose.state for dose in chart.doses] == [DoseState.REFUSED]


def test_a_dose_is_linked_to_its_order_by_either_number() -> None:
    chart = chart_of(
        charted(1, ordered("NW", "RX|1", medicine(), other_number="CPOE|9")),
        charted(2, given(2, order="CPOE|9")),
        charted(3, given(3, order="RX|1")),
    )
    assert [dose.order for dose in chart.doses] == ["RX|1", "RX|1"]


def test_a_refused_vaccine_is_a_fact() -> None:
    shot = DoseOfVaccine(
        vaccine=Coded(text="influenza"), at=Moment(Instant(HOUR)), state=DoseState.REFUSED
    )
    assert [fact.state for fact in chart_of(charted(1, shot)).vaccines] == [DoseState.REFUSED]


def test_a_replaced_or_removed_document_is_gone() -> None:
    chart = chart_of(
        charted(1, DocumentFiled(number="T|1", title="H&P")),
        charted(2, DocumentFiled(number="T|2", title="H&P", replaces="T|1")),
        charted(3, DocumentFiled(number="T|3", title="Letter")),
        charted(4, DocumentFiled(number="T|3", title="Letter", removed=True)),
    )
    assert [document.number for document in chart.documents] == ["T|2"]


few = st.sampled_from(["", "A|1", "A|2", "B|1"])
words = st.sampled_from([Coded(), Coded(text="x"), Coded(code="29463-7", text="y", system="LN")])
moments = st.builds(
    Moment,
    st.sampled_from([0, HOUR, 2 * HOUR, -(10**15), 10**16]).map(Instant),
    st.sampled_from([4, 8, 12, 14]),
)
patterns = st.sampled_from(["", "BID", "Q6H", "PRN", "C", "QMWF", "STAT", "Q2D"])
timings = st.builds(
    Timing,
    pattern=patterns,
    times=st.sampled_from([(), ("08:00",), ("?",)]),
    starts=st.none() | moments,
    ends=st.none() | moments,
)
details = st.builds(MedicationDetail, drug=words, dose=few, verified=st.booleans(), timing=timings)
controls = st.sampled_from(
    ["", "NW", "XO", "RO", "RP", "RU", "HD", "RL", "DC", "CA", "UD", "OK", "SC", "ZZ"]
)
changes = st.builds(
    AllergyChange,
    key=few,
    change=st.sampled_from(Change),
    allergy=st.builds(Allergy, agent=words, severity=few),
)
lines = st.builds(
    Observation,
    test=words,
    sub=st.sampled_from(["", "1"]),
    value=st.sampled_from(["", "5", "61.5", "text"]),
    state=st.sampled_from(ResultState),
    at=st.none() | moments,
    kind=st.sampled_from(["NM", "TX", ""]),
)
events: st.SearchStrategy[ChartEvent] = st.one_of(
    st.builds(
        AllergiesReported,
        changes=st.lists(changes, max_size=3).map(tuple),
        replaces=st.booleans(),
        cleared=st.booleans(),
        none_known=st.booleans(),
    ),
    st.builds(
        OrderChanged,
        number=few,
        other_number=few,
        control=controls,
        kind=st.sampled_from(OrderKind),
        state=st.sampled_from(OrderState),
        what=words,
        detail=st.none() | details,
        replaces=few,
        ordered=st.none() | moments,
        timing=timings,
        full=st.booleans(),
    ),
    st.builds(
        DoseRecorded,
        order=few,
        drug=words,
        at=moments,
        state=st.sampled_from(DoseState),
        removed=st.booleans(),
    ),
    st.builds(
        ResultsReported,
        number=few,
        other_number=few,
        test=words,
        state=st.sampled_from(ResultState),
        collected=st.none() | moments,
        reported=st.none() | moments,
        observations=st.lists(lines, max_size=4).map(tuple),
    ),
    st.builds(AlertReported, alert=few, text=few, on=st.booleans()),
    st.builds(DietReported, number=few, text=few, on=st.booleans()),
    st.builds(DocumentFiled, number=few, title=few, replaces=few, removed=st.booleans()),
    st.builds(DoseOfVaccine, vaccine=words, at=moments),
    st.builds(
        ProblemsReported,
        changes=st.lists(
            st.builds(ProblemChange, key=few, change=st.sampled_from(Change), problem=words),
            max_size=3,
        ).map(tuple),
        replaces=st.booleans(),
        group=few,
    ),
    st.builds(
        ContactsReported,
        contacts=st.lists(st.builds(Contact, key=few, name=few), max_size=3).map(tuple),
        replaces=st.booleans(),
        cleared=st.booleans(),
    ),
)


@st.composite
def histories(draw: st.DrawFn, per_entry: int = 2) -> list[Charted]:
    """Return statements in order, so many to an entry; the times of entries are distinct."""
    said = draw(st.lists(events, max_size=12))
    sources = st.sampled_from(["adt", "pharmacy"])
    patients = st.sampled_from([PATIENT, PatientKey("NORTH|OLD")])
    return [
        Charted(
            draw(patients),
            Stamp(Instant(at * HOUR), Instant(at * HOUR), draw(sources), position=at),
            event,
        )
        for at, event in ((count // per_entry, event) for count, event in enumerate(said))
    ]


def by_time(said: list[Charted]) -> list[Charted]:
    return sorted(said, key=lambda one: (one.stamp.occurred, one.stamp.position))


@settings(max_examples=examples(150), deadline=None)
@whatever(histories())
def test_folding_twice_equals_once(said: list[Charted]) -> None:
    assert fold_chart(PATIENT, by_time(said + said)) == fold_chart(PATIENT, said)


@settings(max_examples=examples(50), deadline=None)
@whatever(histories(per_entry=1), st.randoms(use_true_random=False))
def test_shuffled_and_sorted_equals_ordered(said: list[Charted], chance: random.Random) -> None:
    shuffled = list(said)
    chance.shuffle(shuffled)
    assert fold_chart(PATIENT, by_time(shuffled)) == fold_chart(PATIENT, said)


@settings(max_examples=examples(150), deadline=None)
@whatever(histories(), st.none() | st.just((Instant(HOUR), Instant(2 * HOUR))))
def test_no_history_breaks_the_chart_the_mar_or_the_results(
    said: list[Charted], blind: tuple[Instant, Instant] | None
) -> None:
    chart = fold_chart(PATIENT, said)
    now = Instant(3 * HOUR)
    shown = mar(chart, now=now, zone="America/New_York", blind=blind)
    assert len(shown.rows) == len(chart.medications())
    assert results(chart, now=now).since == -69 * HOUR
