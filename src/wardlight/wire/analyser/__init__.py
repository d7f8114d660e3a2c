"""What analysers send while the laboratory system is off: ASTM E1394 (LIS2-A) and HL7 files."""
