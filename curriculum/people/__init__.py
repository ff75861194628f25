"""Districts, schools, classes, persons and their dated assignments, and the one table of who may do what."""

from curriculum.people.links import PARENTS, close_link, make_link, make_links, new_link, open_links, reopen_link
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
from curriculum.people.registering import (
    add_class,
    add_district,
    add_person,
    add_school,
    assign,
    checked_name,
    find_classes,
    find_schools,
    revoke_link,
)
from curriculum.people.signing_in import find_person, hash_password, password_matches, refuse_throttled, tidy_email
