"""HL7 FHIR R4 (4.0.1): its data types and code systems, from the ward's words."""
