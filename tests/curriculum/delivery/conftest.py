"""What the tests of delivery share."""

from sqlalchemy.orm import Session

from tests.curriculum.summaries.world import World, build
from tests.states import state


@state
def world(db: Session) -> World:
    return build(db)
