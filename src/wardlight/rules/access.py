"""What each role may do and see (HIPAA 164.312(a), minimum necessary 164.502(b)).

Reading is bound to the wards of a role; whoever must see another patient breaks the glass and
says why. What a role may enter is what its people do on paper.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from enum import StrEnum

from wardlight.record import catalogue
from wardlight.record.events.access import Role, StaffStated
from wardlight.views.rows import Stay
from wardlight.views.staff import Account

ACCOUNT_MAX = 60
NAME_MAX = 120  # a grant with the longest name fits into a header
PASSPHRASE_ALONE_MIN = 15  # NIST SP 800-63B-4: alone, and with a second factor
PASSPHRASE_MIN = 8
PIN_DIGITS = 6
COMMON = frozenset(
    (  # noqa: SIM905 -- one word a line would hide the rest of this page
        "password passwort password1 password123 12345678 123456789 1234567890 qwertyui qwerty123 "
        "iloveyou letmein1 welcome1 welcome123 hospital hospital1 hospital123 nurse123 nurse1234 "
        "doctor123 changeme changeme1 summer2026 winter2026 spring2026 autumn2026 sunshine "
        "football baseball trustno1 admin123 administrator wardlight wardlight1 abcdefgh princess "
        "87654321 passw0rd p@ssw0rd correcthorse correcthorsebatterystaple monkey12 dragon12 "
        "superman batman12 starwars whatever jesus123 michael1 jennifer"
    ).split()
)
WEAK_PINS = frozenset(
    {"123456", "654321", "123123", "112233", "121212", "000000", "111111", "222222", "333333"}
    | {"444444", "555555", "666666", "777777", "888888", "999999", "123321", "159753", "147258"}
)


class May(StrEnum):
    """What somebody may do beside reading their wards."""

    READ_CHARTS = "read charts"
    CHART = "chart doses and observations"
    ORDER = "write orders"
    VERIFY = "verify orders"
    REGISTER = "register and place patients"
    RUN_TESTS = "receive specimens and file results"
    DECLARE = "declare systems off"
    REVIEW = "review openings and readings"
    ADMINISTER = "manage people, stations and settings"
    LOOK_AT = "settle entries that ask for a person"
    STATE = "state which services take patients"
    PUBLISH = "approve what the public reads"
    SEND = "send ambulances"
    KEEP_PAPER = "print sheets and say what became of them"
    TRIAGE = "decide which visits cannot wait"
    SCHEDULE = "give visits a new time"
    CONTACT = "ring patients and answer callers"
    ADVISE = "ring patients with symptoms"


_CARE = frozenset({May.READ_CHARTS, May.CHART, May.ORDER, May.REGISTER, May.KEEP_PAPER})
GRANTS: Mapping[Role, frozenset[May]] = {
    Role.NURSE: _CARE,
    Role.CHARGE_NURSE: _CARE
    | {May.DECLARE, May.LOOK_AT, May.STATE, May.TRIAGE, May.CONTACT, May.ADVISE, May.SEND},
    Role.CLINIC_NURSE: _CARE | {May.CONTACT, May.ADVISE},
    Role.PHYSICIAN: _CARE | {May.LOOK_AT, May.STATE, May.TRIAGE, May.SEND},
    Role.PHARMACIST: frozenset(
        {May.READ_CHARTS, May.ORDER, May.VERIFY, May.LOOK_AT, May.KEEP_PAPER}
    ),
    Role.LAB: frozenset({May.READ_CHARTS, May.RUN_TESTS, May.KEEP_PAPER}),
    Role.REGISTRATION: frozenset({May.READ_CHARTS, May.REGISTER, May.KEEP_PAPER}),
    Role.CLERK: frozenset({May.READ_CHARTS, May.REGISTER, May.KEEP_PAPER}),
    Role.HIM: frozenset({May.READ_CHARTS, May.KEEP_PAPER}),
    Role.CONTACT_AGENT: frozenset({May.CONTACT}),
    Role.SCHEDULER: frozenset({May.CONTACT, May.SCHEDULE}),
    Role.INCIDENT: frozenset({May.DECLARE, May.STATE, May.PUBLISH, May.SEND}),
    Role.DISPATCHER: frozenset({May.SEND}),
    Role.PRIVACY: frozenset({May.REVIEW}),
    Role.ADMINISTRATOR: frozenset({May.ADMINISTER, May.DECLARE, May.REVIEW, May.STATE, May.SEND}),
}
# By the beginning of an entry's kind; the first that fits counts.
ENTERS: tuple[tuple[str, frozenset[May]], ...] = (
    (catalogue.DOSE_CHARTED, frozenset({May.CHART})),
    (catalogue.ORDER_CHECKED, frozenset({May.VERIFY, May.CHART})),
    ("order.", frozenset({May.ORDER})),
    (catalogue.TRANSFER_CERTIFIED, frozenset({May.CHART})),
    (catalogue.TRANSFER_DOSES_STATED, frozenset({May.CHART, May.VERIFY})),
    ("transfer.", frozenset({May.CHART, May.REGISTER})),
    ("patient.", frozenset({May.REGISTER})),
    ("identity.", frozenset({May.REGISTER})),
    ("allergies.", frozenset({May.CHART, May.REGISTER, May.VERIFY})),
    ("sheets.", frozenset({May.KEEP_PAPER})),
    ("page.", frozenset({May.KEEP_PAPER})),
    (catalogue.ENTRY_SEEN, frozenset({May.LOOK_AT})),
    (catalogue.ENTRY_VOIDED, frozenset({May.CHART, May.ORDER, May.REGISTER, May.RUN_TESTS})),
    ("vitals.", frozenset({May.CHART})),
    ("fluid.", frozenset({May.CHART})),
    ("note.", frozenset({May.CHART, May.VERIFY})),
    ("destination.", frozenset({May.SEND})),
    ("service.", frozenset({May.STATE})),
    ("neighbour.", frozenset({May.STATE})),
    ("crowding.", frozenset({May.STATE, May.CHART})),  # whoever can count
    ("beds.", frozenset({May.STATE, May.CHART})),
    ("change.", frozenset({May.STATE})),
    ("public.", frozenset({May.PUBLISH})),
    ("visits.", frozenset({May.TRIAGE})),
    ("visit.", frozenset({May.SCHEDULE, May.TRIAGE})),
    ("slot.", frozenset({May.SCHEDULE})),
    ("case.", frozenset({May.SCHEDULE, May.TRIAGE})),
    (catalogue.CONTACT_ADVISED, frozenset({May.ADVISE})),
    ("contact.", frozenset({May.CONTACT})),
    ("inbound.", frozenset({May.CONTACT})),
    ("text.", frozenset({May.DECLARE})),
    ("", frozenset({May.CHART, May.RUN_TESTS})),  # specimens, imaging, transfusion
)


def may(role: str, what: May) -> bool:
    """Return whether a role may do something."""
    return role in GRANTS and what in GRANTS[Role(role)]


def may_enter(role: str, kind: str) -> bool:
    """Return whether a role may make an entry of this kind."""
    if role not in GRANTS:
        return False
    needed = next(grants for begins, grants in ENTERS if kind.startswith(begins))
    return bool(needed & GRANTS[Role(role)])


def sees_site(account: Account, site: str) -> bool:
    """Return whether somebody works at a site: it is named, or one of its wards is."""
    if account.sites:
        return site in account.sites
    return not account.units or any(one.startswith(f"{site}/") for one in account.units)


def sees_unit(account: Account, site: str, unit: str) -> bool:
    """Return whether a unit is one of somebody's wards; who is on no unit yet is everybody's."""
    if not sees_site(account, site) or May.READ_CHARTS not in GRANTS[account.role]:
        return False
    return not unit or not account.units or f"{site}/{unit}" in account.units


def sees_stay(account: Account, stay: Stay | None) -> bool:
    """Return whether a patient is on one of somebody's wards; one without a stay is on none."""
    if stay is None:
        return not account.units and May.READ_CHARTS in GRANTS[account.role]
    return sees_unit(account, stay.site, stay.location.unit)


