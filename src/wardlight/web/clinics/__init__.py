"""Clinics and theatres: the day, triage, free times, calls, callers, who has been told."""
