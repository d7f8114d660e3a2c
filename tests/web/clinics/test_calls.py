"""The screens of triage, calls, callers and numbers, and what is printed and sent from them."""

from __future__ import annotations

import csv
import io
import re
from typing import Any

import pypdfium2
import pytest
from icalendar import Calendar
from tests.rules.clinics.clinic_day import SAID, SCHEDULER, key, visit, visit_row
from tests.views.clinics.test_untimed import stamp
from tests.web.clinics.clinic_screens import ClinicScreens
from tests.web.screens import HANDLES, words

from wardlight.record import catalogue
from wardlight.record.events.schedule import AppointmentChanged
from wardlight.views.clinics.cases import CaseState


def clinic(*decided: tuple[str, str]) -> ClinicScreens:
    """Return a clinic of 21 visits, the first of them decided so."""
    made = ClinicScreens()
    for number, (urgency, decision) in enumerate(decided, 1):
        made.day.decide(number, urgency, decision)
    return made


def pdf_words(body: bytes) -> str:
    document = pypdfium2.PdfDocument(body)
    pages = [document[number].get_textpage().get_text_bounded() for number in range(len(document))]
    return " ".join(" ".join(pages).split())


def test_a_shut_clinic_puts_its_visits_on_the_list_to_decide_with_the_rule_beside_them() -> None:
    made = clinic()
    assert "0 of shut clinics wait" in words(made.site.get("/triage/MMH").text)
    shut = (("service", "clinic"), ("name", "DIALYSIS"), ("state", "closed"))
    more = (("category", "IT outage"), ("authorised_by", "C. Chief-Sample"))
    assert made.site.enter("service.stated", "", (*shut, *more)).json()["ok"]
    made.day.wait(1)
    page = made.site.get("/triage/MMH").text
    assert "3 of shut clinics wait" in words(page)
    assert "DIALYSIS is closed" in words(page)
    assert "Haemodialysis" in words(page)
    assert page.count("<option selected>transfer</option>") == 3


def test_a_name_that_is_protected_is_masked_on_the_case_board() -> None:
    page = words(clinic().site.get("/theatre/MMH").text)
    assert "SAMPLEG," not in page
    assert "Mastectomy right" in page
    assert "SAMPLEF, Ada" in page


def test_an_agent_gets_the_next_person_and_the_words_to_say() -> None:
    made = clinic(("C", "postpone"), ("A", "transfer"))
    assert "Next person" in words(made.site.get("/calls/MMH").text)
    assert made.site.enter("contact.leased", "", ()).json()["ok"]
    page = made.site.get("/calls/MMH").text
    assert "SAMPLEC, Ada" in words(page)
    assert "takes place at another site: Partner Sample" in words(page)
    assert "NOT YET APPROVED BY THIS SITE" in words(page)
    assert "We never ask for a card number" in words(page)
    assert "1958" not in page.replace("1958-03-09 or 09-Mar-1958", "")


def test_the_script_is_in_the_patients_language() -> None:
    made = clinic(("C", "postpone"))
    assert made.site.enter("contact.leased", HANDLES.of(key(1)), ()).json()["ok"]
    assert "Su cita del" in words(made.site.get("/calls/MMH").text)


def test_what_the_page_holds_is_enough_to_save_the_call() -> None:
    made = clinic(("A", "postpone"))
    made.site.enter("contact.leased", "", ())
    page = made.site.get("/calls/MMH").text
    hidden = re.findall(r'name="(plan_of|plan|told)" value="([^"]+)"', page)
    ended = (("outcome", "told"), ("speaker", "patient"))
    made.day.wait(1)
    told = made.site.enter("contact.attempted", HANDLES.of(key(1)), (*hidden, *ended, *SAID)).json()
    assert told["ok"], told
    assert made.day.case(1).state is CaseState.WAITING
    assert "Nobody is on your phone" in words(made.site.get("/calls/MMH").text)


