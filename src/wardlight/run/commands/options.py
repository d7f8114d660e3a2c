"""The options that commands share, so that each is called the same everywhere."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

Data = Annotated[Path, typer.Option("--data", help="Folder of the node.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON document.")]
SiteCode = Annotated[str | None, typer.Option("--site", help="Code of the hospital or clinic.")]
Unit = Annotated[str | None, typer.Option("--unit", help="One unit, such as 4E.")]

HERE = Path("wardlight-data")
