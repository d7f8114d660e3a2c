from msgspec.structs import replace
from tests.rules.services.region import Region

from wardlight.plan.destinations.drive_time import Drive, KnownTime
from wardlight.plan.destinations.hospital_index import HospitalIndex
from wardlight.plan.destinations.region import empty_region
from wardlight.plan.transfers.transfer_desk import code_of, known_of, problem_of, receiver_of
from wardlight.plan.transfers.transfer_policy import Acuity
from wardlight.plan.transfers.transfers import Beds, Known
from wardlight.record.events.transfers import BedClass
from wardlight.record.hospitals import Hospital
from wardlight.record.identity import PatientKey
from wardlight.record.instants import HOUR, Instant
from wardlight.record.places import Place, Position
from wardlight.record.services import Service
from wardlight.views.transfers.transfers import Wanted

DRIVEN = Drive(41, 38, 55, "driven by the CCT crew")


def region(**neighbour: str) -> Region:
    made = Region()
    made.tell("neighbour.stated", code="GRV", neighbour="Green Valley", **neighbour)
    return made


def wanted(**more: tuple[str, ...]) -> Wanted:
    return Wanted(
        request="r1",
        patient=PatientKey("MMH|MR|1"),
        site="LKS",
        since=Instant(0),
        bed=BedClass.ICU,
        needs=("dialysis",),
        urgency="immediate",
        level="",
        refused_by=more.get("refused_by", ()),
        asked=more.get("asked", ()),
    )


def test_what_nobody_said_of_a_hospital_is_not_known() -> None:
    receiver = receiver_of(region().board("GRV"))
    assert receiver.takes is Known.UNKNOWN
    assert receiver.beds["ICU"] == Beds(None, Known.UNKNOWN)
    assert receiver.does["dialysis"] is Known.UNKNOWN


def test_a_closed_department_takes_nobody_and_says_why() -> None:
    told = region()
    told.hear("GRV", "closed", category="IT outage", reason="moved to Marble City")
    receiver = receiver_of(told.board("GRV"))
    assert (receiver.takes, receiver.because) == (Known.NO, "ED closed: moved to Marble City")


def test_a_service_that_is_stated_open_but_not_there_contradicts_itself() -> None:
    told = region(cannot="ICU")
    told.hear("GRV", "open")
    told.state("ICU", "open", facility="GRV", heard="charge nurse, phone")
    assert known_of(told.board("GRV"), Service.ICU) is Known.CONTRADICTORY


def test_a_bed_count_older_than_a_shift_is_to_be_asked_for_again() -> None:
    told = region()
    told.tell("beds.counted", facility="GRV", heard="phone", bed="ICU", available="3")
    assert receiver_of(told.board("GRV")).beds["ICU"] == Beds(3, Known.YES)
    told.now = Instant(told.now + 13 * HOUR)
    assert receiver_of(told.board("GRV")).beds["ICU"] == Beds(3, Known.UNKNOWN)


def test_beds_of_a_service_that_is_closed_are_no_beds() -> None:
    told = region()
    told.tell("beds.counted", facility="GRV", heard="phone", bed="ICU", available="3")
    told.state("ICU", "closed", facility="GRV", heard="charge nurse, phone", category="staffing")
    assert receiver_of(told.board("GRV")).beds["ICU"].known is Known.NO


def test_a_hospital_that_said_no_is_banned_and_one_that_was_asked_is_kept() -> None:
    boards = (region().board("GRV"), region().board("LKS"))
    one = problem_of(
        (wanted(refused_by=("green  VALLEY",), asked=("LKS", "somewhere")),),
        (),
        boards,
        region=empty_region(),
        fixed={"r1": "GRV"},
    ).waiting[0]
    assert one.acuity is Acuity.IMMEDIATE
    assert [ban.receiver for ban in one.bans] == ["GRV"]
    assert (one.proposed, one.fixed) == ("LKS", "GRV")


def test_a_hospital_is_known_by_its_code_or_its_name() -> None:
    boards = (region().board("GRV"),)
    assert code_of(" grv ", boards) == code_of("Green Valley", boards) == "GRV"
    assert code_of("Elsewhere", boards) is None


def test_drives_are_known_only_between_places_that_are_known() -> None:
    told = region(latitude="42.00", longitude="-72.50")
    told.tell("neighbour.stated", code="LKS", neighbour="x", latitude="41.70", longitude="-72.50")
    boards = tuple(told.board(code) for code in ("GRV", "LKS", "MMH"))
    found = problem_of((wanted(),), (), boards, region=empty_region(), fixed={})
    assert set(found.drives) == {("LKS", "GRV")}
    assert 25 < found.drives["LKS", "GRV"].minutes < 45


def test_what_no_board_says_is_taken_from_the_list_of_hospitals_and_known_drives() -> None:
    grv = Hospital(code="GRV", name="x", at=Position(42.0, -72.5), cannot=frozenset({Service.CT}))
    lks = Hospital(code="LKS", name="x", at=Position(41.7, -72.5))
    driven = KnownTime(origin=Place(words="LKS", at=lks.at), code="GRV", drive=DRIVEN)
    known = replace(empty_region(), index=HospitalIndex((grv, lks)), known_times=(driven,))
    boards = tuple(region().board(code) for code in ("GRV", "LKS"))
    found = problem_of((wanted(),), (), boards, region=known, fixed={})
    assert found.drives["LKS", "GRV"] == DRIVEN
    assert found.receivers[0].does["CT"] is Known.NO
