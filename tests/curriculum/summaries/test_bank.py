"""What is published is read once for all who only read, until something public changes."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.orm import Session

from curriculum.base import reading_only
from curriculum.ideabank import THEME, Review
from curriculum.people import COORDINATOR, District, Person
from curriculum.summaries import Numbers, numbers, published, summary_for
from tests.curriculum.summaries.world import NOW, TODAY, World, counted


@contextmanager
def reading(world: World) -> Iterator[Session]:
    """The session of another request, that only reads."""
    world.db.commit()
    with reading_only(), Session(world.db.get_bind()) as db:
        yield db


def test_who_reads_again_asks_only_whether_something_has_changed(world: World) -> None:
    world.translate_all()
    district, friends = world.district.id, world.friends.id
    counts: list[list[str]] = []
    for _ in range(2):
        with reading(world) as db, counted(db) as sent:
            bank = published(db, district, TODAY)
            assert (bank.titles[friends], len(bank.offers(db, "so", [friends]))) == ("Vennskap", 8)
            assert numbers(db, db.get_one(District, district), "so", TODAY).missing == 0
        counts.append([one for one in sent if one.startswith("SELECT")])
    assert [len(asked) for asked in counts] == [8, 2], "at last only the counter, and the district"


def test_a_change_elsewhere_leaves_the_bank_unread(world: World) -> None:
    district = world.district.id
    with reading(world) as db:
        before = published(db, district, TODAY)
    world.lesson()
    with reading(world) as db, counted(db) as sent:
        after = published(db, district, TODAY)
    assert (after is before, after.lines is before.lines) == (False, True)
    assert len([one for one in sent if one.startswith("SELECT")]) == 2, "the counter, and how much there is"


def test_a_review_is_noticed(world: World) -> None:
    with reading(world) as db:
        before = published(db, world.district.id, TODAY)
    reader = Person(district_id=world.district.id, name="Åse Lund", email="aase@havna.example")
    world.db.add(reader)
    world.db.flush()
    version = before.current(world.friends.id).id
    world.db.add(Review(district_id=world.district.id, version_id=version, person_id=reader.id, role=COORDINATOR, at=NOW))
    with reading(world) as db:
        assert published(db, world.district.id, TODAY).lines is not before.lines


def test_what_is_published_in_between_is_read_anew(world: World) -> None:
    with reading(world) as db:
        before = published(db, world.district.id, TODAY).current(world.friends.id)
    version = world.publish(world.friends, "Les kortene.", "Les alle kortene.")
    with reading(world) as db:
        after = published(db, world.district.id, TODAY).current(world.friends.id)
    assert (before.number, after.number, after.id) == (1, 2, version.id)


def test_a_new_translation_is_read_and_counted_at_once(world: World) -> None:
    lesson = world.lesson()
    with reading(world) as db:
        assert summary_for(db, db.merge(lesson, load=False), "so", TODAY).sections[0].is_fallback
        assert numbers(db, world.district, "so", TODAY, world.friends) == Numbers(missing=8)
    world.translate(world.friends, "p1")
    with reading(world) as db:
        assert not summary_for(db, db.merge(lesson, load=False), "so", TODAY).sections[0].is_fallback
        assert numbers(db, world.district, "so", TODAY, world.friends) == Numbers(translated=1, missing=7)


def test_a_retired_document_is_still_known_but_not_among_those_of_its_kind(world: World) -> None:
    world.friends.retired_at = world.friends.versions[0].created_at
    with reading(world) as db:
        bank = published(db, world.district.id, TODAY)
    assert (world.friends.id in bank.titles, bank.documents(THEME)) == (True, [world.teamwork.id])
