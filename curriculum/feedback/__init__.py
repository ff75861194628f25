"""What comes back from homes: how much parents' pages are read and whether they are understood, in numbers that are of nobody."""

from curriculum.feedback.models import ANSWERS, NO, PARTLY, YES, Reading, Understood
from curriculum.feedback.reading import MOST_WEEKS, WeekRead, add_readings, reach
from curriculum.feedback.rounding import LEAST, shown
from curriculum.feedback.understanding import ThemeUnderstood, add_answer, understood

__all__ = [
    "ANSWERS",
    "LEAST",
    "MOST_WEEKS",
    "NO",
    "PARTLY",
    "YES",
    "Reading",
    "ThemeUnderstood",
    "Understood",
    "WeekRead",
    "add_answer",
    "add_readings",
    "reach",
    "shown",
    "understood",
]
