"""The home of a nurse: wards, lists, one patient."""
