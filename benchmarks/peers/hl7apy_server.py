"""hl7apy's own MLLPServer, storing what it reads before it answers.

--read whole parses the message as the documentation shows; --read needed parses the MSH
and PID segments only, the least the library can be asked for.
"""

from __future__ import annotations

from typing import Any

from hl7apy.mllp import AbstractErrorHandler, AbstractHandler, MLLPServer
from hl7apy.parser import parse_message, parse_segment
from store import Row, Store, announce, arguments

KINDS = (
    *(f"ADT^{event}^{shape}" for event in ("A01", "A02", "A08") for shape in ("ADT_A01",)),
    "ADT^A03^ADT_A03", "ORU^R01^ORU_R01", "RDE^O11^RDE_O11",
    *(f"SIU^{event}^SIU_S12" for event in ("S12", "S13", "S14", "S15")),
)  # fmt: skip


def needed(text: str) -> Row:
    """Read kind, control id and MRN from the two segments that hold them."""
    lines = text.split("\r")
    patient = parse_segment(next(line for line in lines if line.startswith("PID")), version="2.5")
    header = lines[0].split("|")
    return header[8], header[9], patient.pid_3[0].cx_1.value, text.encode()


def whole(text: str) -> Row:
    """Parse every segment, then read kind, control id and MRN."""
    message = parse_message(text.replace("|2.5.1|", "|2.5|", 1), find_groups=False)
    header = message.msh
    return (
        header.msh_9.value,
        header.msh_10.value,
        message.pid.pid_3[0].cx_1.value,
        text.encode(),
    )


class Keep(AbstractHandler):  # type: ignore[misc]
    """Stores one message, then accepts it."""

    def __init__(self, message: str, store: Store, read: Any) -> None:
        super().__init__(message)
        self.store, self.read = store, read

    def reply(self) -> str:
        row = self.read(self.incoming_message)
        self.store.keep(row)
        return (
            f"\x0bMSH|^~\\&|PEER|TEST|EHR|TEST|20261122120000||ACK|A{row[1]}|P|2.5.1\r"
            f"MSA|AA|{row[1]}\r\x1c\r"
        )


class Refuse(AbstractErrorHandler):  # type: ignore[misc]
    """Answers AE: the load client counts it as an error of the run."""

    def reply(self) -> str:
        control_id = self.incoming_message.split("|", 10)[9]
        return f"\x0bMSH|^~\\&|PEER|||||ACK|A|P|2.5.1\rMSA|AE|{control_id}\r\x1c\r"


class Server(MLLPServer):  # type: ignore[misc]
    """The library's server with a queue long enough for 64 callers."""

    request_queue_size = 512
    daemon_threads = True


def main() -> None:
    options = arguments()
    store = Store(options.data)
    read = whole if options.read == "whole" else needed
    handlers: dict[str, tuple[Any, ...]] = dict.fromkeys(KINDS, (Keep, store, read))
    handlers["ERR"] = (Refuse,)
    server = Server("127.0.0.1", options.port, handlers)
    announce(options.port)
    server.serve_forever()


if __name__ == "__main__":
    main()
