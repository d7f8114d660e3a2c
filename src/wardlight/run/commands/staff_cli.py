"""`wardlight staff …`: the commands; what they do is in `staff_commands`, which loads when used."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from wardlight.run.commands.options import HERE, AsJson, Data
from wardlight.run.commands.say import EXIT_USAGE, fail

staff = typer.Typer(
    no_args_is_help=False,
    rich_markup_mode=None,
    help="People of a node: who may sign in, as what, on which wards.",
)


@staff.command("list")
def staff_list(data: Data = HERE, as_json: AsJson = False) -> None:
    """Show everybody with their role and wards."""
    from wardlight.run.commands.staff_commands import list_staff

    list_staff(data, as_json=as_json)


@staff.command("add")
def staff_add(
    account: Annotated[str, typer.Argument(help="What they sign in with.")],
    name: Annotated[str, typer.Option(help="As the ward knows them: 'RN A. Mensah'.")],
    role: Annotated[str, typer.Option(help="nurse, charge nurse, physician, pharmacist, lab …")],
    unit: Annotated[list[str] | None, typer.Option(help="A ward as SITE/UNIT; may repeat.")] = None,
    data: Data = HERE,
    as_json: AsJson = False,
) -> None:
    """Add or change one person and print a card of one-time codes for them.

    wardlight staff add amensah --name "RN A. Mensah" --role nurse --unit MMH/4E
    """
    from wardlight.record.events.access import Role, StaffStated
    from wardlight.run.commands.staff_commands import add_person

    if role not in tuple(Role):
        fail(f"{role} is not a role: {', '.join(Role)}", EXIT_USAGE)
    said = StaffStated(
        account=account.casefold(),
        name=name,
        role=Role(role),
        units=tuple(unit or ()),
        origin="command line",
    )
    add_person(data, said, as_json=as_json)


@staff.command("import")
def staff_import(
    file: Annotated[Path, typer.Argument(help="A roster: CSV, LDIF or HL7 MFN.")],
    data: Data = HERE,
    as_json: AsJson = False,
) -> None:
    """Read a roster: identity and role only. Whoever is missing in it keeps their access."""
    from wardlight.run.commands.staff_commands import import_roster

    import_roster(data, file, as_json=as_json)


@staff.command("card")
def staff_card(
    account: Annotated[str, typer.Argument(help="Whose card.")],
    data: Data = HERE,
    as_json: AsJson = False,
) -> None:
    """Print a new card of ten one-time codes; the one before is closed."""
    from wardlight.run.commands.staff_commands import print_card

    print_card(data, account, as_json=as_json)


@staff.command("disable")
def staff_disable(
    account: Annotated[str, typer.Argument(help="Whose access ends.")], data: Data = HERE
) -> None:
    """End somebody's access at once: sessions and credentials."""
    from wardlight.run.commands.staff_commands import disable_person

    disable_person(data, account)


@staff.command("program")
def staff_program(
    name: Annotated[str, typer.Argument(help="What the program is called.")],
    as_json: AsJson = False,
) -> None:
    """Make a token by which a program reads FHIR over the network; say what to add to the settings.

    wardlight staff program "interface engine"
    """
    from wardlight.run.commands.staff_commands import new_program

    new_program(name, as_json=as_json)
