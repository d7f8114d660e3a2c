"""What a message says for the chart of its patient, subject by subject (interop.md §6)."""

from wardlight.wire.hl7v2.charting.reading import chart_events, has_chart

__all__ = ["chart_events", "has_chart"]
