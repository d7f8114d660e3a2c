"""The tables a node works with: those it ships, each replaced by a site's own file of that name."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

from msgspec.structs import replace

from wardlight.rules.clinics.contact_texts import ContactTexts, read_contact_texts
from wardlight.rules.site_tables import CONTACT_TEXTS, NAMES, SiteTables, site_tables
from wardlight.run.settings import SettingsError
from wardlight.wire.file_text import file_text

FOLDER = "tables"


def tables_of(folder: Path) -> SiteTables:
    """Return the tables of a node's folder. Raises SettingsError naming each line that is wrong."""
    shipped = files("wardlight.rules") / FOLDER
    own = folder / FOLDER
    found = site_tables(
        {
            name: (own / name).read_bytes()
            if (own / name).is_file()
            else (shipped / name).read_bytes()
            for name in NAMES
        }
    )
    if isinstance(found, SiteTables):
        texts = read_contact_texts(file_text((shipped / CONTACT_TEXTS).read_bytes()))
        assert isinstance(texts, ContactTexts), "the shipped table is read in a test"
        return replace(found, texts=found.texts.with_missing(texts))
    told = "; ".join(f"{one.where}: {one.because}" for one in found)
    raise SettingsError(f"{own}: {told}")
