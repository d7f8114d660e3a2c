"""The views as FHIR R4 resources: one module for each subject, and what searching needs."""
