"""The tables of a site: drugs, critical values, county rules, triage, texts for calls.

Shipped small; a site replaces any of them.
"""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct

from wardlight.record.events.public import PublicText
from wardlight.record.problems import Problem
from wardlight.rules.clinics.contact_texts import ContactTexts, read_contact_texts
from wardlight.rules.clinics.triage_rules import TriageRules, read_triage_rules
from wardlight.rules.laboratory.critical_values import CriticalLimit, read_critical_values
from wardlight.rules.medicines.drug_tables import FILES, Tables, drug_tables
from wardlight.rules.services.county_rules import RuleSet, read_county_rules
from wardlight.rules.services.public_sentences import FILE as PUBLIC_SENTENCES
from wardlight.rules.services.public_sentences import read_public_sentences
from wardlight.wire.file_text import file_text

CRITICAL_VALUES = "critical_values.tsv"
COUNTY_RULES = "county_rules.tsv"
TRIAGE_RULES = "triage_rules.tsv"
CONTACT_TEXTS = "contact_texts.tsv"
NAMES = (*FILES, CRITICAL_VALUES, COUNTY_RULES, TRIAGE_RULES, CONTACT_TEXTS, PUBLIC_SENTENCES)


class SiteTables(Struct, frozen=True, kw_only=True):
    """What rules look things up in."""

    drugs: Tables
    critical_values: tuple[CriticalLimit, ...]
    triage: TriageRules
    texts: ContactTexts
    counties: tuple[RuleSet, ...] = ()
    public: tuple[PublicText, ...] = ()  # by language, in the order of the table


def site_tables(files: Mapping[str, bytes]) -> SiteTables | tuple[Problem, ...]:
    """Return the tables of these files, or everything that is wrong with them."""
    drugs = drug_tables({name: files[name] for name in FILES if name in files})
    critical = read_critical_values(_text(files, CRITICAL_VALUES))
    counties = read_county_rules(_text(files, COUNTY_RULES))
    triage = read_triage_rules(_text(files, TRIAGE_RULES))
    texts = read_contact_texts(_text(files, CONTACT_TEXTS))
    problems = drugs if isinstance(drugs, tuple) else ()
    public = read_public_sentences(_text(files, PUBLIC_SENTENCES))
    read = (critical, counties, triage, texts, public)
    problems += tuple(one for one in read if isinstance(one, Problem))
    if problems:
        return problems
    assert not isinstance(drugs, tuple), "its problems are returned above"
    assert not isinstance(critical, Problem), "returned above"
    assert not isinstance(counties, Problem), "returned above"
    assert not isinstance(triage, Problem), "returned above"
    assert not isinstance(texts, Problem), "returned above"
    assert not isinstance(public, Problem), "returned above"
    return SiteTables(
        drugs=drugs,
        critical_values=critical,
        triage=triage,
        texts=texts,
        counties=counties,
        public=public,
    )


def _text(files: Mapping[str, bytes], name: str) -> str:
    return file_text(files.get(name, b""))
