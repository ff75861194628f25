"""The agents' room: the course series of their classes, from the first plan to the last lesson."""

from app.agents import adding as adding
from app.agents import answering as answering
from app.agents import away as away
from app.agents import board as board
from app.agents import continuing as continuing
from app.agents import feeds as feeds
from app.agents import inviting as inviting
from app.agents import joining as joining
from app.agents import laying_anew as laying_anew
from app.agents import lessons as lessons
from app.agents import making as making
from app.agents import my_week as my_week
from app.agents import retiming as retiming
from app.agents import sharing as sharing
from app.agents import skipping as skipping
from app.agents import taking_over as taking_over
from app.agents import undoing as undoing
from app.agents import waiving as waiving
from app.agents import wall as wall
from app.agents.routes import blueprint as blueprint