def test_a_text_a_site_approved_is_what_is_read_out() -> None:
    made = clinic(("C", "postpone"), ("C", "postpone"))
    text = (("name", "postpone"), ("language", "en"), ("text", "Not on {when}."))
    made.site.enter("text.approved", "", (*text, ("approved_by", "PIO Sample")))
    made.site.enter("contact.leased", HANDLES.of(key(2)), ())
    page = words(made.site.get("/calls/MMH").text)
    assert "Not on Wednesday 25 November 2026" in page
    assert "approved by PIO Sample" in page


def test_a_caller_sees_nothing_of_a_visit_before_two_things_agree() -> None:
    made = clinic(("C", "postpone"))
    asked = {"name": "SampleB Ada", "said_birth": "1958-03-09", "said_postcode": "99999"}
    page = words(made.site.post("/inbound/MMH", asked).text)
    assert "Nobody with a visit here agrees with both" in page
    assert "INFUSION" not in page
    page = words(made.site.post("/inbound/MMH", asked | {"said_postcode": "19013"}).text)
    assert "25-Nov-2026 02:00 INFUSION not reached" in page


def test_a_scam_that_is_reported_is_on_the_list_for_everybody() -> None:
    made = clinic()
    fields = (("caller", "would not say"), ("question", "scam report"), ("answer", "not us"))
    assert not made.site.enter("inbound.answered", "", fields).json()["ok"]
    assert made.site.enter("inbound.answered", "", (*fields, ("scam", "555-9 wants cash"))).json()[
        "ok"
    ]
    page = words(made.site.get("/inbound/MMH").text)
    assert "1 scam reports" in page
    assert "555-9 wants cash" in page


def test_what_a_caller_left_open_stays_until_somebody_says_what_was_done() -> None:
    made = clinic()
    fields = (("caller", "Ada"), ("question", "refill"), ("phone", "555"), ("open_for", "pharmacy"))
    id_ = made.site.enter("inbound.answered", "", fields).json()["id"]
    assert "1 open" in words(made.site.get("/inbound/MMH").text)
    made.site.enter("inbound.settled", "", (("inbound", id_), ("note", "called back")))
    assert "0 open" in words(made.site.get("/inbound/MMH").text)


def test_the_numbers_say_who_knows_and_who_does_not() -> None:
    made = clinic(("A", "go"), ("B", "postpone"), ("C", "cancel"))
    made.day.wait(5)
    made.day.tell(1)
    made.day.wait(5)
    page = words(made.site.get("/contact-numbers/MMH").text)
    assert "2 do not know 1 know of 3 affected" in page
    assert "1 told: goes ahead" in page
    assert "1 told in the last 4 hours, 0.2 an hour" in page
    assert "3 did not know at 24-Nov-2026 03:00, 3 at most, 2 now." in page


def test_letters_are_in_the_patients_language_and_written_down_as_sent() -> None:
    made = clinic(("B", "postpone"), ("B", "postpone"))
    answer = made.site.post("/contact-numbers/MMH/send", {"what": "letters", "which": "unreached"})
    text = pdf_words(answer.content)
    assert "Estimado/a Ada SampleB" in text
    assert "miércoles 25 de noviembre de 2026, 02:00" in text
    assert "al número del hospital que usted conoce" in text
    assert "Dear Ada SampleC" in text
    assert "Nunca pedimos un número de tarjeta" in text
    sent = made.day.views.contacts.all_attempts("MMH")
    assert [str(one.said.outcome) for one in sent] == ["letter sent", "letter sent"]
    assert made.day.case(1).state is CaseState.NOT_REACHED
    assert made.day.order() == ["1", "2"]


def test_who_waits_can_be_decided_anew_however_long_ago_the_visit_would_have_been() -> None:
    made = clinic(("B", "postpone"))
    made.day.now = made.day.hours(24 * 20)
    assert "SAMPLEB" in words(made.site.get("/triage/MMH?show=decided").text)
    assert "SAMPLEB" not in words(made.site.get("/triage/MMH?show=all").text)
    numbers = words(made.site.get("/contact-numbers/MMH").text)
    assert "The visit's time has passed and nobody told them 1" in numbers


