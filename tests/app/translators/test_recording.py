"""Reading aloud to parents: who may, what is refused in words, and what parents hear from then on."""

from __future__ import annotations

import io
import re
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from curriculum import interchange, summaries
from curriculum.planning import Series
from curriculum.summaries import Recording
from tests.app.counting import queries
from tests.cast import CONTENT, NOW, Cast, document, looking, make_series, sign_in, version_of
from tests.sounds import sound, tone
from tests.states import state

if TYPE_CHECKING:
    from flask import Flask
    from flask.testing import FlaskClient
    from werkzeug.test import TestResponse

SOMALI, NORWEGIAN, WORD, NAME = "/opptak/so/vennskap", "/opptak/nb/vennskap", "/opptak/ord/venn", "/opptak/navn/so"


@state
def series(db: Session, cast: Cast) -> Series:
    """5A's, with friendship this week; what is translated into Somali may be read."""
    cast.district.parents_read = "draft"
    made = make_series(db, cast)
    interchange.import_po(db, cast.district, "so", CONTENT.parent / "translations" / "so" / "themes.po", now=NOW)
    db.commit()
    return made


@pytest.fixture
def agent(client: FlaskClient, cast: Cast, series: Series) -> FlaskClient:
    return in_english(client, cast, "agent")


def in_english(client: FlaskClient, cast: Cast, who: str) -> FlaskClient:
    sign_in(client, cast.persons[who]).post("/sprak/en")
    return client


def words(response: TestResponse) -> str:
    main = response.text.partition("<main")[2].partition("</main>")[0]
    return " ".join(re.sub(r"<[^>]+>", " ", main).split())


def send(client: FlaskClient, address: str, data: bytes | None, name: str = "lyd.webm", **more: Any) -> TestResponse:
    """Send a sound to a page, as of the text that stands there."""
    found = re.search(r'name="seen"[^>]*value="(\w*)"', client.get(address).text)
    form: dict[str, Any] = {"seen": found.group(1) if found else "", **more}
    if data is None:
        return client.post(address, data=form, content_type="multipart/form-data")
    return client.post(address, data=whole(form, data, name), content_type="multipart/form-data; boundary=edge")


def whole(form: dict[str, Any], data: bytes, name: str) -> bytes:
    """A form with a file, as a browser writes it: the test client would leave a large one in a file of its own."""
    fields = "".join(f'--edge\r\nContent-Disposition: form-data; name="{key}"\r\n\r\n{value}\r\n' for key, value in form.items())
    file = f'--edge\r\nContent-Disposition: form-data; name="sound"; filename="{name}"\r\nContent-Type: audio/x-anything\r\n\r\n'
    return (fields + file).encode() + data + b"\r\n--edge--\r\n"


def kept(db: Session) -> list[Recording]:
    with looking(db) as fresh:
        return list(fresh.scalars(select(Recording).order_by(Recording.id)))


def clip_of(html: str) -> str:
    return str(re.findall(r'src="/opptak/lyd/(\w+)"', html)[0])


# --- Recording -------------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["browser.webm", "telephone.ogg", "telephone.m4a", "browser.mp4", "telephone.mp3", "telephone.wav"])
def test_a_sound_is_saved_and_heard_from_now_on(name: str, agent: FlaskClient, cast: Cast, db: Session) -> None:
    response = send(agent, SOMALI, sound(name), name)
    assert (response.status_code, response.location) == (303, SOMALI)
    page = agent.get(SOMALI)
    assert "The recording is saved. Parents can hear it now." in words(page)
    assert re.search(r"Ingrid Solfeng, 14 October, \d seconds", words(page))
    (made,) = kept(db)
    assert (made.about, made.language, made.by_id, made.at) == ("summary:vennskap", "so", cast.agent.id, NOW)
    assert agent.get(f"/opptak/lyd/{clip_of(page.text)}").data == sound(name)


