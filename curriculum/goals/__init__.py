"""LK20: curricula by version, competence aims with labels of our own, and the core curriculum's sections."""

from curriculum.goals.loading import aims_by_code, goal_problems, load_goals, sections_by_code
from curriculum.goals.models import Aim, Framework, Section

__all__ = ["Aim", "Framework", "Section", "aims_by_code", "goal_problems", "load_goals", "sections_by_code"]
