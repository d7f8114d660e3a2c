"""The driver: duplicates, the unread list, feeds, downtimes and charts in one place."""

from __future__ import annotations

from msgspec.structs import replace
from tests.views.entries import MOON, STAR, START, Story, at, entry_at, person, step

from wardlight.record import catalogue
from wardlight.record.codes import AllergyState, Coded
from wardlight.record.events.charting import AllergiesReported, Allergy, AllergyChange, Change
from wardlight.record.events.stays import PatientsMerged, Step
from wardlight.record.identity import PatientKey
from wardlight.record.problems import Problem
from wardlight.record.reading import Charted, Headline, Stamp
from wardlight.views.fold import Applied
from wardlight.views.links import EXPECTED_UNKNOWN_MS
from wardlight.views.services.downtimes import blind, declaration

LATEX = AllergiesReported(
    changes=(
        AllergyChange(key="latex", change=Change.ADD, allergy=Allergy(agent=Coded("", "latex"))),
    )
)


def charting(story: Story, patient: PatientKey = STAR) -> int:
    """Write an entry that says something for a patient's chart; return its position."""
    entry = story.say(Headline(what="ADT^A08", occurred=START, charted=(patient,)))
    stamp = Stamp(START, START, entry.source, entry.position)
    story.charted[entry.position] = (Charted(patient, stamp, LATEX),)
    return entry.position


def test_the_same_message_twice_has_one_effect_and_is_counted() -> None:
    story = Story()
    views = story.views()
    once = Headline(what="ADT^A01", identity=b"i" * 16, content=b"c" * 16, occurred=START)
    assert views.apply(story.say(once)) is Applied.APPLIED
    assert views.apply(story.say(once)) is Applied.DUPLICATE
    row = views.links.row("EHR@MMH", START)
    assert row is not None
    assert (row.received, row.duplicates) == (2, 1)


def test_without_an_id_the_time_of_sending_tells_two_messages_apart() -> None:
    story = Story()
    views = story.views()
    resumed = Headline(what="RDE^O11", content=b"c" * 16, occurred=START, sent=at(0))
    again = replace(resumed, sent=at(30))
    assert views.apply(story.say(resumed)) is Applied.APPLIED
    assert views.apply(story.say(resumed)) is Applied.DUPLICATE
    assert views.apply(story.say(again)) is Applied.APPLIED


def test_the_same_id_with_other_content_is_applied_and_flagged() -> None:
    story = Story()
    views = story.views()
    for content in (b"c" * 16, b"d" * 16):
        headline = Headline(what="ADT^A01", identity=b"i" * 16, content=content, occurred=START)
        applied = views.apply(story.say(headline))
    assert applied is Applied.REPEATED_ID
    row = views.links.row("EHR@MMH", START)
    assert row is not None
    assert row.anomalies == (("same id, other content", 1),)


def test_what_is_not_understood_is_on_the_unread_list_with_its_reason() -> None:
    story = Story()
    views = story.views()
    reason = Problem("not-hl7", "MSH", "no line begins with a message header (MSH)")
    assert views.apply(story.say(Headline(what="not HL7", unread=reason))) is Applied.UNREAD
    (row,) = views.unread.rows()
    assert (row.code, row.because, views.unread.count) == ("not-hl7", reason.because, 1)


def test_a_chart_is_folded_when_it_is_asked_for_and_again_after_news() -> None:
    story = Story()
    views = story.views()
    assert views.chart(STAR).allergies.state is AllergyState.NOT_RECORDED
    charting(story)
    views.apply(story.entries[1])
    assert views.chart(STAR).allergies.state is AllergyState.KNOWN


def test_an_opened_chart_is_not_read_again_until_there_is_news() -> None:
    story = Story()
    views = story.views()
    charting(story)
    views.apply(story.entries[1])
    first = views.chart(STAR)
    story.charted.clear()
    assert views.chart(STAR) is first


