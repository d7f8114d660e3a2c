"""May staff make this entry? The views and what is asked in; what is said, or a refusal, out."""
