"""The transfer desk: who has to go elsewhere, who takes them, and where everybody is."""
