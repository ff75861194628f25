"""The parents' pages: no account, no cookie, no script; each in the parent's own language."""

from app.parents.routes import blueprint

__all__ = ["blueprint"]