def wrong_account(said: StaffStated, known: Collection[str]) -> str:
    """Return why somebody cannot be taken on like this, in words; "" when they can.

    `known` are the sites of the node: a ward of another would leave somebody nothing to see.
    """
    if not said.account or len(said.account) > ACCOUNT_MAX or not _in_one_word(said.account):
        return f"an account is one word of at most {ACCOUNT_MAX} letters"
    if not said.name or len(said.name) > NAME_MAX or not said.name.isprintable():
        return f"a name has at most {NAME_MAX} letters"
    bare = next((unit for unit in said.units if "/" not in unit.strip("/")), "")
    if bare:
        return f"the ward “{bare[:40]}” needs its site, as in MMH/4E"
    named = (*said.sites, *(unit.partition("/")[0] for unit in said.units))
    strange = next((one for one in named if known and one not in known), "")
    return f"“{strange[:40]}” is not a site of this node: {', '.join(known)}" if strange else ""


def _in_one_word(account: str) -> bool:
    return account.isprintable() and not any(one.isspace() for one in account)


def weak_passphrase(passphrase: str, *, second_factor: bool) -> str:
    """Return what is wrong with a passphrase in words; "" for a good one."""
    least = PASSPHRASE_MIN if second_factor else PASSPHRASE_ALONE_MIN
    if len(passphrase) < least:
        alone = "" if second_factor else " without a second factor"
        return f"At least {least} characters{alone}: four or five words are easy to keep."
    plain = passphrase.casefold().replace(" ", "")
    if plain in COMMON or len(set(plain)) < 4:  # noqa: PLR2004 -- fewer letters than a word has
        return "This one is on every list of guesses. Take another."
    return ""


def weak_pin(pin: str) -> str:
    """Return what is wrong with a PIN in words; "" for a good one."""
    if not (pin.isascii() and pin.isdigit() and len(pin) == PIN_DIGITS):
        return f"{PIN_DIGITS} digits."
    return "Not that one: it is the first to be tried." if pin in WEAK_PINS else ""
