"""The HL7 v2 grammar: tolerant reading, exact keeping, writing, acknowledging.

Nothing here knows what a message means on the ward, and nothing raises on any bytes.
"""
