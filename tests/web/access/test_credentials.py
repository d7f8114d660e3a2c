from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pyotp
import pytest
from tests.web.access.station import BADGE, LIGHT, PASSPHRASE, PIN, MemoryVault

from wardlight.web.access.credentials import Credentials, Passkey

NOW_S = 1_799_000_000
PEPPER = b"pepper of the tests"


@pytest.fixture
def vault() -> MemoryVault:
    return MemoryVault()


@pytest.fixture
def held(vault: MemoryVault) -> Credentials:
    return Credentials(vault, PEPPER, LIGHT)


def hashes(held: Credentials, monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Return a list that grows by one with every hash that is made or compared."""
    made: list[int] = []
    fits, card = held._fits, held._card_hash  # noqa: SLF001 -- counts what the clock cannot

    def fits_counted(account: str, secret: str, kept: str) -> bool:
        made.append(1)
        return fits(account, secret, kept)

    def card_counted(account: str, code: str, salt: str) -> str:
        made.append(1)
        return card(account, code, salt)

    monkeypatch.setattr(held, "_fits", fits_counted)
    monkeypatch.setattr(held, "_card_hash", card_counted)
    return made


def test_a_strangers_proof_costs_as_much_as_a_known_persons(
    held: Credentials, monkeypatch: pytest.MonkeyPatch
) -> None:
    held.set_passphrase("amensah", PASSPHRASE)
    held.set_badge("amensah", BADGE, PIN)
    held.print_card("amensah")
    made, costs = hashes(held, monkeypatch), []
    for account in ("amensah", "nobody", ""):
        held.passphrase_fits(account, "wrong words, all of them")
        held.pin_fits(account, "000001")
        held.card_fits(account, "AAAA-AAAA")
        costs.append(len(made))
    assert costs == [3, 6, 9]


def test_no_secret_stands_in_the_vault_as_it_was_typed(
    vault: MemoryVault, held: Credentials
) -> None:
    held.set_passphrase("amensah", PASSPHRASE)
    held.set_badge("amensah", BADGE, PIN)
    codes = held.print_card("amensah")
    kept = vault.body.decode()
    for secret in (PASSPHRASE, BADGE, PIN, *codes, *(code.replace("-", "") for code in codes)):
        assert secret not in kept


def test_another_nodes_pepper_opens_nothing(vault: MemoryVault, held: Credentials) -> None:
    held.set_passphrase("amensah", PASSPHRASE)
    assert held.passphrase_fits("amensah", PASSPHRASE)
    assert not Credentials(vault, b"another pepper", LIGHT).passphrase_fits("amensah", PASSPHRASE)


def test_one_persons_hash_is_not_anothers(held: Credentials) -> None:
    held.set_passphrase("amensah", PASSPHRASE)
    assert not held.passphrase_fits("bcharge", PASSPHRASE)


@pytest.mark.parametrize(
    ("off", "fits"), [(-60, False), (-30, True), (0, True), (30, True), (60, False)]
)
def test_a_code_counts_one_step_either_way(held: Credentials, *, off: int, fits: bool) -> None:
    secret = held.begin_totp("amensah")
    long_ago = NOW_S - 3_000
    held.confirm_totp("amensah", pyotp.TOTP(secret).at(long_ago), long_ago)
    code = pyotp.TOTP(secret).at(NOW_S + off)
    assert held.totp_fits("amensah", code, NOW_S) is fits


def test_a_code_counts_once_and_an_older_one_never_after_it(held: Credentials) -> None:
    secret = held.begin_totp("amensah")
    held.confirm_totp("amensah", pyotp.TOTP(secret).at(NOW_S - 3_000), NOW_S - 3_000)
    codes = pyotp.TOTP(secret)
    assert held.totp_fits("amensah", codes.at(NOW_S), NOW_S)
    assert not held.totp_fits("amensah", codes.at(NOW_S), NOW_S)
    assert not held.totp_fits("amensah", codes.at(NOW_S - 30), NOW_S)


@pytest.mark.parametrize("code", ["", "12345", "1234567", "١٢٣٤٥٦", "abcdef", "000 000"])
def test_what_is_no_code_opens_nothing(held: Credentials, code: str) -> None:
    secret = held.begin_totp("amensah")
    held.confirm_totp("amensah", pyotp.TOTP(secret).at(NOW_S - 3_000), NOW_S - 3_000)
    assert not held.totp_fits("amensah", code, NOW_S)


def test_a_badge_belongs_to_whom_it_was_bound_last(held: Credentials) -> None:
    held.set_badge("amensah", BADGE, PIN)
    held.set_badge("bcharge", f" {BADGE} ", "739164")
    assert held.badge_owner(BADGE) == "bcharge"
    assert not held.pin_fits("amensah", PIN)
    assert held.badge_owner("04000000") == ""


def test_five_wrong_pins_close_the_badge_over_a_restart_too(
    vault: MemoryVault, held: Credentials
) -> None:
    held.set_badge("amensah", BADGE, PIN)
    for _ in range(5):
        held.pin_fits("amensah", "000001")
    again = Credentials(vault, PEPPER, LIGHT)
    assert (again.pins_used_up("amensah"), again.pin_fits("amensah", PIN)) == (True, False)
    again.open_pins("amensah")
    assert again.pin_fits("amensah", PIN)


def test_a_right_pin_forgives_the_wrong_ones_before_it(held: Credentials) -> None:
    held.set_badge("amensah", BADGE, PIN)
    for _ in range(3):
        for _ in range(4):
            held.pin_fits("amensah", "000001")
        assert held.pin_fits("amensah", PIN)


def test_of_many_tries_at_once_a_card_code_counts_for_one(held: Credentials) -> None:
    code = held.print_card("amensah")[0]
    with ThreadPoolExecutor(4) as many:
        fits = list(many.map(lambda _: held.card_fits("amensah", code), range(8)))
    assert sorted(fits) == [False] * 7 + [True]
    assert held.of("amensah").codes_left() == 9


def test_a_card_code_is_read_as_people_write_it(held: Credentials) -> None:
    code = held.print_card("amensah")[0]
    assert held.card_fits("amensah", f" {code.lower().replace('-', ' ').replace('0', 'o')} ")


def test_a_card_has_ten_codes_of_forty_bits(held: Credentials) -> None:
    codes = held.print_card("amensah")
    assert len(set(codes)) == 10
    assert {len(code.replace("-", "")) for code in codes} == {8}
    assert set("".join(codes)) <= set("0123456789ABCDEFGHJKMNPQRSTVWXYZ-")


def test_a_reprint_closes_the_card_before(held: Credentials) -> None:
    old = held.print_card("amensah")
    held.print_card("amensah")
    assert [held.card_fits("amensah", code) for code in old[:3]] == [False, False, False]


def test_a_passkey_belongs_to_one_person_and_its_newest_count_is_kept(held: Credentials) -> None:
    held.keep_passkey("amensah", Passkey(id="aa", public_key="bb", sign_count=1))
    held.keep_passkey("amensah", Passkey(id="aa", public_key="bb", sign_count=2))
    assert held.passkey("aa") == ("amensah", Passkey(id="aa", public_key="bb", sign_count=2))
    assert held.passkey("zz") is None
    assert len(held.of("amensah").passkeys) == 1


def test_who_is_forgotten_has_no_way_in_left(vault: MemoryVault, held: Credentials) -> None:
    held.set_passphrase("amensah", PASSPHRASE)
    held.set_badge("amensah", BADGE, PIN)
    held.forget("amensah")
    assert vault.body == b"{}"
    assert not held.passphrase_fits("amensah", PASSPHRASE)


@pytest.mark.parametrize(
    "secret", ["", "\0", "a" * 5_000, "\ud800".encode("utf-8", "replace").decode()]
)
def test_an_empty_or_odd_secret_opens_nothing(held: Credentials, secret: str) -> None:
    held.print_card("amensah")
    assert not held.passphrase_fits("amensah", secret)
    assert not held.card_fits("amensah", secret)
    assert not held.pin_fits("amensah", secret)
