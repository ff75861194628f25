"""The parents' pages: no account, no cookie, no script; each in the parent's own language."""

from app.parents.routes import blueprint
from app.parents.understanding import understood

__all__ = ["blueprint", "understood"]
