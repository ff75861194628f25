"""What a parent reads about a lesson."""

from datetime import date, timedelta

import pytest

from curriculum import summaries
from curriculum.ideabank import Review
from curriculum.people import AGENT, Assignment, Person
from curriculum.planning import CANCELLED, CONTINUED, HELD, Move
from tests.curriculum.summaries.world import MONDAY, NOW, TODAY, World, counted

NEXT_MONDAY = MONDAY + timedelta(weeks=1)
WEDNESDAY_AFTER = NEXT_MONDAY + timedelta(days=2)


# In which order, in which language


def test_a_parent_reads_the_sections_in_the_order_they_are_needed(world: World) -> None:
    lesson = world.lesson()
    before, after = world.summary(lesson, "nb", MONDAY), world.summary(lesson, "nb", TODAY)
    ends = ["contact", "who-we-are", "duties"]
    assert [part.key for part in before.sections] == ["sentence", "ask", "terms", "try", "more", "hard", *ends]
    assert [part.key for part in after.sections] == ["sentence", "ask", "terms", "did", "try", "more", "hard", *ends]


def test_a_summary_says_only_the_week_and_whose_it_is(world: World) -> None:
    summary = world.summary(world.lesson(room="Rom 12"))
    assert (summary.title, summary.school) == ("Vennskap", "Lia skole")
    assert (summary.year, summary.week) == (2026, 42)
    assert not any(word in repr(summary) for word in ("Rom 12", "09:00", "time("))


def test_a_small_groups_summary_does_not_name_the_group(world: World) -> None:
    assert "Ugleredet" not in repr(world.summary(world.lesson(series=world.group("Ugleredet", "small"))))


def test_everything_translated_is_read_in_the_parents_language(world: World) -> None:
    world.translate_all()
    summary = world.summary(world.lesson())
    assert {part.lang for part in summary.sections} == {"so"}
    assert (summary.fallbacks, summary.is_machine, summary.is_unread, summary.changed_on) == ((), False, False, None)
    ask = summary.part("ask")
    assert ask is not None
    assert (ask.html, ask.source_html) == ("<p>SO Hva gjør en god venn?</p>\n", "<p>Hva gjør en god venn?</p>\n")


def test_a_parent_without_somali_text_reads_norwegian_and_is_told_so(world: World) -> None:
    summary = world.summary(world.lesson())
    assert {(part.lang, part.is_fallback, part.state) for part in summary.sections} == {("nb", True, None)}
    assert summary.fallbacks == tuple(part.key for part in summary.sections)


def test_a_section_with_one_sentence_missing_is_norwegian_throughout(world: World) -> None:
    world.translate(world.friends, "p1", "p7")
    lesson = world.lesson()
    assert world.part(lesson, "hard").html == "<p>Noen er mye alene.</p>\n<p>Snakk med læreren.</p>\n"
    assert world.part(lesson, "hard").is_fallback
    assert world.part(lesson, "sentence").html == "<p>SO Denne uka er temaet vennskap, for alle trenger noen.</p>\n"


def test_nothing_falls_back_for_a_reader_of_the_source_language(world: World) -> None:
    world.translate_all()
    summary = world.summary(world.lesson(), "nb")
    assert {(part.lang, part.is_fallback, part.state) for part in summary.sections} == {("nb", False, None)}
    assert (summary.lang, summary.source_lang, summary.direction) == ("nb", "nb", "ltr")


def test_a_fallback_on_an_urdu_page_keeps_norwegians_direction(world: World) -> None:
    world.translate(world.friends, "p1", tag="ur")
    lesson = world.lesson()
    assert world.summary(lesson, "ur").direction == "rtl"
    assert (world.part(lesson, "sentence", "ur").direction, world.part(lesson, "ask", "ur").direction) == ("rtl", "ltr")


def test_a_link_comes_from_the_source_whatever_the_translator_wrote(world: World) -> None:
    world.translate(world.friends, "p5", words={"p5": "Akhri <1>saaxiibo</1>."})
    html = world.part(world.lesson(), "try").html
    assert html == '<p>Akhri <a href="https://example.org/venner" rel="noopener noreferrer">saaxiibo</a>.</p>\n'


# What we did


