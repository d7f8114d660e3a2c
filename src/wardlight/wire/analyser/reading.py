"""A file an analyser wrote, whichever of the two languages it speaks. Nothing here ever raises."""

from __future__ import annotations

from wardlight.record.instants import Instant
from wardlight.record.sources import Source
from wardlight.wire.analyser.astm import read_astm
from wardlight.wire.analyser.found import BYTES_MAX, AnalyserFile, problem, readable
from wardlight.wire.analyser.frames import is_framed, unframed
from wardlight.wire.analyser.hl7 import read_hl7

_HL7 = (b"MSH", b"FHS", b"BHS", b"\x0bMSH")
_MARKS = b" \t\r\n\x00\xef\xbb\xbf"


def read_analyser_file(raw: bytes, source: Source, received: Instant) -> AnalyserFile:
    """Return the results of a file and everything that is wrong with it.

    `source` says the analyser's zone and character set.
    """
    if len(raw) > BYTES_MAX:
        return AnalyserFile((), (problem("too-long", "file", "the file is too long: cut it"),))
    begins = raw[:64].lstrip(_MARKS)
    if begins.startswith(_HL7):
        return read_hl7(raw, source, received)
    if is_framed(raw):
        return _streamed(raw, source, received)
    if begins[:1] == b"H":
        return read_astm(readable(raw), source.zone, received)
    because = "this is neither an ASTM nor an HL7 file: type the results from the printout"
    return AnalyserFile((), (problem("unknown", "file", because),))


def _streamed(raw: bytes, source: Source, received: Instant) -> AnalyserFile:
    stream = unframed(raw)
    read = [read_astm(readable(text), source.zone, received) for text in stream.messages]
    return AnalyserFile(
        tuple(result for one in read for result in one.results),
        (*stream.problems, *(problem for one in read for problem in one.problems)),
    )