def test_the_text_to_read_stands_on_the_page_in_its_own_language(agent: FlaskClient, cast: Cast) -> None:
    page = agent.get(SOMALI)
    assert re.search(r'<div class="script" lang="so" dir="ltr"><p>Mawduuca toddobaadkan waa saaxiibtinimo', page.text)
    assert "A machine made this translation" in words(page)
    assert re.search(r'lang="nb" dir="ltr"><p>Denne uka er temaet vennskap', agent.get(NORWEGIAN).text)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (None, "Record something, or choose a file."),
        (b"", "The file is empty."),
        (b"<!doctype html><script>alert(1)</script>", "This is not a sound that can be played here."),
        (sound("browser.webm")[:-9], "The sound is cut off or damaged."),
        (tone(70), "The sound lasts 70 seconds; at most 60 may be heard."),
        (tone(50, 24000), "The sound takes 1200 kB; at most 1000 kB fit."),
        (tone(0), "There is no sound in the file."),
    ],
)
def test_what_is_no_sound_is_refused_in_words_at_the_field(data: bytes | None, said: str, agent: FlaskClient, db: Session) -> None:
    response = send(agent, SOMALI, data, "lyd.mp3")
    assert response.status_code == 422
    assert re.search(rf'id="sound-error">\s*<p[^>]*>{re.escape(said)}', response.text)
    assert kept(db) == []


def test_words_where_a_file_belongs_are_no_file(agent: FlaskClient, db: Session) -> None:
    response = send(agent, SOMALI, None, sound="no file at all")
    assert (response.status_code, kept(db)) == (422, [])
    assert "Record something, or choose a file." in words(response)


def test_more_than_a_form_may_carry_is_told_as_what_it_is(agent: FlaskClient, db: Session) -> None:
    response = send(agent, SOMALI, b"x" * 2_100_000)
    assert response.status_code == 413
    assert "A recording lasts at most 60 seconds" in words(response)
    assert "50,000 characters" not in words(response)


def test_what_was_read_before_the_text_changed_is_not_taken(agent: FlaskClient, db: Session) -> None:
    response = send(agent, SOMALI, tone(2), seen="0123456789abcdef")
    assert (response.status_code, kept(db)) == (422, [])
    assert "The text has changed since you opened the page." in words(response)
    assert "0123456789abcdef" not in response.text  # the form stands on the text of now


def test_what_is_not_translated_cannot_be_read_yet(agent: FlaskClient, db: Session) -> None:
    page = agent.get("/opptak/ur/vennskap")
    assert "The text is not translated yet" in words(page)
    assert "<audio" not in page.text and 'type="file"' not in page.text
    assert agent.post("/opptak/ur/vennskap", data={"sound": (io.BytesIO(tone(2)), "x.wav")}).status_code == 422
    assert kept(db) == []


def test_a_recording_of_an_older_text_is_told_to_be_silent(agent: FlaskClient, db: Session, cast: Cast) -> None:
    send(agent, NORWEGIAN, tone(2))
    for one in db.scalars(select(Recording)):
        one.text_hash = "of another text"
    db.commit()
    assert "What was recorded reads an older text, and is not heard now." in words(agent.get(NORWEGIAN))
    assert "the text has changed: record it anew" in words(agent.get("/opptak/vennskap"))


# --- Withdrawn, and taken back -----------------------------------------------------------------------------------------------------------


def test_a_recording_is_withdrawn_and_the_one_before_is_heard_until_it_is_brought_back(agent: FlaskClient, db: Session) -> None:
    for _ in range(2):
        send(agent, NORWEGIAN, tone(2))
    first, second = (one.public_id for one in kept(db))
    assert clip_of(agent.get(NORWEGIAN).text) == second
    response = agent.post(f"/opptak/lyd/{second}/trekk")
    assert (response.status_code, response.location) == (303, NORWEGIAN)
    page = agent.get(NORWEGIAN)
    assert clip_of(page.text) == first
    assert f'class="undo" method="post" action="/opptak/lyd/{second}/tilbake"' in page.text
    assert agent.post(f"/opptak/lyd/{second}/trekk").status_code == 422
    assert agent.post(f"/opptak/lyd/{second}/tilbake").status_code == 303
    assert clip_of(agent.get(NORWEGIAN).text) == second


def test_saving_is_undone_by_withdrawing_what_was_saved(agent: FlaskClient, db: Session) -> None:
    send(agent, NORWEGIAN, tone(2))
    (made,) = kept(db)
    assert f'class="undo" method="post" action="/opptak/lyd/{made.public_id}/trekk"' in agent.get(NORWEGIAN).text