def test_nobody_says_we_did_before_the_lesson_was_held(world: World) -> None:
    lesson = world.lesson(day=TODAY)
    for today in (MONDAY, TODAY, TODAY + timedelta(days=1)):
        assert not world.summary(lesson, "nb", today).was_held
        assert world.summary(lesson, "nb", today).part("did") is None


def test_two_school_days_after_the_lesson_is_assumed_held(world: World) -> None:
    friday = world.lesson(day=date(2026, 10, 16))
    assert not world.summary(friday, "nb", date(2026, 10, 19)).was_held
    assert world.summary(friday, "nb", date(2026, 10, 20)).was_held
    assert world.part(friday, "did", "nb", date(2026, 10, 20)).html == "<ul>\n<li>Vi satt i ring.</li>\n<li>Vi lekte.</li>\n</ul>\n"


@pytest.mark.parametrize("state", [HELD, CONTINUED])
def test_what_an_agent_says_was_held_was_held_at_once(world: World, state: str) -> None:
    assert world.summary(world.lesson(day=TODAY, state=state), "nb").was_held


def test_a_cancelled_lesson_was_never_held(world: World) -> None:
    summary = world.summary(world.lesson(state=CANCELLED), "nb", MONDAY + timedelta(weeks=3))
    assert (summary.is_cancelled, summary.was_held, summary.part("did")) == (True, False, None)


def test_steps_there_was_no_time_for_are_not_told_as_done(world: World) -> None:
    assert world.part(world.lesson(minutes=45), "did", "nb").html == "<ul>\n<li>Vi satt i ring.</li>\n</ul>\n"


def test_steps_recorded_as_skipped_are_not_told_as_done(world: World) -> None:
    held = world.lesson(state=HELD, held_record={"skipped": ["ring"]})
    assert world.part(held, "did", "nb").html == "<ul>\n<li>Vi lekte.</li>\n</ul>\n"
    nothing = world.lesson(state=HELD, held_record={"skipped": ["ring", "lek"]})
    assert world.summary(nothing, "nb").part("did") is None


def test_steps_left_for_another_lesson_are_not_told_as_done(world: World) -> None:
    held = world.lesson(state=CONTINUED, held_record={"skipped": [], "unfinished": ["lek"]})
    assert world.part(held, "did", "nb").html == "<ul>\n<li>Vi satt i ring.</li>\n</ul>\n"


def test_an_extra_lesson_tells_of_the_rest_it_held_and_of_nothing_else(world: World) -> None:
    first = world.lesson(state=CONTINUED, held_record={"skipped": [], "unfinished": ["lek"]})
    extra = world.lesson(day=TODAY, state=HELD, carried_from_id=first.id)
    other = world.lesson(world.teamwork, TODAY, state=HELD, carried_from_id=first.id)
    unrecorded = world.lesson(day=TODAY, state=HELD, carried_from_id=world.lesson().id)
    assert world.part(extra, "did", "nb").html == "<ul>\n<li>Vi lekte.</li>\n</ul>\n"
    for whole in (other, unrecorded):
        assert world.part(whole, "did", "nb").html == "<ul>\n<li>Vi satt i ring.</li>\n<li>Vi lekte.</li>\n</ul>\n"


def test_a_list_item_of_a_skipped_step_is_dropped_from_every_section(world: World) -> None:
    world.publish(world.friends, "sammen med i dag? {#p6}", "sammen med i dag? {#p6}\n- Hva lekte dere? {#p9 step=lek}", on=MONDAY)
    both, one = world.lesson(day=TODAY), world.lesson(day=TODAY, state=HELD, held_record={"skipped": ["lek"]})
    assert [world.part(lesson, "more", "nb").html.count("<li>") for lesson in (both, one)] == [2, 1]
    assert "Hva lekte dere?" not in world.part(one, "more", "nb").source_html


def test_a_translation_is_whole_without_the_sentences_of_skipped_steps(world: World) -> None:
    world.translate(world.friends, "p3")
    assert not world.part(world.lesson(minutes=45), "did").is_fallback
    assert world.part(world.lesson(minutes=60), "did").is_fallback


# Which version


