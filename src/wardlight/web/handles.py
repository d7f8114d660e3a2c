"""Opaque names of patients for addresses, codes on paper and the FHIR API.

An address is seen by proxies, histories and shoulders: it must not carry a name, a birth date
or a number of a patient. A handle is a keyed digest; without the node's key it tells nothing.
"""

from __future__ import annotations

from base64 import b32decode, b32encode
from binascii import Error
from collections.abc import Iterable
from hashlib import blake2b
from itertools import islice

from wardlight.record.identity import PatientKey

DIGEST_BYTES = 10  # 80 bits: sixteen characters of base 32, no padding
HANDLE_LENGTH = 16
ALL = 10_000_000  # more patients than one node can know


class Handles:
    """Turns patients into handles, and handles back into patients of this node."""

    def __init__(self, key: bytes) -> None:
        self._key = key
        self._patients: dict[bytes, PatientKey] = {}
        self._known: set[PatientKey] = set()

    def of(self, patient: PatientKey) -> str:
        """Return the handle of a patient: sixteen characters of base 32."""
        return b32encode(self._learn(patient)).decode("ascii")

    def recall(self, handle: str) -> PatientKey | None:
        """Return the patient of a handle that was given out or learnt; None: not yet known."""
        digest = _decoded(handle)
        return None if digest is None else self._patients.get(digest)

    def learn(self, keys: Iterable[PatientKey], most: int) -> bool:
        """Index up to `most` patients more; return whether there may be others.

        In slices, so that a node that knows 100,000 people never keeps a reader waiting.
        """
        new = list(islice((key for key in keys if key not in self._known), most))
        for patient in new:
            self._learn(patient)
        return len(new) == most

    def find(self, handle: str, keys: Iterable[PatientKey]) -> PatientKey | None:
        """Return the patient of a handle among `keys`; None when it is nobody's here."""
        if _decoded(handle) is None:
            return None
        found = self.recall(handle)
        if found is None:
            self.learn(keys, ALL)
            found = self.recall(handle)
        return found

    def _learn(self, patient: PatientKey) -> bytes:
        digest = self._digest(patient)
        self._patients[digest] = patient
        self._known.add(patient)
        return digest

    def _digest(self, patient: PatientKey) -> bytes:
        digest = blake2b(
            patient.encode("utf-8", "surrogatepass"), digest_size=DIGEST_BYTES, key=self._key
        )
        return digest.digest()


def _decoded(handle: str) -> bytes | None:
    """Return the digest of a handle in its one spelling, None when it is not a handle at all."""
    if len(handle) != HANDLE_LENGTH or not handle.isascii():
        return None
    try:
        return b32decode(handle)
    except Error:
        return None
