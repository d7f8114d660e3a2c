"""What a node is told by its `wardlight.toml`; every setting has a default that is safe.

A file that says something unknown is refused with the place, so that a misspelt limit is not
silently the default.
"""

from __future__ import annotations

import codecs
import json
import tomllib
from collections.abc import Iterator
from ipaddress import ip_address, ip_network
from pathlib import Path
from typing import Annotated, Literal
from zoneinfo import ZoneInfoNotFoundError

import msgspec
from msgspec import Meta, Struct

from wardlight.outputs.ipp_printer import where_of
from wardlight.outputs.printers import Kind, Printer, address_of
from wardlight.record.instants import zone_named
from wardlight.record.sources import AlertRule, Site, Source
from wardlight.run.addresses import is_name

FILE = "wardlight.toml"
PAPERS = ("letter", "a4")


class SettingsError(Exception):
    """The settings cannot be used; the message says where and what to do."""


class Http(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where screens are served; over https only, as soon as other machines can reach them."""

    listen: str = "127.0.0.1:8080"
    names: tuple[str, ...] = ()  # names and addresses devices open; the first one is printed
    certificate: str = ""  # PEM files of the hospital's own; without them the node signs its own
    key: str = ""


class Mllp(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where HL7 v2 is listened for."""

    listen: str = "127.0.0.1:2575"
    certificate: str = ""  # PEM files; with a certificate the port speaks TLS only
    key: str = ""
    client_authority: str = (
        ""  # PEM of the authority that signs senders; with it they must show one
    )
    peers: tuple[str, ...] = ()  # addresses or networks that may connect; empty: any
    connections_max: Annotated[int, Meta(ge=1)] = 512
    frame_bytes_max: Annotated[int, Meta(ge=1)] = 64 * 1024 * 1024


class Packs(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Ward packs that are renewed on disk before anybody needs them."""

    every_minutes: Annotated[int, Meta(ge=0)] = 15  # 0: only when asked for
    folder: str = "packs"  # inside the data folder, or an absolute path
    keep_days: Annotated[int, Meta(ge=1)] = 7  # a pack that was not renewed for so long is removed
    fonts: str = ""  # a folder of more TrueType or OpenType fonts


class Keys(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where the secret of the node lies; without it neither log nor backups can be read."""

    file: str = ""  # inside the data folder, or an absolute path; default: node.key


class LogSettings(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How the log is kept. It is always encrypted."""

    cipher: Literal["sqlcipher", "aegis"] = "sqlcipher"  # aegis: faster, not a NIST cipher
    witness: str = ""  # folder of the heads and tail files; best on another disk
    mirror: str = ""  # folder on another device for a second log file that repairs the first
    scrub_hours: Annotated[int, Meta(ge=0)] = (
        24  # between two verifications of the whole log; 0: never
    )


class ScanFolder(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A folder a scanner writes into: what lies there is taken in, kept sealed, and removed."""

    folder: str  # inside the data folder, or an absolute path
    site: str = ""  # whose sheets come there; default: the first site


class Scans(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Sheets back from paper; needs the extra `scan`."""

    folders: tuple[ScanFolder, ...] = ()
    readers: Annotated[int, Meta(ge=1, le=16)] = 2  # processes that read pages


class Backup(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Backups a running node makes by itself."""

    folder: str = ""  # inside the data folder, or an absolute path: best on another machine's disk
    every_hours: Annotated[int, Meta(ge=1)] = 24
    keep: Annotated[int, Meta(ge=1)] = 7
    recipients: tuple[str, ...] = ()  # age1…: who can open them beside the node's own key


class Retention(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How long raw messages are kept; what was understood of them is not removed."""

    raw_days: Annotated[int, Meta(ge=0)] = 0  # 0: for ever
    legal_hold: bool = False  # nothing is removed, whatever raw_days says


class Feed(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is agreed with one sender; what is not said is the site's default."""

    name: str
    senders: tuple[str, ...]  # `MSH-3|MSH-4`
    site: str = ""
    zone: str = ""
    authority: str = ""
    charset: str = "utf-8"
    msh_offset_applies: bool = False
    allergies_complete: bool = False
    contacts_complete: bool = False
    problems_complete: bool = True
    accepts_test_messages: bool = False
    patient_kinds: tuple[str, ...] = ("MR", "PI", "")
    classes: dict[str, str] = {}
    alerts: tuple[AlertRule, ...] = ()
    refuses_unread: bool = False


class Program(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One program that may read over the network; `wardlight staff program` makes its token."""

    name: str
    digest: Annotated[str, Meta(pattern="^[0-9a-f]{64}$")]  # SHA-256 of the token


class Outside(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is told outside, and to whom (docs/interfaces.md). Nothing is sent: others read it."""

    network: str = ""  # as the public knows it; default: the first site's name
    sender: str = ""  # in CAP and EDXL, such as wardlight@lakeside.example
    restriction: str = "For EMS agencies, hospitals and emergency management"
    area: str = ""  # the county or region alerts are for
    address: str = ""  # https://… under which other systems read this node
    schemas: str = ""  # folder of OASIS XSDs; with it, what does not fit them is not published
    page: str = ""  # folder the public page is written to, inside the data folder or absolute


class Access(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How long a screen stays open for who signed in."""

    idle_minutes: Annotated[int, Meta(ge=1, le=60)] = 5  # then it locks; 2 in an ED or ICU
    session_hours: Annotated[int, Meta(ge=1, le=24)] = 12
    programs_here: bool = True  # programs of this machine read what is for programs as it is
    programs: tuple[Program, ...] = ()  # programs of other machines


class DriveTimes(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A road engine of the hospital's own; without one the straight line is measured."""

    engine: Literal["", "osrm", "valhalla"] = ""
    address: str = "127.0.0.1:5000"  # of this machine or the hospital's own network, as numbers
    timeout_seconds: Annotated[float, Meta(gt=0, le=10)] = 2.0


class Settings(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Everything a node can be told."""

    node: str = ""  # name of this node in its log; default: the first site's code
    sites: tuple[Site, ...] = ()
    http: Http = Http()
    mllp: Mllp = Mllp()
    packs: Packs = Packs()
    keys: Keys = Keys()
    log: LogSettings = LogSettings()
    retention: Retention = Retention()
    backup: Backup = Backup()
    access: Access = Access()
    outside: Outside = Outside()
    scans: Scans = Scans()
    drive_times: DriveTimes = DriveTimes()
    feeds: tuple[Feed, ...] = ()
    printers: tuple[Printer, ...] = ()  # only what is named here is ever spoken to
    accepts_test_messages: bool = False  # for senders without a [[feeds]] entry
    snapshot_minutes: Annotated[int, Meta(ge=0)] = 10

    def first_site(self) -> Site:
        """Return the site whose defaults hold where nothing else is said."""
        return self.sites[0]


def read_settings(folder: Path, site: str | None = None) -> Settings:
    """Read `wardlight.toml` of a node's folder; a folder without one serves `site`."""
    path = folder / FILE
    try:
        document = tomllib.loads(path.read_text("utf-8")) if path.exists() else {}
        settings = msgspec.convert(document, Settings)
    except (tomllib.TOMLDecodeError, msgspec.ValidationError, UnicodeDecodeError) as error:
        raise SettingsError(f"{path}: {error}") from error
    except OSError as error:
        raise SettingsError(f"{path}: cannot be read: {error.strerror}") from error
    settings = _with_site(settings, site)
    wrong = next(_wrong(settings), None)
    if wrong is not None:
        raise SettingsError(f"{path}: {wrong}")
    return settings


def keep_site(folder: Path, settings: Settings) -> None:
    """Write down the site of a folder whose settings name none, for every later command."""
    path = folder / FILE
    said = path.read_text("utf-8") if path.exists() else ""
    if tomllib.loads(said).get("sites"):
        return
    site = settings.first_site()
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    lines = [
        f"{key} = {json.dumps(getattr(site, key))}" for key in ("code", "name", "zone", "paper")
    ]
    before = [said.rstrip("\n"), ""] if said.strip() else []
    path.write_text("\n".join([*before, "[[sites]]", *lines, ""]), "utf-8")


def default_source(settings: Settings, name: str = "feed") -> Source:
    """Return the settings of a sender that nobody set up."""
    site = settings.first_site()
    return Source(
        name=name,
        site=site.code,
        zone=site.zone,
        accepts_test_messages=settings.accepts_test_messages,
    )


def known_senders(settings: Settings) -> dict[str, Source]:
    """Return the feeds that are set up, by `MSH-3|MSH-4`."""
    sites = {site.code: site for site in settings.sites}
    known: dict[str, Source] = {}
    for feed in settings.feeds:
        site = sites.get(feed.site, settings.first_site())
        fields = {name: getattr(feed, name) for name in feed.__struct_fields__ if name != "senders"}
        fields |= {"site": site.code, "zone": feed.zone or site.zone}
        source = Source(**fields)
        known.update(dict.fromkeys(feed.senders, source))
    return known


def _with_site(settings: Settings, site: str | None) -> Settings:
    codes = [one.code for one in settings.sites]
    if site is None or site in codes:
        sites = settings.sites or (Site(code="SITE", name="This hospital"),)
        first = sorted(sites, key=lambda one: one.code != site)
        return msgspec.structs.replace(settings, sites=tuple(first))
    if codes:
        raise SettingsError(f"site {site} is not in {FILE}; it names {', '.join(codes)}")
    return msgspec.structs.replace(settings, sites=(Site(code=site, name=site),))


def _wrong(settings: Settings) -> Iterator[str]:
    """Give what cannot be meant; a setting that is not followed is worse than none."""
    yield from _wrong_sites(settings)
    codes = [site.code for site in settings.sites]
    for one in settings.scans.folders:
        if one.site and one.site not in codes:
            yield f"{one.site} is not one of the sites {', '.join(codes)} (scans.folders)"
    for feed in settings.feeds:
        yield from _wrong_feed(feed, codes)
    for peer in settings.mllp.peers:
        try:
            ip_network(peer, strict=False)
        except ValueError:
            yield f"{peer} is not an address or network, such as 10.1.0.0/16 (mllp.peers)"
    yield from _wrong_http(settings.http)
    yield from _wrong_engine(settings.drive_times)
    yield from _wrong_printers(settings.printers, codes)
    if (settings.mllp.key or settings.mllp.client_authority) and not settings.mllp.certificate:
        yield "without a certificate the port speaks no TLS; set mllp.certificate too"


def _wrong_printers(printers: tuple[Printer, ...], codes: list[str]) -> Iterator[str]:
    names = [one.name for one in printers]
    for one in printers:
        if not one.name or names.count(one.name) > 1:
            yield f"every printer needs a name of its own; {one.name or 'one has none'}"
        if one.site and one.site not in codes:
            yield f"{one.site} is not one of the sites {', '.join(codes)} (printer {one.name})"
        yield from _wrong_printer(one)


def _wrong_printer(one: Printer) -> Iterator[str]:
    if one.folder and one.address:
        yield f"a printer has an address or a folder, not both (printer {one.name})"
    elif one.kind is Kind.DISK or one.folder:
        if not one.folder:
            yield f"a printer of the kind disk needs its folder (printer {one.name})"
    else:
        try:
            where = where_of(one.address) if one.kind is Kind.IPP else address_of(one.address)
        except ValueError as error:
            yield f"{error} (printer {one.name})"
        else:
            if getattr(where, "secure", False) and not one.certificate:
                yield f"an ipps printer needs its certificate, a PEM file (printer {one.name})"


def _wrong_http(http: Http) -> Iterator[str]:
    for name in http.names:
        if not is_name(name):
            yield f"{name} is not a name, such as wardlight.mmh.example or 10.1.2.3 (http.names)"
    if http.key and not http.certificate:
        yield "http.key needs its http.certificate too"


def _wrong_engine(told: DriveTimes) -> Iterator[str]:
    """Refuse an engine outside: what is asked is where an ambulance stands."""
    host, _, port = told.address.rpartition(":")
    try:
        near = ip_address(host.strip("[]")).is_private
    except ValueError:
        near = False
    if not near or not port.isascii() or not port.isdigit():
        example = "such as 127.0.0.1:5000"
        yield f"{told.address} is no address of your own network, {example} (drive_times.address)"


def _wrong_sites(settings: Settings) -> Iterator[str]:
    codes = [site.code for site in settings.sites]
    for site in settings.sites:
        if site.paper not in PAPERS:
            yield f"paper is {' or '.join(PAPERS)}, not {site.paper} (site {site.code})"
        if codes.count(site.code) > 1:
            yield f"two sites have the code {site.code}"
    zones = [site.zone for site in settings.sites] + [feed.zone for feed in settings.feeds]
    for zone in filter(None, zones):
        try:
            zone_named(zone)
        except (ZoneInfoNotFoundError, ValueError):
            yield f"{zone} is not a time zone name"


def _wrong_feed(feed: Feed, codes: list[str]) -> Iterator[str]:
    if feed.site and feed.site not in codes:
        yield f"{feed.site} is not one of the sites {', '.join(codes)} (feed {feed.name})"
    for sender in feed.senders:
        if sender.count("|") != 1:
            yield f"{sender} is not a sender; write MSH-3|MSH-4 (feed {feed.name})"
    try:
        codecs.lookup(feed.charset)
    except LookupError:
        yield f"{feed.charset} is not a character set (feed {feed.name})"