# --- Words, and the names of languages ---------------------------------------------------------------------------------------------------


def test_a_word_is_recorded_once_from_the_page_of_the_words(agent: FlaskClient, db: Session) -> None:
    assert 'href="/opptak/ord"' in agent.get("/idebank/vocabulary").text
    assert f'href="{WORD}"' in agent.get("/opptak/ord").text
    assert send(agent, WORD, tone(1)).status_code == 303
    (made,) = kept(db)
    assert (made.about, made.language, made.text) == ("term:venn", "nb", "venn")
    assert agent.post(f"/opptak/lyd/{made.public_id}/trekk").location == WORD
    assert agent.get("/opptak/ord/finnes-ikke").status_code == 404


def test_the_name_of_a_language_is_recorded_from_the_administrators_list(client: FlaskClient, cast: Cast, db: Session) -> None:
    in_english(client, cast, "administrator")
    assert f'href="{NAME}"' in client.get("/administrasjon/sprak").text
    assert send(client, NAME, tone(1)).status_code == 303
    (made,) = kept(db)
    assert (made.about, made.language, made.text) == ("name:so", "so", "Af-Soomaali")
    assert client.post(f"/opptak/lyd/{made.public_id}/trekk").location == NAME
    assert client.get("/opptak/navn/xx").status_code == 404


def test_before_there_are_words_the_page_says_so(client: FlaskClient, cast: Cast) -> None:
    assert "There are no words yet" in words(in_english(client, cast, "coordinator").get("/opptak/ord"))


# --- Who may ---------------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("who", "somali", "norwegian", "word", "name"),
    [
        ("agent", 200, 200, 200, 403),
        ("small_agent", 403, 403, 200, 403),
        ("other_agent", 403, 403, 200, 403),
        ("translator", 200, 403, 403, 403),
        ("coordinator", 200, 200, 200, 403),
        ("teacher", 403, 403, 403, 403),
        ("head", 403, 403, 403, 403),
        ("administrator", 403, 403, 403, 200),
        ("former", 403, 403, 403, 403),
        ("outsider", 404, 404, 404, 403),
    ],
)
def test_agents_record_for_their_classes_translators_for_their_language_and_coordinators_for_all(
    who: str, somali: int, norwegian: int, word: int, name: int, client: FlaskClient, cast: Cast, series: Series, db: Session
) -> None:
    sign_in(client, cast.persons[who])
    addresses = (SOMALI, NORWEGIAN, WORD, NAME)
    expected = (somali, norwegian, word, name)
    assert tuple(client.get(address).status_code for address in addresses) == expected
    sent = [send(client, address, tone(1)).status_code for address in addresses]
    assert sent == [303 if status == 200 else status for status in expected]
    assert len(kept(db)) == sent.count(303)


@pytest.mark.parametrize(
    ("who", "status"),
    [("coordinator", 303), ("translator", 303), ("other_agent", 403), ("teacher", 403), ("administrator", 403), ("outsider", 404)],
)
def test_whoever_may_record_a_text_may_withdraw_what_reads_it_and_nobody_else(
    who: str, status: int, client: FlaskClient, app: Flask, cast: Cast, series: Series, db: Session
) -> None:
    send(sign_in(client, cast.agent), SOMALI, tone(2))
    (made,) = kept(db)
    hers = sign_in(app.test_client(), cast.persons[who])
    for act in ("trekk", "tilbake"):
        assert hers.post(f"/opptak/lyd/{made.public_id}/{act}").status_code == status
    assert kept(db)[0].withdrawn_at is None


def test_every_colleague_may_listen_and_nobody_from_outside(
    client: FlaskClient, app: Flask, cast: Cast, series: Series, db: Session
) -> None:
    send(sign_in(client, cast.agent), SOMALI, tone(2))
    address = f"/opptak/lyd/{kept(db)[0].public_id}"
    for who, status in (("teacher", 200), ("head", 200), ("outsider", 404)):
        assert sign_in(app.test_client(), cast.persons[who]).get(address).status_code == status
    assert app.test_client().get(address).location == f"/logg-inn?next={address}"


