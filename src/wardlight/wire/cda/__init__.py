"""HL7 CDA R2 and C-CDA: documents other hospitals' systems read."""
