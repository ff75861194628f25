"""What comes in and goes out as files: content folders and translations."""

from curriculum.interchange.demo import DEMO_CAST, DEMO_LINKS, make_demo, set_demo_passwords
from curriculum.interchange.folders import ContentFile, Outcome, Report, check_folder, export_folder, load_folder, tidy_folder
from curriculum.interchange.judging import OF_A_PLACE, ThemeState, judge_folder, state_of_theme
from curriculum.interchange.po import FILES, PoReport, export_po, import_po, read_entries
from curriculum.interchange.renewing import folder_warnings, renew_folder
from curriculum.interchange.surveying import Found, LanguageState, Survey, check_languages, survey

__all__ = [
    "DEMO_CAST",
    "DEMO_LINKS",
    "FILES",
    "OF_A_PLACE",
    "ContentFile",
    "Found",
    "LanguageState",
    "Outcome",
    "PoReport",
    "Report",
    "Survey",
    "ThemeState",
    "check_folder",
    "check_languages",
    "export_folder",
    "export_po",
    "folder_warnings",
    "import_po",
    "judge_folder",
    "load_folder",
    "make_demo",
    "read_entries",
    "renew_folder",
    "set_demo_passwords",
    "state_of_theme",
    "survey",
    "tidy_folder",
]
