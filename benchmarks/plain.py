"""The same application without its doorstep: every parents' page is made by Flask."""

from app import create_app

app = create_app()
app.wsgi_app = app.extensions["doorstep"].application  # type: ignore[method-assign]