def test_a_lesson_follows_the_theme_until_it_is_held(world: World) -> None:
    held, coming = world.lesson(), world.lesson(day=NEXT_MONDAY)
    world.publish(world.friends, "god venn?", "ekte venn?")
    assert world.part(held, "ask", "nb").html == "<p>Hva gjør en god venn?</p>\n"
    assert world.part(coming, "ask", "nb").html == "<p>Hva gjør en ekte venn?</p>\n"
    assert (world.summary(held).version, world.summary(coming).version) == (1, 2)


def test_a_pinned_version_is_shown_whatever_came_after(world: World) -> None:
    lesson = world.lesson(day=NEXT_MONDAY, pinned_version=world.friends.versions[0])
    world.publish(world.friends, "god venn?", "ekte venn?")
    assert world.part(lesson, "ask", "nb").html == "<p>Hva gjør en god venn?</p>\n"


def test_a_version_is_not_shown_before_its_day(world: World) -> None:
    lesson = world.lesson(day=NEXT_MONDAY)
    world.publish(world.friends, "god venn?", "ekte venn?", on=WEDNESDAY_AFTER)
    assert world.summary(lesson).version == 1


def test_a_critical_correction_reaches_even_a_held_lesson_in_every_language(world: World) -> None:
    world.translate_all()
    held = world.lesson()
    world.publish(world.friends, "Noen er mye alene.", "Noen trenger hjelp.", p7="critical")
    corrected = "<p>Noen trenger hjelp.</p>\n<p>Snakk med læreren.</p>\n"
    assert (world.part(held, "hard").html, world.part(held, "hard").is_fallback) == (corrected, True)
    assert world.part(held, "hard", "nb").html == corrected
    assert not world.part(held, "ask").is_fallback


def test_a_held_lesson_is_read_in_the_best_translation_of_today(world: World) -> None:
    held = world.lesson()
    world.translate(world.friends, "p2", words={"p2": "Hore"})
    world.publish(world.friends, "god venn?", "ekte venn?")
    world.translate(world.friends, "p2", words={"p2": "Cusub"})
    assert world.part(held, "ask").html == "<p>Hore</p>\n"


# Old texts, drafts, and who may read what


def test_a_typo_in_norwegian_leaves_the_translation_as_it_is(world: World) -> None:
    world.translate(world.friends)
    world.publish(world.friends, "god venn?", "god vænn?", p2="typo")
    part = world.part(world.lesson(day=NEXT_MONDAY), "ask")
    assert (part.html, part.changed_on) == ("<p>SO Hva gjør en god venn?</p>\n", None)


def test_a_changed_meaning_shows_the_old_text_with_the_day_it_changed(world: World) -> None:
    world.translate(world.friends)
    world.publish(world.friends, "god venn?", "ekte venn?")
    summary = world.summary(world.lesson(day=NEXT_MONDAY))
    ask = summary.part("ask")
    assert ask is not None
    assert (ask.html, ask.changed_on, summary.changed_on) == ("<p>SO Hva gjør en god venn?</p>\n", TODAY, TODAY)


def test_a_critical_change_shows_norwegian_at_once(world: World) -> None:
    world.translate(world.friends)
    world.publish(world.friends, "god venn?", "ekte venn?", p2="critical")
    part = world.part(world.lesson(day=NEXT_MONDAY), "ask")
    assert (part.html, part.is_fallback) == ("<p>Hva gjør en ekte venn?</p>\n", True)


def test_a_new_translation_ends_the_notice(world: World) -> None:
    world.translate(world.friends)
    world.publish(world.friends, "god venn?", "ekte venn?")
    world.translate(world.friends)
    part = world.part(world.lesson(day=NEXT_MONDAY), "ask")
    assert (part.html, part.changed_on) == ("<p>SO Hva gjør en ekte venn?</p>\n", None)


def test_an_old_text_that_lacks_todays_link_is_not_shown(world: World) -> None:
    world.translate(world.friends)
    world.publish(world.friends, "Hva gjør en god venn?", "Hva gjør en *god* venn?")
    assert world.part(world.lesson(day=NEXT_MONDAY), "ask").is_fallback


def test_a_change_of_the_links_address_alone_is_no_change(world: World) -> None:
    world.translate(world.friends)
    world.publish(world.friends, "example.org/venner", "example.org/nye")
    part = world.part(world.lesson(day=NEXT_MONDAY), "try")
    assert (part.is_fallback, part.changed_on, "example.org/nye" in part.html) == (False, None, True)


