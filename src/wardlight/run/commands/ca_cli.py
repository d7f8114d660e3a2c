"""`wardlight ca …`: the commands; what they do is in `ca_commands`, which loads when used."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from wardlight.run.commands.options import HERE, AsJson, Data

ca = typer.Typer(
    no_args_is_help=False,
    rich_markup_mode=None,
    help="The node's own certificate authority: what ward PCs and tablets have to trust.",
)


@ca.command("show")
def ca_show(data: Data = HERE, as_json: AsJson = False) -> None:
    """Show the authority's names, its end and the fingerprint to compare."""
    from wardlight.run.commands.ca_commands import show

    show(data, as_json=as_json)


@ca.command("export")
def ca_export(
    file: Annotated[Path, typer.Argument(help="Where to write it: ca.crt (PEM) or ca.cer (DER).")],
    data: Data = HERE,
) -> None:
    """Write the certificate to a file, for a group policy or an MDM.

    wardlight ca export ca.crt
    """
    from wardlight.run.commands.ca_commands import export

    export(data, file)


@ca.command("renew")
def ca_renew(data: Data = HERE) -> None:
    """Make the authority anew for other names; every device has to be given it again."""
    from wardlight.run.commands.ca_commands import renew

    renew(data)
