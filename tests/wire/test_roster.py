from __future__ import annotations

import base64

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wardlight.record.events.access import Role, StaffStated
from wardlight.wire.roster import Roster, read_roster

CSV = """account,name,role,site,ward
AMensah,RN A. Mensah,RN,MMH,4E
bcharge,RN B. Charge,nurse manager,MMH,4E;5W
"""
LDIF = """version: 1
# exported for the tests
dn: uid=amensah,ou=people,dc=mmh,dc=example
uid: amensah
cn;lang-en: RN A. Mensah
title: Registered Nurse
userPassword: {SSHA}c2VjcmV0
l: MMH
departmentNumber: 4E

dn: uid=cdoctor,ou=people,dc=mmh,dc=exa
 mple
uid: cdoctor
cn:: RHIgWm/DqyBEb2N0b3I=
title: MD
"""
MFN = (
    "MSH|^~\\&|HR|MMH|WL|MMH|20270104||MFN^M02|1|P|2.5\r"
    "MFI|STF||UPD|||AL\r"
    "MFE|MAD|1|20270104|amensah\r"
    "STF|77|amensah|Mensah^Akua|||||4E^MMH||||||||||RN\r"
    "MFE|MUP|2|20270104|cdoctor\r"
    "STF|78|cdoctor|Doctor^Carl\r"
    "PRA|78||MD\r"
)


def nurse(kind: str, name: str = "RN A. Mensah") -> StaffStated:
    return StaffStated(
        account="amensah",
        name=name,
        role=Role.NURSE,
        sites=("MMH",),
        units=("MMH/4E",),
        origin=kind,
    )


def reasons(found: Roster) -> list[str]:
    return [because for _, because in found.refused]


def test_a_csv_gives_who_they_are_and_where_they_work() -> None:
    found = read_roster(CSV.encode())
    assert (found.kind, found.refused, found.people[0]) == ("CSV", (), nurse("CSV"))
    assert (found.people[1].role, found.people[1].units) == (
        Role.CHARGE_NURSE,
        ("MMH/4E", "MMH/5W"),
    )


@pytest.mark.parametrize("made", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_a_name_stays_whole_in_whatever_windows_writes(made: str) -> None:
    text = CSV.replace("A. Mensah", "Zoë Núñez").replace("\n", "\r\n")
    assert read_roster(text.encode(made)).people[0].name == "RN Zoë Núñez"


@pytest.mark.parametrize("delimiter", [";", "\t"])
def test_a_csv_may_be_parted_otherwise(delimiter: str) -> None:
    text = f"uid{delimiter}cn{delimiter}title\namensah{delimiter}RN A. Mensah{delimiter}RN\n"
    assert read_roster(text.encode()).people[0].account == "amensah"


def test_a_line_that_nobody_can_be_made_of_is_named_and_the_others_count() -> None:
    found = read_roster((CSV + ",Nobody,RN,MMH,4E\nchef,C. Cook,chef,MMH,\n").encode())
    assert len(found.people) == 2
    assert [line for line, _ in found.refused] == [4, 5]
    assert reasons(found)[0] == "no account is named"
    assert reasons(found)[1].startswith("the role “chef” is not one of ours: nurse, charge nurse")


def test_an_ldif_is_read_with_folded_lines_and_base_64() -> None:
    found = read_roster(LDIF.encode())
    assert (found.kind, found.refused, found.people[0]) == ("LDIF", (), nurse("LDIF"))
    assert (found.people[1].name, found.people[1].role) == ("Dr Zoë Doctor", Role.PHYSICIAN)


def test_no_secret_of_a_directory_is_read() -> None:
    assert "c2VjcmV0" not in repr(read_roster(LDIF.encode()))


def test_a_value_that_names_a_file_is_never_read() -> None:
    found = read_roster(b"dn: uid=x\nuid: x\ncn:< file:///etc/passwd\ntitle: RN\n")
    assert found.people[0].name == "x"


def test_lines_of_an_ldif_are_counted_as_they_stand_in_the_file() -> None:
    found = read_roster(LDIF.encode() + b"\ndn: uid=cook\nuid: cook\ntitle: Cook\n")
    assert found.refused[0][0] == 17


def test_an_mfn_gives_staff_and_practitioners() -> None:
    found = read_roster(MFN.encode())
    assert (found.kind, found.refused) == ("MFN", ())
    assert found.people[0] == nurse("MFN", "Akua Mensah")
    assert (found.people[1].account, found.people[1].role) == ("cdoctor", Role.PHYSICIAN)


@pytest.mark.parametrize("event", ["MDL", "MDC"])
def test_who_is_deleted_in_an_mfn_has_left_and_is_not_hired_again(event: str) -> None:
    found = read_roster(MFN.replace("MFE|MUP", f"MFE|{event}").encode())
    assert found.left == ("cdoctor",)
    assert [one.account for one in found.people] == ["amensah"]


def test_who_is_disabled_in_a_directory_has_left() -> None:
    found = read_roster(
        LDIF.replace("title: MD\n", "title: MD\nuserAccountControl: 514\n").encode()
    )
    assert (found.left, len(found.people)) == (("cdoctor",), 1)


def test_who_is_terminated_in_a_csv_has_left_whatever_their_role_is() -> None:
    found = read_roster(b"user,name,role,status\nold,O. Old,chef,Terminated\n")
    assert (found.left, found.people, found.refused) == (("old",), (), ())


def test_who_is_missing_has_not_left() -> None:
    assert read_roster(CSV.encode()).left == ()


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"account,name,role\n" + b"x" * 200_000 + b",n,RN\n",
        b'account,name,role\n"x\n',
        b"MSH|",
        b"dn:: %%%\nuid:: %%%\n",
        b"\xff\xfe\x00",
    ],
)
def test_what_is_no_roster_hires_nobody_and_says_so_or_is_empty(body: bytes) -> None:
    assert read_roster(body).people == ()


def test_a_cell_no_csv_can_hold_ends_the_reading_with_its_line() -> None:
    found = read_roster(b"account,name,role\na,A,RN\n" + b"x" * 200_000 + b",n,RN\n")
    assert [one.account for one in found.people] == ["a"]
    assert reasons(found)[0].startswith("nothing is read from here on: field larger")


def test_hostile_text_in_a_name_is_kept_as_said() -> None:
    name = '<script>alert("x")</script>'
    body = f"dn: uid=x\nuid: x\ncn:: {base64.b64encode(name.encode()).decode()}\ntitle: RN\n"
    assert read_roster(body.encode()).people[0].name == name


@settings(max_examples=60, deadline=None)
@given(
    st.binary(max_size=300), st.sampled_from([b"", b"dn: x\n", b"MSH|^~\\&|", b"uid,cn,title\n"])
)
def test_whatever_is_in_a_file_it_is_read_to_its_end(body: bytes, head: bytes) -> None:
    found = read_roster(head + body)
    assert all(one.role in Role for one in found.people)
