"""Read HL7 v2 messages as fast as we can: messages a second of CPU on one core.

    python benchmarks/parse.py

ADT: fifteen fields of a twelve-segment A01 of 1.3 KB. ORU: thirteen fields of the header part and
four fields of each of thirty OBX. Every message differs, so that no cache answers for all of it.
"""

from __future__ import annotations

import time
from collections.abc import Callable

from wardlight.wire.hl7v2.message import Message
from wardlight.wire.hl7v2.text import first_reader

ROUNDS = 7
COUNT = 400

ADT = (
    "MSH|^~\\&|HIS|GENERAL|WARDLIGHT|GENERAL|20261122023145+0100||ADT^A01^ADT_A01|M{n:07d}|P|2.5.1"
    "|||AL|NE||UNICODE UTF-8\r"
    "EVN|A01|20261122023140||ADM|clerk07^Example^Clara^^^Ms|20261122021500|GENERAL\r"
    "PID|1||{n:08d}^^^GENERAL&1.2.3.4&ISO^MR~9{n:07d}^^^NATIONAL^NI||Beispielová^Zoë{n}^Q^^Ms^^L"
    "~Beispielová^Zo^^^^^D||19{y:02d}0412|F|||1 Sample \\T\\ Street^^Exampletown^^01234^XX^H"
    "||+1 555 0100^PRN^PH|+1 555 0101^WPN^PH|en|M||V{n:07d}^^^GENERAL^VN\r"
    "PD1||||1234^Familydoc^Fred^^^Dr\r"
    "NK1|1|Beispiel^Nora|SPO^Spouse^HL70063|2 Sample Street^^Exampletown|+1 555 0102\r"
    "PV1|1|I|3WEST^312^B^GENERAL^^N^MAIN^3|E||ED^07^A^GENERAL|4321^Attending^Anna^^^Dr|"
    "5678^Refer^Rob|8765^Consult^Carl|MED||||7|A0||4321^Attending^Anna|IP|V{n:07d}^^^GENERAL^VN"
    "|||||||||||||||||||||||||20261122021500\r"
    "PV2|||^Chest pain, unspecified\\.br\\second line|||||20261126\r"
    "OBX|1|NM|3141-9^Body weight^LN||71.5|kg|||||F|||20261122020000\r"
    "AL1|1|DA|7980^Penicillin G^RXNORM|SV|Anaphylaxis~Hives|20150101\r"
    "AL1|2|FA|^Peanut|MO|Wheeze\r"
    "DG1|1||R07.9^Chest pain, unspecified^I10|Chest pain|20261122|A\r"
    "IN1|1|PLAN7|99^Example Insurance|Example Mutual"
    "|9 Long Insurance Road^Suite 12^Exampletown^^01234|^^^^^^5550199|+1 555 0199|GRP1"
    "|Example group|||20260101|20271231||HMO"
    "|Beispiel^Zoë^Q|SEL|19700412|1 Sample Street^^Exampletown\r"
)
ORU_HEAD = (
    "MSH|^~\\&|LAB|GENERAL|WARDLIGHT|GENERAL|20261122031500||ORU^R01^ORU_R01|L{n:07d}|P|2.5.1\r"
    "PID|1||{n:08d}^^^GENERAL^MR||Muster^Max{n}||19{y:02d}0101|M\r"
    "PV1|1|I|3WEST^312^B^GENERAL||||4321^Attending^Anna|||||||||||V{n:07d}\r"
    "ORC|RE|P{n}^HIS|F{n}^LAB\r"
    "OBR|1|P{n}^HIS|F{n}^LAB|24323-8^Comprehensive panel^LN|||20261122024500|||||||20261122025000"
    "||4321^Attending^Anna||||||20261122031400||CH|F\r"
)
OBX = (
    "OBX|{i}|NM|{i}7{i}-{i}^Analyte number {i}^LN^LOC{i}^Analyte {i}^L||{v}.{i}|mmol/l^^UCUM"
    "|3.5-5.1|{flag}|||F|||20261122024500||tech{i}^Techno^Tom\r"
)


def adt_fields(raw: bytes) -> list[str]:
    """Read the fifteen fields a census needs."""
    message = Message.parse(raw)
    assert isinstance(message, Message)
    header, person, visit = (message.segment(name) for name in ("MSH", "PID", "PV1"))
    unit, room, bed = visit.components(3, 3)
    return [
        header.text(7),
        header.text(9),
        header.text(9, 2),
        header.text(10),
        person.text(3),
        *person.components(5, 2),
        person.text(7),
        person.text(8),
        visit.text(2),
        unit,
        room,
        bed,
        visit.text(19),
        visit.text(44),
    ]


def oru_fields(raw: bytes) -> list[str]:
    """Read thirteen fields of the header part and four of every OBX."""
    message = Message.parse(raw)
    assert isinstance(message, Message)
    header, person, request = (message.segment(name) for name in ("MSH", "PID", "OBR"))
    values = [
        *header.components(9, 2),
        header.text(7),
        header.text(10),
        person.text(3),
        *person.components(5, 2),
        person.text(7),
        request.text(2),
        request.text(3),
        request.text(4),
        request.text(7),
        request.text(25),
    ]
    read = first_reader(message.encoding)
    for row in message.rows("OBX", 14):
        values.append(read(row[3]))
        values.append(read(row[5]))
        values.append(read(row[6]))
        values.append(read(row[8]))
    return values


def rate(read: Callable[[bytes], list[str]], messages: list[bytes]) -> float:
    """Return the median rate in messages per CPU second."""
    rates = []
    for _ in range(ROUNDS):
        started = time.process_time()
        for _ in range(5):
            for raw in messages:
                read(raw)
        rates.append(5 * len(messages) / (time.process_time() - started))
    return sorted(rates)[ROUNDS // 2]


def main() -> None:
    """Print one line for each kind of message."""
    adt = [ADT.format(n=n, y=n % 100).encode() for n in range(COUNT)]
    oru = [
        (
            ORU_HEAD.format(n=n, y=n % 100)
            + "".join(OBX.format(i=i, v=n % 200, flag="H" if i % 5 else "") for i in range(30))
        ).encode()
        for n in range(COUNT)
    ]
    assert adt_fields(adt[7])[4:7] == ["00000007", "Beispielová", "Zoë7"]
    assert len(oru_fields(oru[3])) == 13 + 120
    print(f"ADT  {len(adt[0]):5d} bytes  {rate(adt_fields, adt):9,.0f} messages/s")
    print(f"ORU  {len(oru[0]):5d} bytes  {rate(oru_fields, oru):9,.0f} messages/s")


if __name__ == "__main__":
    main()
