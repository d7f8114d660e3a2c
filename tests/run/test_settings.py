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
