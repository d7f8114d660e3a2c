"""Schedules as clinics export them: CSV, iCalendar, FHIR Appointments; and free times as CSV."""
