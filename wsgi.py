"""What a web server runs: `granian --interface wsgi wsgi:app`. The command line comes in here too, to mend what keeps a server out."""

import os

from app import create_app, open_house

app = create_app() if os.environ.get("FLASK_RUN_FROM_CLI") == "true" else open_house()
