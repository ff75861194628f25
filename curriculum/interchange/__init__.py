"""What comes in and goes out as files: content folders and translations."""

from curriculum.interchange.demo import DEMO_CAST, DEMO_LINKS, make_demo, set_demo_passwords
from curriculum.interchange.folders import ContentFile, Outcome, Report, check_folder, export_folder, load_folder, tidy_folder
from curriculum.interchange.po import FILES, PoReport, export_po, import_po, read_entries

__all__ = [
    "DEMO_CAST",
    "DEMO_LINKS",
    "FILES",
    "ContentFile",
    "Outcome",
    "PoReport",
    "Report",
    "check_folder",
    "export_folder",
    "export_po",
    "import_po",
    "load_folder",
    "make_demo",
    "read_entries",
    "set_demo_passwords",
    "tidy_folder",
]
