"""The page as one would first write it: five queries by the object mapper, Markdown and sanitiser, all of it at each request."""

from __future__ import annotations

import bleach
from flask import Flask, abort, render_template_string
from markdown_it import MarkdownIt
from markupsafe import Markup
from sqlalchemy import select

from app.database import store
from app.settings import Settings
from curriculum.ideabank import DocumentVersion, Term, TermUse
from curriculum.people import Link
from curriculum.planning import Lesson
from curriculum.summaries import Translation

app = Flask(__name__)
app.config["SQLALCHEMY_DATABASE_URI"] = Settings.from_env().sqlalchemy_url
store.init_app(app)

TAGS = {"h1", "h2", "h3", "h4", "p", "ul", "ol", "li", "strong", "em", "a", "blockquote", "br"}
PAGE = """<!doctype html><html lang="{{ tag }}"><head><meta charset="utf-8"><title>{{ version.title }}</title></head><body>
<h1>{{ version.title }}</h1><p>{{ link.school_class.name }}, {{ lesson.date }}</p>
{% for one in translated %}<div>{{ one }}</div>{% endfor %}
<dl>{% for term in terms %}<dt>{{ term.word }}</dt><dd>{{ term.meaning }}</dd>{% endfor %}</dl>{{ original }}</body></html>"""


@app.get("/f/<code>/<tag>/<lesson>")
def page(code: str, tag: str, lesson: str) -> str:
    db = store.session
    link = db.scalars(select(Link).where(Link.code == code)).first() or abort(404)
    found = db.scalars(select(Lesson).where(Lesson.public_id == lesson)).unique().first() or abort(404)
    query = select(DocumentVersion).where(DocumentVersion.document_id == found.theme_id).order_by(DocumentVersion.number.desc())
    version = db.scalars(query).first() or abort(404)
    terms = db.scalars(select(Term).join(TermUse, TermUse.term_key == Term.key).where(TermUse.version_id == version.id)).all()
    newest = Translation.document_id == found.theme_id, Translation.language == tag
    words = db.scalars(select(Translation).where(*newest).order_by(Translation.id)).all()
    translated = [_rendered(one.text) for one in words]
    original = _rendered(version.text.partition("{#parents}")[2])
    return render_template_string(
        PAGE, tag=tag, link=link, lesson=found, version=version, terms=terms, translated=translated, original=original
    )


def _rendered(markdown: str) -> Markup:
    return Markup(bleach.clean(MarkdownIt().render(markdown), tags=TAGS, attributes={"a": ["href"]}))
