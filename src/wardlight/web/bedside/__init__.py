"""The patient's own pages staff write on while the EHR is off: observations, notes, orders."""
