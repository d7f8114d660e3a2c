"""Invented people and the words of their charts. The drugs are real, nobody else is."""

from __future__ import annotations

from msgspec import Struct

_STEMS = ("Test", "Sample", "Mock", "Specimen", "Trial", "Probe", "Dummy", "Fiction", "Invent")
_ENDINGS = ("wood", "field", "berg", "ley", "strom", "ova", "ski", "man", "worth", "ez", "sen")
FAMILIES = (
    *(f"{stem}{ending}" for stem in _STEMS for ending in _ENDINGS),
    *("O'Sample", "Próba", "Nguyễn-Mẫu", "Müsterfrau", "De la Prueba", "Żółw-Próbny", "Ó Sampla"),
)
GIVENS_F = (
    *("Capella", "Vega", "Mira", "Adhara", "Electra", "Maia", "Bellatrix", "Spica", "Atria"),
    *("Siobhán", "Małgorzata", "Thị Hồng"),
)
GIVENS_M = (
    *("Rigel", "Altair", "Castor", "Sirius", "Pollux", "Regulus", "Arcturus", "Deneb", "Mizar"),
    *("Seán", "Björn", "Łukasz"),
)
LANGUAGES = ("English", "Spanish", "Vietnamese", "Polish", "Portuguese")
DOCTORS = ("Patel-Sample", "Ruiz-Sample", "Okonkwo-Sample", "Lindqvist-Sample")
NURSES = ("Mensah-Sample", "Brandt-Sample", "Ito-Sample", "Moreau-Sample")
UNITS = ("4E", "4W", "5E", "5W", "6E", "6W", "ICU", "STEP")
REASONS = ("Sepsis", "Heart failure", "Hip fracture", "Pneumonia", "Stroke", "Pancreatitis", "COPD")
PROBLEMS = (
    ("E11.9", "Type 2 diabetes mellitus"),
    ("I10", "Essential hypertension"),
    ("N18.3", "Chronic kidney disease, stage 3"),
    ("I48.91", "Atrial fibrillation"),
    ("J44.9", "Chronic obstructive pulmonary disease"),
)
ALLERGENS = (
    ("7980", "Penicillin", "DA", "SV", "Anaphylaxis"),
    ("2670", "Codeine", "DA", "MO", "Nausea & vomiting"),
    ("10831", "Sulfamethoxazole", "DA", "MO", "Rash"),
    ("1191", "Aspirin", "DA", "", "Wheeze"),
    ("LATEX", "Latex", "EA", "MI", ""),
    ("PNUT", "Peanut", "FA", "SV", "Throat swelling"),
)
CODE_STATUSES = ("Full code", "DNR", "DNR / DNI", "Comfort measures only")


class Drug(Struct, frozen=True):
    """A drug with one sensible order of it."""

    code: str
    name: str
    dose: str
    unit: str
    form: str
    route: str
    pattern: str


FORMULARY = (
    Drug("860975", "metformin", "500", "mg", "TAB", "PO", "BID"),
    Drug("314076", "lisinopril", "10", "mg", "TAB", "PO", "QD"),
    Drug("617312", "atorvastatin", "20", "mg", "TAB", "PO", "QHS"),
    Drug("854228", "enoxaparin", "40", "mg", "INJ", "SC", "QD"),
    Drug("1665005", "ceftriaxone", "1", "g", "INJ", "IV", "Q24H"),
    Drug("847187", "insulin aspart", "6", "units", "INJ", "SC", "TID"),
    Drug("274783", "insulin glargine", "14", "units", "INJ", "SC", "QHS"),
    Drug("1807627", "vancomycin", "1000", "mg", "INJ", "IV", "Q12H"),
    Drug("313782", "acetaminophen", "650", "mg", "TAB", "PO", "Q6H"),
    Drug("855332", "warfarin", "2.5", "mg", "TAB", "PO", "QD"),
    Drug("197770", "hydralazine", "25", "mg", "TAB", "PO", "TID"),
    Drug("310429", "furosemide", "40", "mg", "TAB", "PO", "BID"),
    Drug("866924", "metoprolol", "25", "mg", "TAB", "PO", "BID"),
    Drug("198440", "acetaminophen", "500", "mg", "TAB", "PO", "PRN"),
    Drug("312615", "prednisone", "20", "mg", "TAB", "PO", "QD"),
    Drug("198039", "morphine", "2", "mg", "INJ", "IV", "PRN"),
    Drug("402014", "pantoprazole", "40", "mg", "TAB", "PO", "QD"),
    Drug("197319", "allopurinol", "100", "mg", "TAB", "PO", "QD"),
)


class Analyte(Struct, frozen=True):
    """A laboratory test with its usual range."""

    code: str
    name: str
    unit: str
    low: float
    high: float
    places: int


PANEL = (
    Analyte("2951-2", "Sodium", "mmol/L", 136, 145, 0),
    Analyte("2823-3", "Potassium", "mmol/L", 3.5, 5.1, 1),
    Analyte("2160-0", "Creatinine", "mg/dL", 0.6, 1.3, 2),
    Analyte("3094-0", "Urea nitrogen", "mg/dL", 7, 20, 0),
    Analyte("2345-7", "Glucose", "mg/dL", 70, 99, 0),
    Analyte("718-7", "Hemoglobin", "g/dL", 12.0, 16.0, 1),
    Analyte("6690-2", "Leukocytes", "10*3/uL", 4.0, 11.0, 1),
)
CLINICS = (
    ("ONC", "Oncology infusion", 180),
    ("CARD", "Cardiology clinic", 30),
    ("IMG", "CT with contrast", 45),
    ("DIAL", "Dialysis", 240),
    ("SURG", "Pre-operative visit", 40),
)
OPERATIONS = (
    ("OR", "Hip replacement, left", 120),
    ("OR", "Cataract, right eye", 45),
    ("OR", "Cholecystectomy, laparoscopic", 90),
    ("OR", "Mastectomy, left", 150),
    ("OR", "Coronary bypass", 300),
    ("OR", "Carpal tunnel, right hand", 40),
)
BOOKED = (*CLINICS * 3, *OPERATIONS)
"""What is booked, each as often as it stands here."""
