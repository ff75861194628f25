"""The idea bank: for all signed-in readers to read, and for the fagansvarlig to write and publish."""

import app.coordinators.announcing
import app.coordinators.covering
import app.coordinators.drafting
import app.coordinators.drawing
import app.coordinators.publishing
import app.coordinators.reaching
import app.coordinators.teaching  # noqa: F401 - their routes join the blueprint
from app.coordinators.routes import blueprint

__all__ = ["blueprint"]
