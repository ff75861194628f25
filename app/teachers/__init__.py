"""The teachers' room: the week of a class, for those who teach it, with an account or by the class's link; and the poster for parents."""

from app.teachers import feeds as feeds
from app.teachers import poster as poster
from app.teachers import sending as sending
from app.teachers import taken as taken
from app.teachers.routes import blueprint as blueprint
