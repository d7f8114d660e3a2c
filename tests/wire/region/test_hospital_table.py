from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wardlight.record.hospitals import Hospital, Knowledge
from wardlight.record.places import Setting
from wardlight.record.problems import Problem
from wardlight.record.services import Service
from wardlight.wire.region.hospital_table import HospitalTable, read_hospital_table
from wardlight.wire.region.place_table import read_drives, read_places

REAL = Path(__file__).parents[4] / "shared" / "data" / "hospitals.csv"


def table(*lines: str) -> HospitalTable:
    found = read_hospital_table("\n".join(lines).encode())
    assert isinstance(found, HospitalTable)
    return found


def only(*lines: str) -> Hospital:
    return table("code,name,lat,lon,ed,trauma,stroke,closed_on,note", *lines).hospitals[0]


def test_an_empty_cell_says_nothing() -> None:
    one = only("A,Sample,41.5,-72.5,Y,,N,,")
    assert [one.knows(each) for each in (Service.ED, Service.TRAUMA, Service.STROKE)] == [
        Knowledge.YES,
        Knowledge.UNKNOWN,
        Knowledge.NO,
    ]


def test_a_level_or_a_grade_is_a_yes_and_one_for_children_says_nothing_of_adults() -> None:
    trauma = [only(f'A,S,41,-72,Y,"{level}",PSC,,').knows(Service.TRAUMA).value for level in (
        "LEVEL II", "LEVEL I, LEVEL II PEDIATRIC", "LEVEL I PEDIATRIC")]  # fmt: skip
    assert trauma == ["yes", "yes", "not known"]
    assert only("A,S,41,-72,Y,,PSC,,").knows(Service.STROKE) is Knowledge.YES


def test_a_hospital_that_closed_for_good_is_kept_as_closed() -> None:
    assert only("A,Sample,41.5,-72.5,Y,,,2022-11-07,").closed == "since 2022-11-07"


def test_rows_of_one_code_that_differ_contradict_each_other() -> None:
    one = only("A,Sample,41.5,-72.5,Y,,,,", "A,Sample,41.5,-72.6,N,,,,")
    assert one.knows(Service.ED) is Knowledge.CONTRADICTORY
    assert one.doubts == ("rows of its code differ in place, name or closing",)


def test_a_note_that_says_conflict_is_a_doubt() -> None:
    doubts = only("A,Sample,41.5,-72.5,Y,,,,sources conflict on ED").doubts
    assert doubts == ("the table's own note: sources conflict on ED",)


def test_a_row_without_a_place_is_named_by_its_line() -> None:
    found = table("# ours", "code\tname\tlat\tlon", "A\tSample\t0\t0", "B\tSample\t41\t-72")
    assert found.refused == ((3, "no latitude and longitude that are a place"),)
    assert [one.code for one in found.hospitals] == ["B"]


def test_a_file_that_is_no_table_is_a_problem() -> None:
    assert isinstance(read_hospital_table(b""), Problem)


@given(st.binary(max_size=400))
def test_any_bytes_are_read_or_refused_in_words(body: bytes) -> None:
    for read in (read_hospital_table, read_places, read_drives):
        found = read(body)
        assert not isinstance(found, Problem) or found.because


@pytest.mark.skipif(not REAL.is_file(), reason="the public hospital list lies beside the checkout")
def test_the_public_list_is_read_with_its_own_columns() -> None:
    found = read_hospital_table(REAL.read_bytes())
    assert isinstance(found, HospitalTable)
    assert (len(found.hospitals), found.refused) == (537, ())
    assert sum(one.knows(Service.ED) is Knowledge.YES for one in found.hospitals) == 271
    assert sum(bool(one.closed) for one in found.hospitals) == 28
    assert len({one.code for one in found.hospitals}) == 537


def test_places_have_the_roads_their_row_says() -> None:
    rows = b"place,lat,lon,setting,density\nA,41,-72,rural,\nB,41,-72,,1600\nC,x,y,,"
    found = read_places(rows)
    assert not isinstance(found, Problem)
    assert [(one.words, one.setting) for one in found] == [
        ("A", Setting.RURAL),
        ("B", Setting.URBAN),
    ]


def test_a_known_drive_keeps_its_band_only_when_it_fits() -> None:
    found = read_drives(b"place,code,minutes,lo,hi\nA,MMH,20,15,30\nA,RGH,20,25,30\nA,X,-1,,")
    assert not isinstance(found, Problem)
    assert [(one.code, one.lo, one.hi) for one in found] == [("MMH", 15, 30), ("RGH", None, None)]
