"""Answers in FHIR's form: bundles, and for every error a sentence (OperationOutcome)."""

from __future__ import annotations

import hashlib
from http import HTTPStatus

import msgspec
from starlette.responses import Response

from wardlight.wire.fhir.types import Element

MEDIA_TYPE = "application/fhir+json"
_CONTENT_TYPE = f"{MEDIA_TYPE}; charset=utf-8; fhirVersion=4.0"
_VERSION_BYTES = 6


class Unanswerable(Exception):  # noqa: N818 - a request that cannot be answered, not a fault
    """A request that is answered with a sentence: HTTP status and FHIR issue code."""

    def __init__(self, status: HTTPStatus, code: str, sentence: str) -> None:
        super().__init__(sentence)
        self.status = status
        self.code = code
        self.sentence = sentence


def invalid(sentence: str) -> Unanswerable:
    """Return the answer to a request that is wrong in itself."""
    return Unanswerable(HTTPStatus.BAD_REQUEST, "invalid", sentence)


def not_found(sentence: str) -> Unanswerable:
    """Return the answer where nothing is known under a name."""
    return Unanswerable(HTTPStatus.NOT_FOUND, "not-found", sentence)


def outcome(code: str, sentence: str) -> Element:
    """Return an OperationOutcome with one error."""
    issue = {"severity": "error", "code": code, "diagnostics": sentence}
    return {"resourceType": "OperationOutcome", "issue": [issue]}


def versioned(resource: Element) -> Element:
    """Return the resource with its version: a digest of what it says."""
    digest = hashlib.blake2b(msgspec.json.encode(resource), digest_size=_VERSION_BYTES).hexdigest()
    return {**resource, "meta": {**resource.get("meta", {}), "versionId": digest}}


def answer(
    content: Element, status: int = HTTPStatus.OK, headers: dict[str, str] | None = None
) -> Response:
    """Return a response nobody may keep: it is about patients."""
    return Response(
        msgspec.json.encode(content),
        status_code=status,
        headers={"Cache-Control": "no-store", "Content-Type": _CONTENT_TYPE, **(headers or {})},
    )


def refusal(problem: Unanswerable) -> Response:
    """Return the answer to a request that cannot be answered."""
    return answer(outcome(problem.code, problem.sentence), problem.status)
