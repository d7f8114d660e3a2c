"""Write the golden files of this release: `python -m tests.golden.make`.

Only for a kind or version that is new. Files that a release has shipped are never written again.
"""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import msgspec
from tests.golden.samples import samples

from wardlight.feeds.senders import Senders
from wardlight.log.retention import emptied, remove
from wardlight.log.sqlite import SqliteLog, open_log
from wardlight.record import catalogue
from wardlight.record.entry import Draft
from wardlight.record.instants import Instant
from wardlight.record.sources import Source
from wardlight.run.keeping.retention import meaning_of
from wardlight.views.services.downtimes import declaration
from wardlight.wire.reading import reader

HERE = Path(__file__).parent
KEY = bytes(range(32))  # for golden files alone; it protects nobody
AT = Instant(1_795_305_600_000)  # 2026-11-22T00:00Z
NODE = "golden"
SENDERS = Senders(Source(name="adt", site="GEN", zone="America/New_York"), sites=["GEN"])

HEAD = "MSH|^~\\&|EPIC|GEN|||2026112123{0:02d}00||{1}|G{0}|P|2.5.1\r"
PATIENT = "PID|1||7041182236^^^GEN^MR||Golden-Sample^Vega^^^Ms||19580309|F\r"
BED = "PV1|1|I|4E^12^A^GEN||||7^Patel-Sample^Dr|||||||||||V7^^^GEN^VN\r"
ORDER = "ORC|NW|O7\rRXE|^^^^^R|4603^furosemide 40 MG tablet|40||MG\rRXR|PO\rTQ1|||BID\r"
RESULT = (
    "OBR|1|||2823-3^Potassium|||20261121230500\r"
    "OBX|1|NM|2823-3^Potassium||6.8|mmol/L|3.5-5.1|HH|||F\r"
)
SAID = (
    ("ADT^A01", f"EVN|A01|20261121230000\r{PATIENT}{BED}AL1|1|DA|70618^Penicillin||Hives\r"),
    ("ADT^A02", f"EVN|A02|20261121231000\r{PATIENT}{BED.replace('^12^', '^14^')}"),
    (
        "RDE^O11",
        PATIENT + BED + ORDER,
    ),
    (
        "RAS^O17",
        f"{PATIENT}{BED}ORC|RE|O7\rRXA|0|1|202611212310|202611212310|4603^furosemide|40|MG\r",
    ),
    (
        "ORU^R01",
        PATIENT + BED + RESULT,
    ),
    ("ADT^A40", f"EVN|A40|20261121232000\r{PATIENT}MRG|9999^^^GEN^MR\r"),
    ("SIU^S12", f"SCH|1|A7|||||^check^^|||30|MIN|^^30^202611250900\r{PATIENT}AIS|1||ECHO\r"),
    ("XYZ^Z99", PATIENT),
)


def drafts() -> Iterator[Draft]:
    """Give an entry of every kind that is stored from outside, as this release writes it."""
    for number, (kind, rest) in enumerate(SAID):
        yield _draft(catalogue.HL7V2_MESSAGE, (HEAD.format(number, kind) + rest).encode())
    yield _draft(catalogue.HL7V2_TRUNCATED, b"MSH|^~\\&|EPIC|GEN|||2026")
    yield _draft(catalogue.HL7V2_OVERSIZED, b"MSH|^~\\&|EPIC|GEN|||20261121||ORU^R01|BIG|P|2.5\r")
    yield _draft(catalogue.HL7V2_UNFRAMED, b"GET / HTTP/1.1\r\n")
    yield _draft(catalogue.SCHEDULE_FILE, b"appointment,patient,starts\n1,7,2026-11-24 09:00\n")
    yield _draft(catalogue.LINK_TROUBLE, b"a certificate was refused")
    yield _draft(catalogue.DOWNTIME_DECLARED, declaration(AT, drill=True))
    yield _draft(catalogue.DOWNTIME_ENDED, b"{}")
    yield _draft(catalogue.RECOVERY_ENDED, b"{}")
    for kind, body in samples():
        yield _draft(kind, body)


def filled(folder: Path) -> SqliteLog:
    """Return a log of all these entries; of the first messages only the meaning is left."""
    log = open_log(folder, NODE, key=KEY)
    entries = log.append(list(drafts()))
    reading = reader(SENDERS)
    gone = emptied(entries[:6], lambda entry: meaning_of(entry, *reading))
    remove(log, gone, Instant(AT + 1))
    return log


def as_json(log: SqliteLog) -> str:
    """Return every entry, one a line, bytes in hexadecimal."""
    rows = [
        {name: value.hex() if isinstance(value, bytes) else value for name, value in row.items()}
        for row in map(msgspec.structs.asdict, log.read(0, 1_000))
    ]
    return "".join(json.dumps(row, sort_keys=True) + "\n" for row in rows)


def _draft(kind: str, body: bytes) -> Draft:
    return Draft(
        site="GEN",
        source="adt",
        author="EPIC",
        subject="",
        kind=kind,
        version=catalogue.VERSIONS[kind],
        occurred=AT,
        recorded=AT,
        body=body,
    )


def main(release: str) -> None:
    """Write the files of one release; refuses to write over those of an earlier one."""
    target = HERE / release
    target.mkdir()
    with TemporaryDirectory() as folder:
        log = filled(Path(folder))
        (target / "entries.jsonl").write_text(as_json(log), "utf-8")
        log.close()
        shutil.copy(Path(folder) / "log.db", target / "log.db")


if __name__ == "__main__":
    main(sys.argv[1])