@pytest.mark.parametrize(
    ("policy", "state", "read"),
    [
        ("checked", "checked", True),
        ("checked", "translated", False),
        ("checked", "draft", False),
        ("translated", "translated", True),
        ("translated", "draft", False),
        ("draft", "draft", True),
    ],
)
def test_the_district_decides_how_finished_a_text_must_be(world: World, policy: str, state: str, read: bool) -> None:
    world.district.parents_read = policy
    world.translate(world.friends, "p2", state=state, origin="human")
    part = world.part(world.lesson(), "ask")
    assert (part.is_fallback, part.state) == (not read, state if read else None)


def test_a_machines_draft_is_marked_and_a_humans_is_not_called_a_machines(world: World) -> None:
    world.district.parents_read = "draft"
    world.translate(world.friends, "p1", state="draft", origin="machine:x")
    world.translate(world.friends, "p2", state="draft", origin="human")
    lesson = world.lesson()
    assert (world.part(lesson, "sentence").is_machine, world.part(lesson, "ask").is_machine) == (True, False)
    assert world.summary(lesson).is_machine


def test_a_draft_begun_later_does_not_take_the_finished_text_away(world: World) -> None:
    world.district.parents_read = "draft"
    world.translate(world.friends, "p2", words={"p2": "Dhammaad"})
    world.translate(world.friends, "p2", state="draft", origin="machine")
    assert world.part(world.lesson(), "ask").html == "<p>Dhammaad</p>\n"


def test_contact_duties_and_sensitive_sections_need_a_humans_work(world: World) -> None:
    world.district.parents_read = "draft"
    world.publish(world.friends, "sensitive = []", 'sensitive = ["hard"]')
    world.translate_all(state="draft", origin="machine")
    summary = world.summary(world.lesson(day=NEXT_MONDAY))
    assert summary.fallbacks == ("terms", "hard", "contact", "duties")
    assert not summary.is_exempt


def test_what_needs_a_humans_work_is_read_when_it_has_it(world: World) -> None:
    world.translate(world.texts)
    world.translate(world.vocabulary)
    summary = world.summary(world.lesson())
    assert not {"terms", "contact", "duties"} & set(summary.fallbacks)


def test_the_invented_district_alone_shows_a_machines_words_everywhere_and_says_so(world: World) -> None:
    world.district.parents_read, world.district.is_demo = "draft", True
    world.translate_all(state="draft", origin="machine")
    summary = world.summary(world.lesson())
    assert (summary.fallbacks, summary.is_exempt) == ((), True)
    assert [part.key for part in summary.sections if part.is_exempt] == ["terms", "contact", "duties"]


def test_norwegian_by_a_machine_is_marked_until_a_person_has_vouched_for_it(world: World) -> None:
    lesson = world.lesson(day=NEXT_MONDAY)
    version = world.publish(world.friends, 'origin = "human"', 'origin = "machine"')
    assert world.summary(lesson, "nb").is_unread
    world.db.add(Review(district_id=world.district.id, version_id=version.id, person_id=world.agent.id, role="coordinator", at=NOW))
    world.db.flush()
    assert not world.summary(lesson, "nb").is_unread


# Words, the district's texts, what comes next


def test_a_word_stays_norwegian_beside_its_translation(world: World) -> None:
    world.translate(world.vocabulary)
    card = world.part(world.lesson(), "terms").cards[0]
    assert (card.key, card.word, card.translation) == ("venn", "venn", "SO venn")
    assert (card.meaning, card.source_meaning) == ("<p>SO En du liker å være sammen med.</p>\n", "<p>En du liker å være sammen med.</p>\n")
    assert card.say.startswith("<p>SO «Hva")
    assert card.source_say.startswith("<p>«Hva")


def test_the_words_are_all_in_one_language(world: World) -> None:
    world.translate(world.vocabulary, "venn.word", "venn.meaning", "venn.say")
    part = world.part(world.lesson(), "terms")
    assert part.is_fallback
    assert [(card.word, card.translation, card.meaning) for card in part.cards] == [
        ("venn", "", "<p>En du liker å være sammen med.</p>\n"),
        ("lytte", "", "<p>Å høre etter.</p>\n"),
        ("trist", "", "<p>Når noe gjør vondt inni deg.</p>\n"),
    ]


