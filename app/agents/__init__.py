"""The agents' room: the course series of their classes, from the first plan to the last lesson."""

from app.agents import lessons as lessons
from app.agents import sharing as sharing
from app.agents.routes import blueprint as blueprint
