"""What a patient's chart says, as HL7 CDA documents."""
