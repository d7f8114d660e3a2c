import codecs
from importlib.resources import files
from pathlib import Path

from wardlight.plan.transfers.transfer_policy import FILE, shipped_policy
from wardlight.rules.site_tables import CONTACT_TEXTS, COUNTY_RULES, TRIAGE_RULES
from wardlight.run.region import region_of
from wardlight.run.site_tables import tables_of


def table(folder: Path, text: str) -> None:
    (folder / "tables").mkdir()
    (folder / "tables" / FILE).write_text(text, "utf-8")


def test_a_site_weighs_transfers_by_its_own_table(tmp_path: Path) -> None:
    shipped = (files("wardlight.plan") / "tables" / FILE).read_text("utf-8")
    table(tmp_path, shipped.replace("handover\t20", "handover\t35"))
    assert region_of(tmp_path).transfer_policy.handover == 35


def test_a_table_of_weights_that_cannot_be_used_is_said_and_the_shipped_one_holds(
    tmp_path: Path,
) -> None:
    table(tmp_path, "nonsense")
    region = region_of(tmp_path)
    assert region.transfer_policy == shipped_policy()
    assert region.notices == (
        "transfer_policy.tsv is not used: the columns are to be name, value, source, note",
    )


def test_a_table_of_rules_a_spreadsheet_saved_with_its_mark_is_read_the_same(
    tmp_path: Path,
) -> None:
    shipped = tables_of(tmp_path)
    (tmp_path / "tables").mkdir()
    for name in (COUNTY_RULES, TRIAGE_RULES):
        body = (files("wardlight.rules") / "tables" / name).read_bytes()
        (tmp_path / "tables" / name).write_bytes(codecs.BOM_UTF8 + body)
    own = tables_of(tmp_path)
    assert (own.counties, own.triage) == (shipped.counties, shipped.triage)
    assert own.counties[0].version == "1"


def test_a_sites_older_table_of_texts_lends_the_names_it_does_not_have(tmp_path: Path) -> None:
    (tmp_path / "tables").mkdir()
    (tmp_path / "tables" / CONTACT_TEXTS).write_text(
        "name\tlanguage\tuse\ttext\nscam\ten\tstatement\tWe never ask for money.\n"
    )
    texts = tables_of(tmp_path).texts
    ours, lent = texts.find("scam", "es"), texts.find("message-subject", "es")
    assert ours is not None
    assert ours.text == "We never ask for money."
    assert lent is not None
    assert lent.language == "es"
