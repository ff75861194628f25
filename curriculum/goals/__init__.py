"""LK20: curricula by version, competence aims with labels of our own and Udir's words once imported, and the core curriculum's sections."""

from curriculum.goals.exporting import goal_values, say_the_same
from curriculum.goals.finding import TT1, Words, aims_by_code, all_aims, cross_theme_name, sections_by_code, words_in
from curriculum.goals.grep import ReadAim, ReadPlan
from curriculum.goals.importing import GrepFaults, Imported, import_grep
from curriculum.goals.loading import aim_codes, ending_codes, goal_problems, load_goals, retired_in_file
from curriculum.goals.models import Aim, CrossTheme, Framework, Section
from curriculum.goals.retiring import Retired, retired_aims, retired_among

__all__ = [
    "TT1",
    "Aim",
    "CrossTheme",
    "Framework",
    "GrepFaults",
    "Imported",
    "ReadAim",
    "ReadPlan",
    "Retired",
    "Section",
    "Words",
    "aim_codes",
    "aims_by_code",
    "all_aims",
    "cross_theme_name",
    "ending_codes",
    "goal_problems",
    "goal_values",
    "import_grep",
    "load_goals",
    "retired_aims",
    "retired_among",
    "retired_in_file",
    "say_the_same",
    "sections_by_code",
    "words_in",
]