def test_a_word_is_read_as_the_vocabulary_says_it_today(world: World) -> None:
    held = world.lesson()
    world.publish(world.vocabulary, "liker å være sammen med", "stoler på")
    assert world.part(held, "terms", "nb").cards[0].meaning == "<p>En du stoler på.</p>\n"


def test_a_word_no_longer_in_the_vocabulary_is_passed_over(world: World) -> None:
    lesson = world.lesson(day=NEXT_MONDAY)
    world.publish(world.vocabulary, 'id = "venn"', 'id = "kamerat"')
    assert [card.key for card in world.part(lesson, "terms").cards] == ["lytte", "trist"]
    for word in ("lytte", "trist"):
        world.publish(world.vocabulary, f'id = "{word}"', f'id = "ny-{word}"')
    assert world.summary(lesson).part("terms") is None


def test_a_district_text_and_its_title_are_in_one_language(world: World) -> None:
    world.translate(world.texts, "contact.title")
    part = world.part(world.lesson(), "contact")
    assert (part.title, part.lang) == ("Snakk med oss", "nb")
    world.translate(world.texts, "contact-1")
    part = world.part(world.lesson(), "contact")
    assert (part.title, part.html) == ("SO Snakk med oss", "<p>SO Snakk først med læreren.</p>\n")


def test_a_themes_own_district_texts_stand_beside_it(world: World) -> None:
    lesson = world.lesson(day=NEXT_MONDAY)
    world.publish(world.friends, "district_texts = []", 'district_texts = ["about", "duties"]')
    assert [part.key for part in world.summary(lesson).sections][-4:] == ["contact", "about", "who-we-are", "duties"]


def test_a_banner_stands_apart_and_counts_among_what_is_said(world: World) -> None:
    assert world.summary(world.lesson()).banner is None
    world.publish(
        world.texts,
        '[[texts]]\nkey = "about"',
        '[[texts]]\nkey = "banner"\ntitle = "Nå"\nbody = """\nKurset starter på nytt. {#b1}\n"""\n\n[[texts]]\nkey = "about"',
    )
    summary = world.summary(world.lesson())
    assert summary.banner is not None
    assert summary.banner.html == "<p>Kurset starter på nytt.</p>\n"
    assert "banner" in summary.fallbacks


def test_contact_is_the_school_first_and_only_the_first_name_of_those_who_wish(world: World) -> None:
    lesson = world.lesson()
    bo = Person(district=world.district, name="Bo Dahl", email="bo@fjelldalen.example")
    bo.assignments.append(Assignment(district_id=world.district.id, role=AGENT, class_id=world.school_class.id, from_date=MONDAY))
    lesson.staff.append(bo)
    world.db.flush()
    contact = world.summary(lesson).contact
    assert (contact.school, contact.phone, contact.agents) == ("Lia skole", "22 00 00 00", ("Ada",))
    assert [(line.name, line.phone) for line in contact.help_lines] == [("Alarmtelefonen", "116 111")]


def test_the_next_theme_is_named_and_told_in_the_parents_language(world: World) -> None:
    lesson = world.lesson()
    world.lesson(world.friends, NEXT_MONDAY, state=CANCELLED)
    world.lesson(world.teamwork, NEXT_MONDAY + timedelta(weeks=1))
    world.translate(world.teamwork, "p1")
    following = world.summary(lesson).next_theme
    assert following is not None
    assert following.sentence is not None
    assert (following.year, following.week, following.title) == (2026, 44, "Samarbeid")
    assert following.sentence.html == "<p>SO Denne uka er temaet samarbeid.</p>\n"
    assert world.summary(world.series.lessons[-1]).next_theme is None


def test_a_district_without_words_or_texts_of_its_own_has_summaries_too(world: World) -> None:
    world.vocabulary.retired_at = world.texts.retired_at = NOW
    lesson = world.lesson()
    assert [part.key for part in world.summary(lesson).sections] == ["sentence", "ask", "did", "try", "more", "hard"]
    assert summaries.district_texts(world.db, world.district, "so", ["about"], TODAY) == []


