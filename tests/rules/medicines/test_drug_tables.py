from __future__ import annotations

import pytest
from tests.rules.medicines.dosing_builders import shipped, tables

from wardlight.record.codes import Coded
from wardlight.rules.medicines.drug_names import agent_of, drug_of
from wardlight.rules.medicines.drug_tables import FILES, Tables, drug_tables


def problems(file: str, old: str, new: str) -> list[tuple[str, str]]:
    """Return what is wrong when one line of one shipped file is changed."""
    files = shipped()
    text = files[file].decode()
    assert old in text, "the line to change is in the file"
    found = drug_tables({**files, file: text.replace(old, new, 1).encode()})
    return [] if isinstance(found, Tables) else [(one.where, one.because) for one in found]


def test_the_shipped_tables_are_whole() -> None:
    found = tables()
    assert len(found.ingredients) > 250
    assert set(found.versions) == set(FILES)
    assert found.versions["doses.tsv"] == "version 1 of 2026-11-23"


def test_every_shipped_row_names_a_source_and_waits_for_the_pharmacist() -> None:
    for name, content in shipped().items():
        head = [line for line in content.decode().splitlines() if line.startswith("#")]
        assert any("to be confirmed by the site's pharmacist" in line for line in head), name
        assert any(line.startswith("# source ") for line in head), name


def test_a_missing_file_is_named() -> None:
    files = {name: content for name, content in shipped().items() if name != "doses.tsv"}
    (problem,) = drug_tables(files)  # type: ignore[misc]  # a tuple of one problem
    assert (problem.where, problem.because) == ("doses.tsv", "the file is missing")


@pytest.mark.parametrize(
    ("file", "old", "new", "because"),
    [
        ("doses.tsv", "18\t\tno\t325\t1000", "18\t\tno\tlots\t1000", "column low"),
        ("doses.tsv", "18\t\tno\t325\t1000", "18\t\tno\t3250\t1000", "low dose is above the high"),
        ("doses.tsv", "325\t1000\tmg", "325\t1000\tspoons", "the unit spoons is not understood"),
        ("doses.tsv", "acetaminophen\toral", "acetominophen\toral", "no ingredient acetominophen"),
        ("doses.tsv", "ingredient\troutes", "drug\troutes", "the columns have to be ingredient"),
        ("drugs.tsv", "penicillins, side-chain", "penicilins, side-chain", "no class penicilins"),
        ("drugs.tsv", "aleve, ", "advil, ", "the name advil is taken by another row"),
        ("drugs.tsv", "# version: 1", "# version 1", "a version, a date, a source"),
        ("high_alert.tsv", "\tyes\tno\tinsulin", "\tperhaps\tno\tinsulin", "column second"),
        ("drug_classes.tsv", "\tK22\t", "\tXX\t", "does not name the source XX"),
        ("drug_classes.tsv", "\tclass\tno\t", "\tclass\t", "8 columns instead of 9"),
    ],
)
def test_each_fault_is_named_by_file_and_line(file: str, old: str, new: str, because: str) -> None:
    found = problems(file, old, new)
    assert any(where.startswith(f"{file} line ") and because in words for where, words in found)


def test_bytes_that_are_no_text_are_refused() -> None:
    found = drug_tables({**shipped(), "drugs.tsv": b"\xff\xfe\x00"})
    assert not isinstance(found, Tables)
    assert found[0].because == "the file is not UTF-8 text"


@pytest.mark.parametrize(
    ("said", "ingredients"),
    [
        ("Tylenol 325 mg tablet", ("acetaminophen",)),
        ("hydrALAZINE HCl", ("hydralazine",)),
        ("Percocet 5-325", ("oxycodone", "acetaminophen")),
        ("amoxicillin-clavulanate 875 mg", ("amoxicillin", "clavulanate")),
        ("liposomal amphotericin B", ("liposomal amphotericin b",)),
        ("insulin LISPRO (HumaLOG)", ("insulin lispro",)),
        ("potassium chloride 20 mEq in sodium chloride 0.9 %", ("potassium chloride",)),
        ("Sodium chloride 0.9 % infusion", ("sodium chloride",)),
        ("silver sulfadiazine cream", ("silver sulfadiazine",)),
        ("Zorblax", ()),
        ("hydroxyzin", ()),
    ],
)
def test_a_name_means_whole_words_of_the_table(said: str, ingredients: tuple[str, ...]) -> None:
    assert drug_of(Coded(text=said), tables()).ingredients == ingredients


def test_a_code_counts_where_the_words_say_nothing() -> None:
    assert drug_of(Coded("11289", "DRUG 7", "RxNorm"), tables()).ingredients == ("warfarin",)
    assert drug_of(Coded("11289", "heparin", "RxNorm"), tables()).ingredients == ("heparin",)
    assert drug_of(Coded("11289", "DRUG 7", "LOCAL"), tables()).ingredients == ()


@pytest.mark.parametrize(
    ("said", "named"),
    [
        ("PENICILLINS", {"penicillins"}),
        ("Sulfa drugs", {"sulfonamide-antibiotics"}),
        ("NSAIDs", {"nsaids"}),
        ("IV contrast dye", {"iodinated-contrast"}),
        ("Latex gloves", {"latex"}),
        ("Eggs or egg-derived products", {"egg-products"}),
    ],
)
def test_an_allergy_may_name_a_class(said: str, named: set[str]) -> None:
    assert agent_of(Coded(text=said), tables()).named == named