def test_from_the_parents_page_nothing_can_be_recorded(client: FlaskClient, cast: Cast, series: Series, db: Session) -> None:
    code = cast.parents_link.code
    for address in (f"/f/{code}/so/lyd/0000000000", f"/f/{code}/so"):
        assert client.post(address, data={"sound": (io.BytesIO(tone(2)), "x.wav")}).status_code == 405
    assert client.post(SOMALI, data={"sound": (io.BytesIO(tone(2)), "x.wav")}).status_code == 401
    assert kept(db) == []


@pytest.mark.parametrize("address", ["/opptak/xx/vennskap", "/opptak/so/finnes-ikke", "/opptak/so/vocabulary", "/opptak/finnes-ikke"])
def test_what_is_not_there_is_not_found(address: str, agent: FlaskClient) -> None:
    assert agent.get(address).status_code == 404


def test_a_theme_that_is_not_in_effect_yet_cannot_be_read(agent: FlaskClient, db: Session, cast: Cast) -> None:
    document(db, cast, "vennskap").retired_at = NOW
    db.commit()
    assert agent.get(SOMALI).status_code == 404


# --- The pages -------------------------------------------------------------------------------------------------------------------------


def test_a_themes_languages_are_listed_with_what_has_been_recorded(agent: FlaskClient, cast: Cast) -> None:
    send(agent, SOMALI, tone(2))
    said = words(agent.get("/opptak/vennskap"))
    assert "Norsk bokmål not recorded Record" in said
    assert "English nothing to read in this language yet" in said
    assert re.search(r"Af-Soomaali can be heard Ingrid Solfeng, 14 October, 2 seconds Record it anew", said)


def test_a_translator_sees_her_language_alone_and_an_agent_elsewhere_none(
    client: FlaskClient, app: Flask, cast: Cast, series: Series
) -> None:
    assert re.findall(r'href="/opptak/(\w+)/vennskap"', sign_in(client, cast.translator).get("/opptak/vennskap").text) == ["so"]
    assert sign_in(app.test_client(), cast.other_agent).get("/opptak/vennskap").status_code == 403


def test_the_pages_of_a_lesson_a_theme_and_a_translation_lead_there(client: FlaskClient, app: Flask, cast: Cast, series: Series) -> None:
    for who, address, to in (
        ("agent", "/uka-mi", "/opptak/vennskap"),
        ("coordinator", "/idebank/vennskap", "/opptak/vennskap"),
        ("translator", "/oversett/so/vennskap", SOMALI),
    ):
        assert f'href="{to}"' in sign_in(app.test_client(), cast.persons[who]).get(address).text
    assert "/opptak/" not in sign_in(app.test_client(), cast.administrator).get("/oversett/so/vennskap").text


def test_the_microphone_is_open_where_one_records_and_closed_everywhere_else(agent: FlaskClient, cast: Cast) -> None:
    assert agent.get(SOMALI).headers["Permissions-Policy"].endswith("microphone=(self)")
    assert send(agent, SOMALI, b"x").headers["Permissions-Policy"].endswith("microphone=(self)")
    for address in ("/opptak/vennskap", "/opptak/ord", "/uka-mi", f"/f/{cast.parents_link.code}/so"):
        assert agent.get(address).headers["Permissions-Policy"].endswith("microphone=()")


def test_a_trial_sound_is_said_to_be_nobodys_voice(agent: FlaskClient, cast: Cast, db: Session) -> None:
    script = summaries.theme_script(db, cast.district, version_of(db, cast, "vennskap").document, "nb", cast.today)
    summaries.record(db, cast.district, script, tone(2), seen=script.hash, by=None, now=NOW)
    db.commit()
    assert "A trial sound of the demo: a tone, nobody's voice." in words(agent.get(NORWEGIAN)).replace("&#39;", "'")


def test_the_number_of_queries_does_not_grow_with_the_recordings(app: Flask, agent: FlaskClient) -> None:
    for address, to in (("/opptak/vennskap", NORWEGIAN), ("/opptak/ord", WORD), (SOMALI, SOMALI)):
        send(agent, to, tone(1))
        agent.get(address)
        few = queries(app, lambda address=address: agent.get(address))  # type: ignore[misc]
        for _ in range(3):
            send(agent, to, tone(1))
        agent.get(address)
        assert queries(app, lambda address=address: agent.get(address)) == few  # type: ignore[misc]
