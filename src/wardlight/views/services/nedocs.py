"""NEDOCS, the National Emergency Department Overcrowding Scale (Weiss et al., Acad Emerg Med 2004).

Weiss SJ, Derlet R, Arndahl J, et al. Estimating the degree of emergency department overcrowding
in academic medical centers. Acad Emerg Med 2004;11:38-50, doi:10.1197/j.aem.2003.07.017. Several
calculators on the web swap its terms; the golden cases in the tests are worked out by hand.
"""

from __future__ import annotations

from wardlight.record.events.services import CrowdingCounted

BANDS = (
    (20.0, "not busy"),
    (60.0, "busy"),
    (100.0, "extremely busy but not overcrowded"),
    (140.0, "overcrowded"),
    (180.0, "severely overcrowded"),
)
ABOVE_BANDS = "dangerously overcrowded"


def nedocs(counted: CrowdingCounted) -> float | None:
    """Return the score, not rounded; None where beds were not counted: it cannot be worked out.

    It may lie below 0 (an empty department) and above 200; it is not cut to either.
    """
    if counted.ed_beds <= 0 or counted.hospital_beds <= 0:
        return None
    return (
        -20
        + 85.8 * counted.ed_patients / counted.ed_beds
        + 600 * counted.admits_in_ed / counted.hospital_beds
        + 13.4 * counted.ventilated_in_ed
        + 0.93 * counted.longest_admit_wait_h
        + 5.64 * counted.last_bed_wait_h
    )


def band_of(score: float) -> str:
    """Return the words of a score; between two whole numbers the higher band counts.

    The published bands are 0-20, 21-60, 61-100, 101-140, 141-180 and above 180.
    """
    return next((words for most, words in BANDS if score <= most), ABOVE_BANDS)
