"""Signing in and out, and which language the staff pages speak."""

from app.accounts.routes import blueprint

__all__ = ["blueprint"]
