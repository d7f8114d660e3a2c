"""What a node is told by its settings file."""

from __future__ import annotations

from pathlib import Path

import pytest

from wardlight.run.settings import (
    SettingsError,
    default_source,
    keep_site,
    known_senders,
    read_settings,
)

TWO_SITES = """
[[sites]]
code = "MMH"
name = "Manchester"
[[sites]]
code = "LAX"
name = "Los Angeles"
zone = "America/Los_Angeles"
[[feeds]]
name = "pharmacy"
senders = ["RX|LAX", "RX2|LAX"]
site = "LAX"
allergies_complete = true
"""


def test_a_folder_without_a_file_serves_the_site_that_was_named(tmp_path: Path) -> None:
    assert read_settings(tmp_path, "MMH").first_site().code == "MMH"


def test_the_site_named_on_the_command_line_comes_first(tmp_path: Path) -> None:
    (tmp_path / "wardlight.toml").write_text(TWO_SITES)
    assert [s.code for s in read_settings(tmp_path, "LAX").sites] == ["LAX", "MMH"]


def test_a_site_that_the_file_does_not_name_is_refused(tmp_path: Path) -> None:
    (tmp_path / "wardlight.toml").write_text(TWO_SITES)
    with pytest.raises(SettingsError, match="names MMH, LAX"):
        read_settings(tmp_path, "XXX")


def test_a_feed_has_its_own_agreement_and_its_sites_zone(tmp_path: Path) -> None:
    (tmp_path / "wardlight.toml").write_text(TWO_SITES)
    known = known_senders(read_settings(tmp_path))
    assert set(known) == {"RX|LAX", "RX2|LAX"}
    assert known["RX|LAX"].zone == "America/Los_Angeles"
    assert known["RX|LAX"].allergies_complete is True


def test_a_sender_nobody_set_up_has_the_first_sites_defaults(tmp_path: Path) -> None:
    (tmp_path / "wardlight.toml").write_text(TWO_SITES)
    source = default_source(read_settings(tmp_path))
    assert (source.site, source.zone) == ("MMH", "America/New_York")


def test_the_site_of_the_first_start_is_written_behind_other_settings(tmp_path: Path) -> None:
    (tmp_path / "wardlight.toml").write_text("[packs]\nevery_minutes = 0\n")
    keep_site(tmp_path, read_settings(tmp_path, "GEN"))
    again = read_settings(tmp_path)
    assert (again.first_site().code, again.packs.every_minutes) == ("GEN", 0)
    before = (tmp_path / "wardlight.toml").read_text()
    keep_site(tmp_path, again)
    assert (tmp_path / "wardlight.toml").read_text() == before


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("snapshot_minutes = -4", "snapshot_minutes"),
        ("[packs]\nevery_minutes = -1", "packs.every_minutes"),
        ("[mllp]\nconnections_max = 0", "mllp.connections_max"),
        ("[mllp]\nframe_bytes_max = 0", "mllp.frame_bytes_max"),
        ('[mllp]\npeers = ["10.0.0.0/33"]', "10.0.0.0/33 is not an address or network"),
        ('[mllp]\nclient_authority = "ca.pem"', "without a certificate the port speaks no TLS"),
        ('[[sites]]\ncode = "A"\nname = "A"\npaper = "b5"', "paper is letter or a4, not b5"),
        ('[[sites]]\ncode = "A"\nname = "A"\n' * 2, "two sites have the code A"),
        ('[[feeds]]\nname = "rx"\nsenders = ["RX|LAX"]\nsite = "LAX"', "LAX is not one of"),
        ('[[feeds]]\nname = "rx"\nsenders = ["RX|A"]\ncharset = "klingon"', "klingon"),
        ('[[feeds]]\nname = "rx"\nsenders = ["RX"]', "RX is not a sender; write MSH-3|MSH-4"),
    ],
)
def test_a_setting_that_cannot_be_meant_is_refused_with_its_name(
    tmp_path: Path, text: str, said: str
) -> None:
    (tmp_path / "wardlight.toml").write_text(text)
    with pytest.raises(SettingsError) as refused:
        read_settings(tmp_path)
    assert said in str(refused.value)


@pytest.mark.parametrize(
    ("http", "said"),
    [
        ('names = ["https://wardlight.mmh.example"]', "is not a name"),
        ('names = ["10.1.2.3:443"]', "is not a name"),
        ('names = ["-x"]', "is not a name"),
        ('key = "own.key"', "http.key needs its http.certificate too"),
    ],
)
def test_a_name_nobody_can_open_is_refused(tmp_path: Path, http: str, said: str) -> None:
    (tmp_path / "wardlight.toml").write_text(f"[http]\n{http}\n")
    with pytest.raises(SettingsError, match=said):
        read_settings(tmp_path)


@pytest.mark.parametrize(
    "address", ["8.8.8.8:5000", "routing.example:80", "127.0.0.1", "10.0.0.1:"]
)
def test_a_road_engine_is_one_of_the_own_network(tmp_path: Path, address: str) -> None:
    told = f'[drive_times]\nengine = "osrm"\naddress = "{address}"\n'
    (tmp_path / "wardlight.toml").write_text(told)
    with pytest.raises(SettingsError, match=r"no address of your own network"):
        read_settings(tmp_path)
