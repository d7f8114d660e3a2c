"""The command line. Results on stdout, progress on stderr, `--json` prints one document.

Exit codes: 0 ok, 1 a check failed, 2 usage, 3 not found, 4 not allowed, 5 conflict. Each command
imports what it needs when it runs, so that `--help` is quick on an old machine.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from wardlight import __version__
from wardlight.run.commands.ca_cli import ca
from wardlight.run.commands.options import HERE, AsJson, Data, SiteCode, Unit
from wardlight.run.commands.say import EXIT_FAILED, EXIT_USAGE, fail
from wardlight.run.commands.schedule_cli import schedule
from wardlight.run.commands.staff_cli import staff

# Typer carries a Click of its own; "wrong use" is the parent of the one class it shows.
WrongUse: type[BaseException] = typer.BadParameter.__bases__[0]

app = typer.Typer(
    no_args_is_help=False,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    help="What a hospital network runs on while its own computers are down.",
)

keys = typer.Typer(
    no_args_is_help=False, rich_markup_mode=None, help="The node's key: shares of it, and checks."
)
app.add_typer(keys, name="keys")
app.add_typer(staff, name="staff")
app.add_typer(schedule, name="schedule")
app.add_typer(ca, name="ca")


def _version(wanted: bool) -> None:  # noqa: FBT001 -- Typer calls it with the option's value
    if wanted:
        typer.echo(f"wardlight {__version__}")
        raise typer.Exit


@app.callback()
def _main(
    _: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Say the version.")
    ] = False,
) -> None:
    """Run, read and print from one node."""


@app.command()
def up(
    data: Data = HERE,
    site: SiteCode = None,
    http: Annotated[str | None, typer.Option(help="HOST:PORT for screens.")] = None,
    mllp: Annotated[str | None, typer.Option(help="HOST:PORT for HL7 v2.")] = None,
    accept_loss: Annotated[
        bool, typer.Option("--accept-loss", help="Go on with a log that has lost entries.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Run a node: listen to feeds, serve screens, renew packs.

    wardlight up --site MMH --mllp 0.0.0.0:2575
    """
    from wardlight.run.up import Wish, run_node

    wish = Wish(site=site, http=http, mllp=mllp, accept_loss=accept_loss, as_json=as_json)
    run_node(data, wish)


@app.command()
def demo(
    http: Annotated[str, typer.Option(help="HOST:PORT for screens.")] = "127.0.0.1:8080",
    seed: Annotated[int, typer.Option(help="Another seed, another history.")] = 1,
    scale: Annotated[float, typer.Option(help="Share of the real sizes, 0.05 to 1.")] = 0.4,
    speed: Annotated[float, typer.Option(help="Minutes that pass in one minute.")] = 10.0,
    as_json: AsJson = False,
) -> None:
    """Run a simulated hospital network, and take its EHR away with one button.

    wardlight demo --speed 60
    """
    from wardlight.run.demo import run_demo

    run_demo(http=http, seed=seed, scale=scale, speed=speed, as_json=as_json)


@app.command()
def send(
    files: Annotated[list[Path], typer.Argument(help="HL7 v2 files: one or many messages each.")],
    to: Annotated[str, typer.Option("--to", help="HOST:PORT of the receiver.")],
    as_json: AsJson = False,
) -> None:
    """Send HL7 v2 files over MLLP and count the answers.

    wardlight send feed.hl7 --to 127.0.0.1:2575
    """
    from wardlight.run.commands.sending import run_send

    run_send(files, to=to, as_json=as_json)


@app.command()
def census(
    unit: Unit = None, site: SiteCode = None, data: Data = HERE, as_json: AsJson = False
) -> None:
    """Say who lies where.

    wardlight census --unit 4E
    """
    from wardlight.run.commands.reading import run_census

    run_census(data, unit=unit, site=site, as_json=as_json)


@app.command()
def chart(
    patient: Annotated[str, typer.Argument(metavar="ID", help="MRN or another number.")],
    data: Data = HERE,
    as_json: AsJson = False,
) -> None:
    """Show one patient's chart.

    wardlight chart 7041182236
    """
    from wardlight.run.commands.reading import run_chart

    run_chart(data, patient=patient, as_json=as_json)


@app.command()
def unread(data: Data = HERE, as_json: AsJson = False) -> None:
    """List what was received and not understood, with the reason.

    wardlight unread --json
    """
    from wardlight.run.commands.reading import run_unread

    run_unread(data, as_json=as_json)


@app.command()
def links(data: Data = HERE, as_json: AsJson = False) -> None:
    """Say when each feed was last heard, and which one is silent.

    wardlight links
    """
    from wardlight.run.commands.reading import run_links

    run_links(data, as_json=as_json)


@app.command()
def pack(
    out: Annotated[Path, typer.Option("--out", help="Folder for the PDF files.")],
    unit: Unit = None,
    every: Annotated[bool, typer.Option("--all", help="Every unit.")] = False,
    site: SiteCode = None,
    data: Data = HERE,
    as_json: AsJson = False,
) -> None:
    """Make downtime packs as PDF: census, patient summaries and MARs, ordered by bed.

    wardlight pack --all --out packs
    """
    from wardlight.run.paperwork.packs import run_pack

    if every == (unit is not None):
        fail("say either --unit U or --all")
    run_pack(data, out=out, unit=unit, site=site, as_json=as_json)


