"""The tables a node works with: those it ships, each replaced by a site's own file of that name."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

from wardlight.rules.site_tables import NAMES, SiteTables, site_tables
from wardlight.run.settings import SettingsError

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
        return found
    told = "; ".join(f"{one.where}: {one.because}" for one in found)
    raise SettingsError(f"{own}: {told}")
