"""The administrators' room: the district's schools, classes and people; and the school page of those who lead one."""

from app.administrators import assignments as assignments
from app.administrators import classes as classes
from app.administrators import day_lists as day_lists
from app.administrators import days as days
from app.administrators import district as district
from app.administrators import feeds as feeds
from app.administrators import grid as grid
from app.administrators import importing as importing
from app.administrators import languages as languages
from app.administrators import links as links
from app.administrators import people as people
from app.administrators import rooms as rooms
from app.administrators import school as school
from app.administrators import schools as schools
from app.administrators import settling as settling
from app.administrators import visitors as visitors
from app.administrators import wheel as wheel
from app.administrators import workload as workload
from app.administrators.door import blueprint

__all__ = ["blueprint"]
