"""The yardstick of the staff pages: a bare Flask route that answers with a small Jinja page, and nothing else."""

from __future__ import annotations

from typing import Any

from flask import Flask, render_template
from jinja2 import DictLoader

PAGE = """<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>{{ title }}</title></head>
<body>
  <h1>{{ title }}</h1>
  <ul>{% for name, count in rows %}<li><strong>{{ name }}</strong>: {{ count }}</li>{% endfor %}</ul>
</body>
</html>"""
ROWS = [(f"Row {number} & more", number) for number in range(20)]


def bare_client() -> Any:
    """A browser of an application that has this one page, at `/`."""
    app = Flask("bare")
    app.jinja_loader = DictLoader({"page.html": PAGE})

    @app.get("/")
    def answer() -> str:
        return render_template("page.html", title="A page", rows=ROWS)

    return app.test_client()