def test_what_one_hand_out_cannot_hold_is_in_the_next(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("wardlight.web.clinics.sending.LETTERS_MAX", 1)
    made = clinic(("B", "postpone"), ("B", "postpone"))
    made.site.post("/contact-numbers/MMH/send", {"what": "letters", "which": "unreached"})
    made.day.wait(1)
    made.site.post("/contact-numbers/MMH/send", {"what": "letters", "which": "unreached"})
    sent = made.day.views.contacts.all_attempts("MMH")
    assert [one.patient for one in sent] == [key(1), key(2)]


def test_messages_leave_out_whom_nothing_may_be_sent_to() -> None:
    made = clinic(("B", "postpone"), ("B", "postpone"))
    rule = (("do_not_disclose", "yes"), ("reason", "asked"))
    made.site.enter("contact.restricted", HANDLES.of(key(2)), rule)
    answer = made.site.post("/contact-numbers/MMH/send", {"what": "vendor", "which": "unreached"})
    rows = list(csv.DictReader(io.StringIO(answer.text, newline="")))
    assert [one["phone"] for one in rows] == ["5550001"]
    assert "1958" not in answer.text
    assert "Chemo" not in answer.text


@pytest.mark.parametrize(("stated", "text_in"), [("Spanish", "es"), ("Vietnamese", "en")])
def test_what_is_sent_says_its_own_language_and_nothing_of_the_patients(
    stated: str, text_in: str
) -> None:
    made = clinic()
    made.day.read_file(visit_row(22, made.day.hours(30), "Annual review", language=stated))
    made.day.decide(22)
    asked = {"what": "text", "which": "unreached"}
    answer = made.site.post("/contact-numbers/MMH/send", asked).text
    [row] = csv.DictReader(io.StringIO(answer, newline=""))
    assert row["language"] == text_in
    assert made.day.views.cases.reach(key(22)).language() == stated


def test_mails_name_no_clinic_and_go_only_to_whom_something_may_be_sent() -> None:
    made = clinic(("B", "postpone"), ("B", "postpone"), ("B", "postpone"))
    rule = (("do_not_disclose", "yes"), ("reason", "asked"))
    made.site.enter("contact.restricted", HANDLES.of(key(2)), rule)
    letters = (("do_not_call", "yes"), ("reason", "asked"))
    made.site.enter("contact.restricted", HANDLES.of(key(3)), letters)
    answer = made.site.post("/contact-numbers/MMH/send", {"what": "mail", "which": "unreached"})
    [row] = csv.DictReader(io.StringIO(answer.text, newline=""))
    assert row["email"] == "ada1@example.org"
    assert row["subject"] == "Marble City Memorial: llámenos por su cita"
    assert "25-Nov-2026" in row["text"]
    for secret in ("1958", "Chemo", "INFUSION", "SampleB"):
        assert secret not in answer.text
    [sent] = made.day.views.contacts.all_attempts("MMH")
    assert str(sent.said.outcome) == "text or e-mail sent"
    assert made.day.case(1).state is CaseState.NOT_REACHED


def test_a_protected_name_gets_no_mail_and_no_message() -> None:
    made = clinic(*(("B", "postpone"),) * 7)
    answer = made.site.post("/contact-numbers/MMH/send", {"what": "mail", "which": "unreached"})
    rows = list(csv.DictReader(io.StringIO(answer.text, newline="")))
    assert len(rows) == 6
    assert "ada6@example.org" not in answer.text


def test_a_mailbox_has_the_new_date_of_who_has_one() -> None:
    made = clinic(("B", "postpone"))
    made.day.slots(60)
    fields = (("appointment", visit(1)), ("slot", "MMH|S0"))
    made.day.say(catalogue.VISIT_MOVED, *fields, by=SCHEDULER)
    answer = made.site.post("/contact-numbers/MMH/send", {"what": "mailbox", "which": "unreached"})
    assert "To: ada1@example.org" in answer.text
    assert "Content-Type: text/calendar" in answer.text
    assert 'filename="mails.mbox"' in answer.headers["content-disposition"]


def test_new_dates_go_out_as_a_calendar_another_library_reads() -> None:
    made = clinic(("B", "postpone"))
    made.day.slots(60)
    fields = (("appointment", visit(1)), ("slot", "MMH|S0"))
    made.day.say(catalogue.VISIT_MOVED, *fields, by=SCHEDULER)
    answer = made.site.post("/contact-numbers/MMH/send", {"what": "calendar", "which": "unreached"})
    [event] = Calendar.from_ical(answer.content).walk("VEVENT")
    starts: Any = event["DTSTART"]
    assert starts.dt.isoformat() == "2026-11-26T20:00:00+00:00"
    assert "SampleB" not in answer.text


def test_a_schedule_file_is_read_in_and_rows_nobody_can_use_are_named() -> None:
    made = clinic()
    body = "appointment,patient,starts\n901,901,2026-11-25 09:00\n902,902,soon\n"
    files = {"file": ("visits.csv", body.encode(), "text/csv")}
    page = words(made.upload("/clinics/MMH/file", files).text)
    assert "CSV: 1 appointments of 1 patients" in page
    assert "row 3: starts is no time such as 2026-11-24 09:00" in page
    assert "Read a schedule file in" in words(made.site.get("/clinics/MMH").text)


def test_a_file_that_is_no_schedule_leaves_nothing_in_the_log() -> None:
    made = clinic()
    before = len(made.day.log)
    answer = made.upload("/clinics/MMH/file", {"file": ("x.csv", b"a,b\n1,2\n", "text/csv")})
    assert answer.status_code == 422
    assert "neither a column" in words(answer.text)
    assert len(made.day.log) == before


def test_a_harm_date_that_has_passed_is_on_a_list_of_its_own() -> None:
    made = ClinicScreens()
    made.day.decide(1, "B", "postpone", "2026-11-24")
    assert "The harm date has passed" not in words(made.site.get("/contact-numbers/MMH").text)
    made.day.now = made.day.hours(30)
    assert "The harm date has passed 1" in words(made.site.get("/contact-numbers/MMH").text)


def test_a_visit_nobody_decided_about_is_on_a_list_of_its_own_two_days_before() -> None:
    made = clinic()
    shut = (("service", "clinic"), ("name", "ENDOSCOPY"), ("state", "closed"))
    more = (("category", "IT outage"), ("authorised_by", "C. Chief-Sample"))
    made.site.enter("service.stated", "", (*shut, *more))
    page = words(made.site.get("/contact-numbers/MMH").text)
    assert "Nobody has decided, and the visit is within 48 hours 2" in page
    assert "3 waits for a decision" in page


def test_a_text_is_approved_on_its_own_page() -> None:
    made = clinic()
    page = words(made.site.get("/contact-numbers/MMH/texts?language=es").text)
    assert "Nunca pedimos un número de tarjeta" in page
    assert "NOT YET APPROVED BY THIS SITE" in page


def test_before_anything_is_decided_nobody_is_said_to_know() -> None:
    page = words(clinic().site.get("/contact-numbers/MMH").text)
    assert "No clinic was said to be shut and nothing was decided about a visit yet." in page
    assert "Everybody knows" not in page


def test_a_message_about_a_visit_without_a_time_has_no_gap() -> None:
    made = ClinicScreens(visits=0)
    made.day.read_file(visit_row(1, made.day.hours(40)))
    said = AppointmentChanged(number="MMH|A99", at=made.day.now, patient=key(1))
    made.day.views.schedule.take(said, stamp(made.day.now), "MMH")
    made.day.decide(99, "B", "postpone")
    answer = made.site.post("/contact-numbers/MMH/send", {"what": "text", "which": "unreached"})
    [row] = csv.DictReader(io.StringIO(answer.text, newline=""))
    assert "your visit on the day you were given has changed" in row["text"]
