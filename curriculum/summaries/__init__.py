"""The parents' summaries: translations, whether they still say what the source says, and what parents may read in their language."""

from curriculum.summaries.checks import ERROR, WARNING, AgreedTerm, Finding, Pair, check_translation, check_translations, named_terms
from curriculum.summaries.choosing import BY_A_HUMAN
from curriculum.summaries.counting import Numbers, numbers
from curriculum.summaries.holding import held_lessons, left_out, slot_minutes
from curriculum.summaries.models import CHECKED, DRAFT, TRANSLATED, Translation
from curriculum.summaries.parts import theme_of
from curriculum.summaries.reading import (
    Contact,
    HelpNumber,
    NextTheme,
    Summary,
    district_texts,
    find_lesson,
    summaries_for,
    summary_for,
)
from curriculum.summaries.recording import texts_of_day, version_held
from curriculum.summaries.sections import Section, TermCard
from curriculum.summaries.staleness import CURRENT, OLD, UNLINKED, WITHDRAWN, Change, Verdict, judge
from curriculum.summaries.translating import ORIGINS, add_translation, newest_translation
from curriculum.summaries.weeks import NEXT, NOW, PAST, WeekLine, weeks_for

__all__ = [
    "BY_A_HUMAN",
    "CHECKED",
    "CURRENT",
    "DRAFT",
    "ERROR",
    "NEXT",
    "NOW",
    "OLD",
    "ORIGINS",
    "PAST",
    "TRANSLATED",
    "UNLINKED",
    "WARNING",
    "WITHDRAWN",
    "AgreedTerm",
    "Change",
    "Contact",
    "Finding",
    "HelpNumber",
    "NextTheme",
    "Numbers",
    "Pair",
    "Section",
    "Summary",
    "TermCard",
    "Translation",
    "Verdict",
    "WeekLine",
    "add_translation",
    "check_translation",
    "check_translations",
    "district_texts",
    "find_lesson",
    "held_lessons",
    "judge",
    "left_out",
    "named_terms",
    "newest_translation",
    "numbers",
    "slot_minutes",
    "summaries_for",
    "summary_for",
    "texts_of_day",
    "theme_of",
    "version_held",
    "weeks_for",
]
