"""Operations with durations, staff and beds."""
