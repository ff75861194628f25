"""Districts, schools, classes, persons and their dated assignments, and the one table of who may do what."""

from curriculum.people.links import PARENTS, new_link
from curriculum.people.models import (
    ADMINISTRATOR,
    AGENT,
    CLASS,
    COORDINATOR,
    HALF,
    HEAD,
    MANAGER,
    ROLES,
    SMALL,
    TEACHER,
    TRANSLATOR,
    Assignment,
    AuditEvent,
    ClassGrade,
    District,
    DistrictLanguage,
    Failure,
    HelpLine,
    Link,
    Person,
    School,
    SchoolClass,
    Scope,
    SignIn,
)
from curriculum.people.permissions import ANYONE, TABLE, Placed, Placement, classes_of_schools, may, place, placed, roles, visible
from curriculum.people.signing_in import find_person, hash_password, password_matches, refuse_throttled, tidy_email
