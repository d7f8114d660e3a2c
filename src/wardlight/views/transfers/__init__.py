"""Patients who go to another hospital."""
