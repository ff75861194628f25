"""The parents' summaries: translations, whether they still say what the source says, and what parents may read in their language."""

from curriculum.summaries.bank import Published, VersionLine, published
from curriculum.summaries.checks import (
    ERROR,
    WARNING,
    AgreedTerm,
    Finding,
    Pair,
    check_translation,
    check_translations,
    inconsistencies,
    named_terms,
)
from curriculum.summaries.choosing import BY_A_HUMAN
from curriculum.summaries.counting import Numbers, total
from curriculum.summaries.desk import HelpNumber, loaded_lessons
from curriculum.summaries.holding import held_lessons, left_out, slot_minutes
from curriculum.summaries.models import CHECKED, DRAFT, TRANSLATED, Translation
from curriculum.summaries.parts import theme_of
from curriculum.summaries.reading import (
    Contact,
    HalfNews,
    NextTheme,
    Serving,
    Summary,
    contact_of,
    district_texts,
    find_lesson,
    half_news,
    holders,
    holding_staff,
    serving_agents,
    serving_staff,
    summaries_for,
    summary_for,
)
from curriculum.summaries.recording import texts_of_day, version_held
from curriculum.summaries.sections import Section, TermCard
from curriculum.summaries.staleness import CURRENT, OLD, UNLINKED, WITHDRAWN, Change, Verdict, judge
from curriculum.summaries.touching import translated_today
from curriculum.summaries.translating import ORIGINS, add_translation, is_origin, newest_translation
from curriculum.summaries.waiting import Beside, Need, Waiting, needs, numbers, numbers_by_document, side_by_side, waiting_texts
from curriculum.summaries.weeks import AWAY, NEXT, NOW, PAST, WeekLine, weeks_for

__all__ = [
    "AWAY",
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
    "Beside",
    "Change",
    "Contact",
    "Finding",
    "HalfNews",
    "HelpNumber",
    "Need",
    "NextTheme",
    "Numbers",
    "Pair",
    "Published",
    "Section",
    "Serving",
    "Summary",
    "TermCard",
    "Translation",
    "Verdict",
    "VersionLine",
    "Waiting",
    "WeekLine",
    "add_translation",
    "check_translation",
    "check_translations",
    "contact_of",
    "district_texts",
    "find_lesson",
    "half_news",
    "held_lessons",
    "holders",
    "holding_staff",
    "inconsistencies",
    "is_origin",
    "judge",
    "left_out",
    "loaded_lessons",
    "named_terms",
    "needs",
    "newest_translation",
    "numbers",
    "numbers_by_document",
    "published",
    "serving_agents",
    "serving_staff",
    "side_by_side",
    "slot_minutes",
    "summaries_for",
    "summary_for",
    "texts_of_day",
    "theme_of",
    "total",
    "translated_today",
    "version_held",
    "waiting_texts",
    "weeks_for",
]