def test_after_a_merge_the_chart_holds_what_was_said_of_both() -> None:
    story = Story()
    views = story.views()
    charting(story, MOON)
    views.apply(story.entries[1])
    views.chart(STAR)
    views.apply(story.told(PatientsMerged(survivor=STAR, retired=MOON, at=at(1))))
    assert [f.allergy.agent.text for f in views.chart(STAR).allergies.known] == ["latex"]
    assert views.chart(MOON) == views.chart(STAR)


def test_another_patients_part_of_a_message_is_not_in_the_chart() -> None:
    story = Story()
    views = story.views()
    entry = story.say(Headline(what="ORU^R01", occurred=START, charted=(STAR, MOON)))
    stamp = Stamp(START, START, entry.source, entry.position)
    story.charted[entry.position] = (Charted(MOON, stamp, LATEX),)
    views.apply(entry)
    assert views.chart(STAR).allergies.state is AllergyState.NOT_RECORDED
    assert views.chart(MOON).allergies.state is AllergyState.KNOWN


def test_a_feed_is_silent_when_it_breaks_its_own_rhythm() -> None:
    story = Story()
    views = story.views()
    for minute in range(0, 26 * 60, 2):
        views.apply(story.told(step(Step.UPDATE, minute / 60, "12")))
    last = at(26 - 2 / 60)
    quiet, silent = (views.links.row("EHR@MMH", at(hours)) for hours in (26, 26.5))
    assert quiet is not None
    assert silent is not None
    assert (quiet.silent, silent.silent, silent.last_heard) == (False, True, last)


def test_a_backlog_in_one_burst_is_not_taken_for_a_feed_that_never_rests() -> None:
    story = Story()
    views = story.views()
    for hour in range(30):
        headline = Headline(what="SIU^S12", occurred=at(hour), sent=at(hour))
        views.apply(story.say(headline, recorded=at(30)))
    row = views.links.row("EHR@MMH", at(31))
    assert row is not None
    assert (row.silent, row.expected_gap_ms) == (False, 90 * 60_000)


def test_a_new_feed_is_given_the_usual_twenty_minutes() -> None:
    story = Story()
    views = story.views()
    views.apply(story.told(step(Step.ADMIT, 0, "12")))
    row = views.links.row("EHR@MMH", at(1))
    assert row is not None
    assert (row.expected_gap_ms, row.silent) == (EXPECTED_UNKNOWN_MS, True)


def test_a_declared_downtime_has_a_blind_window_since_the_last_word() -> None:
    story = Story()
    views = story.views()
    views.apply(story.told(step(Step.ADMIT, 0, "12")))
    declared = replace(
        entry_at(2, at(1)),
        kind=catalogue.DOWNTIME_DECLARED,
        body=declaration(at(0.5), drill=True),
    )
    views.apply(declared)
    downtime = views.downtimes.at("MMH")
    assert (downtime.off_since, downtime.drill) == (at(0.5), True)
    assert blind(downtime, views.links.site_as_of("MMH")) == (at(0), at(0.5))
    views.apply(replace(declared, position=3, kind=catalogue.DOWNTIME_ENDED))
    assert views.downtimes.at("MMH").off_since is None


def test_trouble_on_a_link_is_named_on_its_feed() -> None:
    story = Story()
    views = story.views()
    trouble = replace(entry_at(1, at(0)), kind=catalogue.LINK_TROUBLE, body=b"TLS failed")
    views.apply(trouble)
    row = views.links.row("EHR@MMH", at(0))
    assert row is not None
    assert (row.trouble, row.last_heard) == ("TLS failed", None)


def test_everything_is_the_same_after_a_restart() -> None:
    story = Story()
    views = story.views()
    views.apply(story.told(step(Step.ADMIT, 0, "12"), persons=[person(STAR, "Starling")]))
    charting(story)
    views.apply(story.entries[2])
    again = type(views).restored(
        views.snapshot(), story.read_headline, story.read_chart, story.fetch
    )
    assert again.position == views.position
    assert again.chart(STAR) == views.chart(STAR)
    assert again.people.search("star") == [STAR]
    assert again.links.rows(at(1)) == views.links.rows(at(1))
    assert again.snapshot() == views.snapshot()
