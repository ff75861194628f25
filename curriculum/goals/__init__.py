"""LK20: curricula by version, competence aims with labels of our own and Udir's words once imported, and the core curriculum's sections."""

from curriculum.goals.finding import TT1, Words, aims_by_code, all_aims, cross_theme_name, sections_by_code, words_in
from curriculum.goals.importing import GrepFaults, Imported, import_grep
from curriculum.goals.loading import aim_codes, goal_problems, load_goals, retired_in_file
from curriculum.goals.models import Aim, CrossTheme, Framework, Section
from curriculum.goals.retiring import Retired, retired_aims, retired_among

__all__ = [
    "TT1",
    "Aim",
    "CrossTheme",
    "Framework",
    "GrepFaults",
    "Imported",
    "Retired",
    "Section",
    "Words",
    "aim_codes",
    "aims_by_code",
    "all_aims",
    "cross_theme_name",
    "goal_problems",
    "import_grep",
    "load_goals",
    "retired_aims",
    "retired_among",
    "retired_in_file",
    "sections_by_code",
    "words_in",
]
