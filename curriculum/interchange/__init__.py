"""What comes in and goes out as files: content folders, translations, and lists of classes and people."""

from curriculum.interchange.checking import Found
from curriculum.interchange.days import DAY_COLUMNS, DAY_EXAMPLE, DAY_KINDS, DayList, TakenDays, read_days, take_days
from curriculum.interchange.demo import DEMO_CAST, DEMO_LINKS, make_demo, set_demo_passwords
from curriculum.interchange.entries import FILES, read_entries
from curriculum.interchange.exporting import export_po, po_header
from curriculum.interchange.folders import ContentFile, Outcome, Report, check_folder, export_folder, load_folder, tidy_folder
from curriculum.interchange.importing import PoReport, import_po
from curriculum.interchange.judging import OF_A_PLACE, ThemeState, judge_folder, state_of_theme
from curriculum.interchange.reading_po import Message, read_messages
from curriculum.interchange.registers import (
    CLASS_COLUMNS,
    CLASS_EXAMPLE,
    KINDS,
    STAFF_COLUMNS,
    STAFF_EXAMPLE,
    STAFF_ROLES,
    Row,
    Taken,
    take_classes,
    take_staff,
)
from curriculum.interchange.renewing import bank_warnings, folder_warnings, renew_folder
from curriculum.interchange.sheets import Columns, Sheet, decode, read_sheet, template
from curriculum.interchange.surveying import LanguageState, Survey, check_languages, survey

__all__ = [
    "CLASS_COLUMNS",
    "CLASS_EXAMPLE",
    "DAY_COLUMNS",
    "DAY_EXAMPLE",
    "DAY_KINDS",
    "DEMO_CAST",
    "DEMO_LINKS",
    "FILES",
    "KINDS",
    "OF_A_PLACE",
    "STAFF_COLUMNS",
    "STAFF_EXAMPLE",
    "STAFF_ROLES",
    "Columns",
    "ContentFile",
    "DayList",
    "Found",
    "LanguageState",
    "Message",
    "Outcome",
    "PoReport",
    "Report",
    "Row",
    "Sheet",
    "Survey",
    "Taken",
    "TakenDays",
    "ThemeState",
    "bank_warnings",
    "check_folder",
    "check_languages",
    "decode",
    "export_folder",
    "export_po",
    "folder_warnings",
    "import_po",
    "judge_folder",
    "load_folder",
    "make_demo",
    "po_header",
    "read_days",
    "read_entries",
    "read_messages",
    "read_sheet",
    "renew_folder",
    "set_demo_passwords",
    "state_of_theme",
    "survey",
    "take_classes",
    "take_days",
    "take_staff",
    "template",
    "tidy_folder",
]
