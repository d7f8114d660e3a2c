"""The tests a form offers, each with its LOINC code, usual unit and the bench it goes to.

What is not on the menu is written in words. Short names are those analysers and requisitions use.
LOINC 2.78; reference ranges are the site's and the analyser's, so none stand here.
"""

from __future__ import annotations

from msgspec import Struct

from wardlight.record.codes import Coded

LOINC = "LN"  # HL7 table 0396


class LabTest(Struct, frozen=True, gc=False):
    """One test, or one panel of several."""

    name: str
    code: str
    unit: str
    group: str
    short: tuple[str, ...] = ()

    def coded(self) -> Coded:
        """Return the test as it stands in an entry."""
        return Coded(self.code, self.name, LOINC)


MENU = (
    LabTest("Basic metabolic panel", "51990-0", "", "chemistry", ("bmp",)),
    LabTest("Full blood count", "58410-2", "", "haematology", ("fbc", "cbc")),
    LabTest("Potassium", "2823-3", "mmol/L", "chemistry", ("k",)),
    LabTest("Sodium", "2951-2", "mmol/L", "chemistry", ("na",)),
    LabTest("Creatinine", "2160-0", "mg/dL", "chemistry", ("crea", "creat")),
    LabTest("Glucose", "2345-7", "mg/dL", "chemistry", ("glu", "gluc")),
    LabTest("Calcium", "17861-6", "mg/dL", "chemistry", ("ca",)),
    LabTest("Lactate", "2524-7", "mmol/L", "chemistry", ("lac", "lact")),
    LabTest("Troponin I", "10839-9", "ng/mL", "chemistry", ("tni", "trop")),
    LabTest("Troponin T", "6598-7", "ng/mL", "chemistry", ("tnt",)),
    LabTest("Haemoglobin", "718-7", "g/dL", "haematology", ("hb", "hgb")),
    LabTest("Platelets", "777-3", "10*3/uL", "haematology", ("plt",)),
    LabTest("White cells", "6690-2", "10*3/uL", "haematology", ("wbc", "leu")),
    LabTest("INR", "6301-6", "{INR}", "coagulation", ("inr",)),
    LabTest("Blood gas, arterial", "24336-0", "", "blood gas", ("abg",)),
    LabTest("pH, arterial", "2744-1", "[pH]", "blood gas", ("ph",)),
    LabTest("pCO2, arterial", "2019-8", "mm[Hg]", "blood gas", ("pco2",)),
    LabTest("pO2, arterial", "2703-7", "mm[Hg]", "blood gas", ("po2",)),
    LabTest("Blood culture", "600-7", "", "microbiology", ("bc",)),
    LabTest("Urine culture", "630-4", "", "microbiology", ("uc",)),
)
GROUPS = ("chemistry", "haematology", "coagulation", "blood gas", "microbiology", "other")
_BY_NAME = {name: one for one in MENU for name in (one.name.casefold(), *one.short)}


def on_menu(words: str) -> LabTest | None:
    """Return the test somebody names; None when it is not on the menu."""
    return _BY_NAME.get(" ".join(words.split()).casefold())


def named_test(words: str, code: str = "") -> Coded:
    """Return the test somebody names: coded when it is on the menu, else in their words.

    `code` is its LOINC code, where an analyser sent one.
    """
    found = on_menu(words)
    if found is not None and code in ("", found.code):
        return found.coded()
    return Coded(code, " ".join(words.split()), LOINC if code else "")


def group_of(tests: tuple[Coded, ...]) -> str:
    """Return the bench all these tests go to; "" when they go to several."""
    groups = {found.group if (found := on_menu(one.text)) else "other" for one in tests}
    return groups.pop() if len(groups) == 1 else ""
