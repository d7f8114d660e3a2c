"""Patients who come while the EHR is off: registered, labelled, placed, named, and let go."""
