"""Ask a node's FHIR API as another hospital's software would: over HTTP, page by page."""

from __future__ import annotations

import json
from collections.abc import Iterator
from decimal import Decimal
from typing import Any
from urllib.request import urlopen

PAGE = 500


def everything(http: str, query: str) -> Iterator[dict[str, Any]]:
    """Give every resource of a search, following its links."""
    url: str | None = f"{http}/fhir/{query}{'&' if '?' in query else '?'}_count={PAGE}"
    while url:
        with urlopen(url, timeout=60) as answer:  # noqa: S310 -- the node of this test
            bundle = json.load(answer, parse_float=Decimal)
        for entry in bundle.get("entry", ()):
            yield entry["resource"]
        links = {link["relation"]: link["url"] for link in bundle["link"]}
        url = links.get("next")
