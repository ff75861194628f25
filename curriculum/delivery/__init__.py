"""Holding the lessons: the week as a teacher sees it, the run of a lesson on the screen, and the record of what was held."""

from curriculum.delivery.holding import hold
from curriculum.delivery.running import RunSheet, ScreenStep, plan_for_screen
from curriculum.delivery.sharing import LONGEST, til_ukeplanen
from curriculum.delivery.week import LessonPage, WeekPage, week

__all__ = ["LONGEST", "LessonPage", "RunSheet", "ScreenStep", "WeekPage", "hold", "plan_for_screen", "til_ukeplanen", "week"]
