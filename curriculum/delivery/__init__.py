"""Holding the lessons: the week as a teacher sees it, the run of a lesson on the screen, and the record of what was held."""

from curriculum.delivery.continuing import Rest, Run, minutes_of, parts_left, rest_of, rests_taken_up, run_of
from curriculum.delivery.fitting import Row, Sheet, WallWord, WordPoster, fridge_sheet, word_poster
from curriculum.delivery.holding import Confirmed, Part, hold, hold_several, parts_to_tick
from curriculum.delivery.my_week import LOOKS_BACK, MovedByAnother, MyLesson, MyWeek, News, Opplegg, StepTime, my_week
from curriculum.delivery.progress import ClassProgress, SeriesProgress, school_progress, schools_progress
from curriculum.delivery.running import RunSheet, ScreenStep, plan_for_screen
from curriculum.delivery.sharing import LONGEST, MOST_SEGMENTS, TextMessage, message_to_homes, text_message, til_ukeplanen
from curriculum.delivery.since import Changed, Since, new_since_last_week
from curriculum.delivery.week import LessonPage, WeekPage, week

__all__ = [
    "LONGEST",
    "LOOKS_BACK",
    "MOST_SEGMENTS",
    "Changed",
    "ClassProgress",
    "Confirmed",
    "LessonPage",
    "MovedByAnother",
    "MyLesson",
    "MyWeek",
    "News",
    "Opplegg",
    "Part",
    "Rest",
    "Row",
    "Run",
    "RunSheet",
    "ScreenStep",
    "SeriesProgress",
    "Sheet",
    "Since",
    "StepTime",
    "TextMessage",
    "WallWord",
    "WeekPage",
    "WordPoster",
    "fridge_sheet",
    "hold",
    "hold_several",
    "message_to_homes",
    "minutes_of",
    "my_week",
    "new_since_last_week",
    "parts_left",
    "parts_to_tick",
    "plan_for_screen",
    "rest_of",
    "rests_taken_up",
    "run_of",
    "school_progress",
    "schools_progress",
    "text_message",
    "til_ukeplanen",
    "week",
    "word_poster",
]