@app.command(name="status-page")
def status_page(
    out: Annotated[Path, typer.Option("--out", help="Folder for the page.")],
    data: Data = HERE,
    as_json: AsJson = False,
) -> None:
    """Write the public status page as files that any web host can serve.

    wardlight status-page --out page
    """
    from wardlight.run.outside import run_status_page

    run_status_page(data, out=out, as_json=as_json)


@app.command()
def verify(
    data: Data = HERE,
    against: Annotated[
        str | None, typer.Option(metavar="HEAD", help="A printed or peer's head, or its file.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Verify the log: every entry, page, head, and the snapshot; also while the node runs.

    wardlight verify --against "12345 3f2a9c01b2c3d4e5"
    """
    from wardlight.run.keeping.verify import run_verify

    run_verify(data, against=against, as_json=as_json)


@app.command()
def evidence(
    out: Annotated[Path, typer.Option("--out", help="A new folder for the bundle.")],
    data: Data = HERE,
    first: Annotated[int, typer.Option("--from", min=1, help="First entry.")] = 1,
    last: Annotated[int | None, typer.Option("--to", min=1, help="Last entry.")] = None,
    patient: Annotated[str | None, typer.Option(help="Only what is about this number.")] = None,
    as_json: AsJson = False,
) -> None:
    """Write entries with their proofs, and a verifier that needs only Python.

    wardlight evidence --out evidence --from 1 --to 5000
    """
    from wardlight.run.keeping.evidence import Wish, run_evidence

    run_evidence(data, out, Wish(first=first, last=last, patient=patient, as_json=as_json))


@app.command()
def retention(
    data: Data = HERE,
    apply: Annotated[bool, typer.Option("--apply", help="Remove them.")] = False,
    as_json: AsJson = False,
) -> None:
    """Say which raw messages are older than the setting; their meaning always stays.

    wardlight retention --apply
    """
    from wardlight.run.keeping.retention import run_retention

    run_retention(data, apply=apply, as_json=as_json)


@keys.command("split")
def keys_split(
    out: Annotated[Path, typer.Option("--out", help="Folder for the shares.")],
    data: Data = HERE,
    as_json: AsJson = False,
) -> None:
    """Write five shares of the node's key, to print; any three bring it back.

    wardlight keys split --out shares
    """
    from wardlight.run.keeping.custody import run_split

    run_split(data, out=out, as_json=as_json)


@keys.command("recover")
def keys_recover(
    share: Annotated[
        list[Path] | None, typer.Option("--share", help="A share's file; without, words are typed.")
    ] = None,
    data: Data = HERE,
    as_json: AsJson = False,
) -> None:
    """Bring the node's key file back from three shares.

    wardlight keys recover --data wardlight-data
    """
    from wardlight.run.keeping.custody import run_recover

    run_recover(data, files=share or [], as_json=as_json)


@keys.command("check")
def keys_check(data: Data = HERE, as_json: AsJson = False) -> None:
    """Say whether the key opens the log, and the line by which others verify this node.

    wardlight keys check
    """
    from wardlight.run.keeping.custody import run_check

    run_check(data, as_json=as_json)


@app.command()
def backup(
    out: Annotated[Path | None, typer.Option("--out", help="Folder for the backups.")] = None,
    data: Data = HERE,
    keep: Annotated[int | None, typer.Option(min=1, help="How many to keep.")] = None,
    as_json: AsJson = False,
) -> None:
    """Write an encrypted, signed backup of the log, also while the node runs.

    wardlight backup --out /mnt/backup
    """
    from wardlight.run.keeping.backup import run_backup

    run_backup(data, out=out, keep=keep, as_json=as_json)


@app.command()
def restore(
    file: Annotated[Path, typer.Argument(help="The backup; its .checkpoint lies beside it.")],
    data: Annotated[Path, typer.Option("--data", help="Folder without a log.")],
    against: Annotated[
        str, typer.Option(help="A head seen elsewhere: a file, or 'SIZE ROOT' off paper.")
    ] = "",
    older: Annotated[
        bool, typer.Option("--older", help="Take it although a later head was seen.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Bring a log back from a backup, onto a machine that has its key.

    wardlight restore MMH-000000123456-3f2a9c01.age --data wardlight-data
    """
    from wardlight.run.keeping.restore import run_restore

    run_restore(file, data=data, against=against, older=older, as_json=as_json)


def main() -> None:
    """Run the command line; a wrong use is one line and exit 2."""
    command = typer.main.get_command(app)
    try:
        code = command.main(prog_name="wardlight", standalone_mode=False)
    except WrongUse as error:
        fail(_sentence(error), EXIT_USAGE)
    except typer.Abort:
        sys.exit(130)
    except Exception as error:  # noqa: BLE001 -- the last line of every command: told without its text
        from wardlight.run.faults import sentence

        fail(sentence(error), EXIT_FAILED)
    sys.exit(code if isinstance(code, int) else 0)


def _sentence(error: BaseException) -> str:
    context = getattr(error, "ctx", None)
    place = context.command_path if context else "wardlight"
    told = getattr(error, "format_message", error.__str__)()
    words = " ".join(told.split("\n")[0].split())
    return f"{words or 'say what to do'} (see {place} --help)"
