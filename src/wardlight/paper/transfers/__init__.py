"""The papers of a transfer: the packet that goes with a patient, and the sheets of HICS."""
