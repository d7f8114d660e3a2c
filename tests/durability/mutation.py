"""Invented HL7 v2 messages, and dice that spoil them as wires, engines and attackers do."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from random import Random

_HEADER = "MSH|^~\\&|EHR|GEN|WL|GEN|20261122080000||{type}|M{number:05d}|P|2.5.1"
_PATIENT = "PID|1||0000{number}^^^GEN^MR||SPECIMEN^TESTA^Q||19600101|F|||1 SAMPLE WAY^^TESTVILLE"
_VISIT = "PV1|1|I|4E^12^A^GEN||||1234^DOCTOR^SAMPLE|||MED||||||||||V{number}^^^GEN^VN"
_BODIES = {
    "ADT^A01": [
        "EVN|A01|20261122080000",
        _PATIENT,
        "NK1|1|SPECIMEN^NEXT|SPO|^^^^^^555 0100",
        _VISIT,
        "OBX|1|NM|8302-2^Height^LN||170|cm|||||F",
        "AL1|1|DA|7980^PENICILLIN^RXN|SV|HIVES~RASH",
        "DG1|1||J18.9^Pneumonia^I10|||A",
    ],
    "ADT^A40": [
        "EVN|A40|20261122081500",
        _PATIENT,
        "MRG|00009^^^GEN^MR",
    ],
    "ORU^R01": [
        _PATIENT,
        _VISIT,
        "ORC|RE|O1^EHR|F1^LAB",
        "OBR|1|O1^EHR|F1^LAB|24323-8^Metabolic panel^LN|||20261122074000|||||||||||||||||LAB|F",
        "OBX|1|NM|2823-3^Potassium^LN||3.1|mmol/L|3.5-5.1|L|||F|||20261122074000",
        "OBX|2|SN|2160-0^Creatinine^LN||>^12|mg/dL|0.6-1.3|HH|||F",
        "NTE|1||haemolysed \\.br\\ repeat \\H\\soon\\N\\ \\X41\\ \\T\\",
        "OBX|3|ED|PDF^Report||^application^pdf^Base64^JVBERi0xLjQ=||||||F",
    ],
    "RDE^O11": [
        _PATIENT,
        _VISIT,
        "ORC|NW|P7^EHR||||E|^BID&0800,2000^^20261122080000||20261122080000|||1234^DOCTOR",
        "RXE|^BID^^20261122080000|161^ACETAMINOPHEN 500 MG^NDC|500||mg|TAB|with food",
        "RXR|PO^Oral",
        "TQ1|1|500^mg|BID|0800~2000|||20261122080000|20261129080000",
    ],
    "RAS^O17": [
        _PATIENT,
        "ORC|RE|P7^EHR",
        "RXE|^BID|161^ACETAMINOPHEN 500 MG^NDC|500||mg",
        "RXA|0|1|20261122081000|20261122081000|161^ACETAMINOPHEN|500|mg|||77^NURSE^SAMPLE|||||||||CP",
        "RXR|PO",
    ],
    "SIU^S12": [
        "SCH|A1^EHR|||||CHECKUP^Check-up|ROUTINE||30|min|^^30^20261123090000^20261123093000",
        _PATIENT,
        "RGS|1",
        "AIS|1|A|CHECK^Check-up|20261123090000",
        "AIL|1|A|CLINIC^1^^GEN",
        "AIP|1|A|1234^DOCTOR^SAMPLE",
    ],
    "MDM^T02": [
        "EVN|T02|20261122083000",
        _PATIENT,
        _VISIT,
        "TXA|1|DS^Discharge summary|TX|20261122083000||||||||D1|||||AU",
        "OBX|1|TX|DS^Summary||Invented text.~Second line.||||||F",
    ],
}


def _written(kind: str, number: int) -> bytes:
    lines = [_HEADER.replace("{type}", kind), *_BODIES[kind], ""]
    return (
        "\r".join(lines)
        .replace("{number:05d}", f"{number:05d}")
        .replace("{number}", str(number))
        .encode()
    )


_SINGLE = [_written(kind, number) for number, kind in enumerate(_BODIES, 1)]
_BATCH = b"".join(
    [
        b"FHS|^~\\&|EHR|GEN\rBHS|^~\\&|EHR|GEN\r",
        *_SINGLE[:3],
        b"BTS|3\rFTS|1\r",
    ]
)
MESSAGES = (*_SINGLE, _BATCH)

_DELIMITERS = b"|^~\\&\r\n\x0b\x1c"
_CHARSETS = ("8859/1", "UNICODE UTF-8", "UNICODE UTF-16", "ISO IR87", "WINDOWS-1252", "NONSENSE")
_ODD_BYTES = (
    *(b"\x00", b"\xff\xfe", b"\xef\xbb\xbf", b"\xc3", b"\xed\xa0\x80", b"\x1b$B", b"\x1b(B"),
    *(b"\x85", b"\xe2\x80\xa8", b"\\X", b"\\.sp99999999\\", b"\\X0D0B1C\\", b'""', b"\x1c"),
)
_NAMES = ("PID", "MSH", "MSA", "BHS", "FTS", "ZZZ", "OBX", "ORC", "RXE", "PV1", "MRG", "QQ", "SCH")
_RUNS = (b"~", b"^", b"&", b"\\", b"|", b"\r", b"A", b"OBX|1|NM|X||1\r", b"\\H\\", b"9", b"PID|\r")
RUN_BYTES_MAX = 20_000
RANDOM_BYTES_MAX = 2_000
DAMAGES_MAX = 6


def spoiled(dice: Random) -> bytes:
    """Return the body of one frame: a message that was damaged a few times, or mere bytes."""
    if dice.random() < SHARE_RANDOM:
        return dice.randbytes(dice.randrange(RANDOM_BYTES_MAX))
    body = dice.choice(MESSAGES)
    for _ in range(dice.randint(0, DAMAGES_MAX)):
        body = dice.choices(_DAMAGES, _WEIGHTS)[0](dice, body)
    return body


def _bits_flipped(dice: Random, body: bytes) -> bytes:
    spoilt = bytearray(body)
    for _ in range(min(len(spoilt), dice.randint(1, 8))):
        spoilt[dice.randrange(len(spoilt))] ^= 1 << dice.randrange(8)
    return bytes(spoilt)


def _cut(dice: Random, body: bytes) -> bytes:
    start, end = sorted(dice.randint(0, len(body)) for _ in range(2))
    return dice.choice((body[:start], body[end:], body[:start] + body[end:], body[start:end]))


def _joined(dice: Random, body: bytes) -> bytes:
    between = dice.choice((b"", b"\r", b"\n", b"\x0b", b"\x1c\r\x0b", b"garbage\r"))
    return body + between + dice.choice(MESSAGES)


def _delimiter_changed(dice: Random, body: bytes) -> bytes:
    mark = bytes([dice.choice(_DELIMITERS)])
    places = [at for at in range(len(body)) if body[at : at + 1] == mark]
    if not places:
        at = dice.randint(0, len(body))
        return body[:at] + mark + body[at:]
    at = dice.choice(places)
    other = dice.choice((b"", mark * 2, mark * 5, bytes([dice.choice(_DELIMITERS)])))
    return body[:at] + other + body[at + 1 :]


def _segment_put_in(dice: Random, body: bytes) -> bytes:
    fields = [str(dice.choice(("", 1, 10**20, "-1", "^~&", '""', "20269999", "A\\E\\B")))] * 9
    line = "|".join([dice.choice(_NAMES), *fields[: dice.randint(0, 9)]]).encode() + b"\r"
    ends = [at + 1 for at in range(len(body)) if body[at] == ord("\r")]
    at = dice.choice([0, *ends])
    return body[:at] + line + body[at:]


def _segments_shuffled(dice: Random, body: bytes) -> bytes:
    lines = body.split(b"\r")
    first = dice.randint(0, 1)
    rest = lines[first:]
    dice.shuffle(rest)
    return b"\r".join([*lines[:first], *rest])


def _charset_changed(dice: Random, body: bytes) -> bytes:
    said = "|2.5.1||||||" + dice.choice(_CHARSETS) + dice.choice(("", "~ISO IR159"))
    changed = body.replace(b"|2.5.1", said.encode(), 1)
    return _odd_bytes_put_in(dice, changed) if dice.random() < 0.5 else _written_anew(dice, changed)


def _written_anew(dice: Random, body: bytes) -> bytes:
    text = body.decode("latin-1")
    return text.encode(dice.choice(("utf-16-le", "utf-16-be", "utf-16", "utf-8-sig", "utf-7")))


def _odd_bytes_put_in(dice: Random, body: bytes) -> bytes:
    at = dice.randint(0, len(body))
    return body[:at] + dice.choice(_ODD_BYTES) + body[at:]


def _framed_again(dice: Random, body: bytes) -> bytes:
    inner = dice.choice(MESSAGES)
    at = dice.randint(0, len(body))
    return body[:at] + b"\x0b" + inner + dice.choice((b"\x1c\r", b"\x1c", b"\r")) + body[at:]


def _repeated(dice: Random, body: bytes) -> bytes:
    what = dice.choice(_RUNS)
    at = dice.randint(0, len(body))
    return body[:at] + what * (dice.randint(1, RUN_BYTES_MAX) // len(what)) + body[at:]


Damage = Callable[[Random, bytes], bytes]
SHARE_RANDOM = 0.05
_WEIGHED: Sequence[tuple[Damage, float]] = (
    (_bits_flipped, 4),
    (_cut, 2),
    (_joined, 1),
    (_delimiter_changed, 6),
    (_segment_put_in, 3),
    (_segments_shuffled, 1),
    (_charset_changed, 1),
    (_odd_bytes_put_in, 3),
    (_framed_again, 0.5),
    (_repeated, 0.3),
)
_DAMAGES = [damage for damage, _ in _WEIGHED]
_WEIGHTS = [weight for _, weight in _WEIGHED]