def test_district_texts_are_read_by_themselves_in_the_order_asked_for(world: World) -> None:
    world.translate(world.texts, "about.title", "about-1")
    read = summaries.district_texts(world.db, world.district, "so", ["about", "nothing", "duties"], TODAY)
    assert [(part.key, part.title, part.lang) for part in read] == [
        ("about", "SO Om oss", "so"),
        ("duties", "Dette har vi plikt til", "nb"),
    ]


def test_parents_may_talk_to_the_school_and_to_those_who_hold_the_course(world: World) -> None:
    world.series.agents = [world.agent]
    world.db.flush()
    contact = summaries.contact_of(world.db, world.school_class, TODAY)
    assert (contact.school, contact.phone, contact.agents) == ("Lia skole", "22 00 00 00", ("Ada",))
    assert [(line.name, line.phone) for line in contact.help_lines] == [("Alarmtelefonen", "116 111")]
    world.agent.shows_first_name = False
    assert summaries.contact_of(world.db, world.school_class, TODAY).agents == ()


def test_the_name_of_one_who_is_no_longer_an_agent_stands_nowhere(world: World) -> None:
    world.series.agents = [world.agent]
    lesson = world.lesson()
    role = world.agent.assignments[0]
    for role.to_date, world.agent.is_active, names in (
        (TODAY, True, ("Ada",)),
        (TODAY - timedelta(days=1), True, ()),
        (None, False, ()),
        (None, True, ("Ada",)),
    ):
        world.db.flush()
        assert world.summary(lesson).contact.agents == names
        assert summaries.contact_of(world.db, world.school_class, TODAY).agents == names


def test_a_lesson_from_another_week_says_from_which(world: World) -> None:
    lesson = world.lesson()
    world.db.add(Move(district_id=world.district.id, lesson_id=lesson.id, old_date=MONDAY - timedelta(weeks=1), new_date=MONDAY, at=NOW))
    world.db.flush()
    world.db.expire(lesson, ["moves"])
    assert (world.summary(lesson).moved_from, world.summary(world.lesson(world.teamwork)).moved_from) == (41, None)


# Which lessons


def test_a_classes_parents_open_their_lessons_up_to_this_week(world: World) -> None:
    past, this = world.lesson(day=MONDAY - timedelta(weeks=1)), world.lesson(day=date(2026, 10, 16))
    for lesson in (past, this):
        assert summaries.find_lesson(world.db, world.school_class, lesson.public_id, TODAY) is lesson


def test_no_other_lesson_can_be_opened(world: World) -> None:
    coming = world.lesson(day=NEXT_MONDAY)
    planned = world.lesson(series=world.group("5B", in_use=False))
    others = world.lesson(series=world.group("5C"))
    small = world.lesson(series=world.group("Ugleredet", "small"))
    for wanted in (coming, planned, others, small):
        with pytest.raises(LookupError):
            summaries.find_lesson(world.db, world.school_class, wanted.public_id, TODAY)
    with pytest.raises(LookupError):
        summaries.find_lesson(world.db, planned.series.school_class, planned.public_id, TODAY)


def test_a_joint_lesson_is_opened_by_each_of_its_classes(world: World) -> None:
    other = world.group("5B").school_class
    lesson = world.lesson()
    lesson.classes.append(other)
    world.db.flush()
    assert summaries.find_lesson(world.db, other, lesson.public_id, TODAY) is lesson


# How much work it is


def test_summaries_of_many_lessons_take_as_many_queries_as_of_one(world: World) -> None:
    world.translate_all()
    lessons = [world.lesson(world.friends if number % 2 else world.teamwork, MONDAY - timedelta(weeks=number)) for number in range(12)]
    counts = []
    for some in (lessons[:1], lessons):
        with counted(world.db) as sent:
            for lesson in some:
                world.db.refresh(lesson)
            del sent[:]
            summaries.summaries_for(world.db, some, "so", TODAY)
        counts.append(len(sent))
    assert counts[0] == counts[1] <= 16


def test_no_lessons_are_no_summaries(world: World) -> None:
    assert summaries.summaries_for(world.db, [], "so", TODAY) == []
