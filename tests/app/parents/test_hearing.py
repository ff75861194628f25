"""Hearing on the parents' pages: a player that needs no script, sounds in parts, and none that is not theirs."""

from __future__ import annotations

import gzip
import re
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app.doorstep import PUBLIC
from curriculum import interchange, summaries
from curriculum.base import new_code
from curriculum.people import PARENTS, new_link
from curriculum.planning import CANCELLED, Series
from curriculum.summaries import Recording, Script
from tests.app.counting import queries
from tests.cast import CONTENT, NOW, Cast, document, make_series, publish
from tests.sounds import tone
from tests.states import state

SOUND = tone(2)


@state
def series(db: Session, cast: Cast) -> Series:
    """5A's: last week, this week, next week; Somali parents read a machine's draft."""
    cast.district.parents_read = "draft"
    made = make_series(db, cast, start=cast.today - timedelta(weeks=1), themes=("folelser", "vennskap", "samarbeid"))
    for file in ("themes", "terms"):
        path = next((CONTENT.parent / "translations" / "so").glob(f"{file}.*"))
        interchange.import_po(db, cast.district, "so", path, now=NOW)
    db.commit()
    return made


def recorded(db: Session, cast: Cast, script: Script) -> Recording:
    made = summaries.record(db, cast.district, script, SOUND, seen=script.hash, by=cast.agent, now=NOW)
    db.commit()
    return made


def theme(db: Session, cast: Cast, key: str = "vennskap", tag: str = "so") -> Script:
    return summaries.theme_script(db, cast.district, document(db, cast, key), tag, cast.today)


def page(cast: Cast, series: Series, tag: str = "so") -> str:
    return f"/f/{cast.parents_link.code}/{tag}/{series.lessons[1].public_id}"


def address(cast: Cast, recording: Recording, tag: str = "so") -> str:
    return f"/f/{cast.parents_link.code}/{tag}/lyd/{recording.public_id}"


@pytest.fixture
def clip(db: Session, cast: Cast, series: Series) -> Recording:
    """The week's theme, read in Somali."""
    return recorded(db, cast, theme(db, cast))


# --- On the page ------------------------------------------------------------------------------------------------------------------------


def test_a_recorded_summary_has_a_player_above_all_that_is_to_be_read(
    client: FlaskClient, cast: Cast, series: Series, clip: Recording
) -> None:
    html = client.get(page(cast, series)).text
    player = f'<audio controls preload="none" aria-labelledby="hear" src="{address(cast, clip)}"></audio>'
    assert html.count("<audio") == 1 and player in html
    assert html.index("<h1") < html.index(player) < html.index('<div class="note">') < html.index('class="first"')
    assert f'href="{address(cast, clip)}" download="vennskap-so.wav" data-type="audio/wav"' in html
    assert re.search(r'<p class="listen" hidden data-call>.*?href="tel:\+4722000000"', html)  # shown by the script when it cannot be played


def test_in_another_language_nothing_is_heard_and_whom_to_ring_is_told(
    client: FlaskClient, cast: Cast, series: Series, clip: Recording
) -> None:
    html = client.get(page(cast, series, "en")).text
    assert "<audio" not in html
    assert re.search(r'<p class="listen" data-call>.*Call us, and we will find an interpreter.*href="tel:\+4722000000"', html)
    assert html.index('class="ask"') < html.index("data-call")


def test_a_voice_of_the_device_is_offered_by_the_script_alone_and_only_for_a_text_in_its_language(
    client: FlaskClient, cast: Cast, series: Series
) -> None:
    button = '<button class="hear" type="button" data-voice="{}" aria-label='
    assert button.format("so") in client.get(page(cast, series)).text
    assert button.format("nb") in client.get(page(cast, series, "nb")).text
    assert "data-voice" not in client.get(page(cast, series, "ur")).text  # its text is in Norwegian
    assert "data-call" not in client.get(page(cast, series, "nb")).text  # who reads Norwegian needs no interpreter


def test_a_school_without_a_telephone_is_not_to_be_rung(client: FlaskClient, cast: Cast, series: Series, db: Session) -> None:
    cast.school.phone = ""
    db.commit()
    assert "data-call" not in client.get(page(cast, series)).text


def test_a_word_has_its_norwegian_sound_in_every_language(client: FlaskClient, cast: Cast, series: Series, db: Session) -> None:
    made = recorded(db, cast, summaries.term_scripts(db, cast.district, cast.today)["venn"])
    for tag in ("so", "ur", "nb"):
        html = client.get(page(cast, series, tag)).text
        assert re.search(
            rf'<audio controls preload="none" data-short aria-label="[^"]+: venn" src="{address(cast, made, tag)}"></audio></dt>', html
        )
        assert client.get(address(cast, made, tag)).data == SOUND


def test_a_languages_name_is_heard_in_the_chooser(client: FlaskClient, cast: Cast, db: Session) -> None:
    made = recorded(db, cast, summaries.name_script("ur"))
    html = client.get(f"/f/{cast.parents_link.code}", headers={"Accept-Language": "so"}).text
    assert re.findall(r'src="(/f/[^"]+)"', html) == [address(cast, made, "ur")]
    assert re.findall(r'data-voice="(\w+)" data-words="([^"]+)"', html) == [
        ("so", "Af-Soomaali"), ("nb", "Norsk bokmål"), ("en", "English"),
    ]  # fmt: skip
    assert client.get(address(cast, made, "ur")).status_code == 200
    assert client.get(address(cast, made, "so")).status_code == 404


def test_a_trial_sound_says_so_on_the_page(client: FlaskClient, cast: Cast, series: Series, db: Session) -> None:
    script = theme(db, cast, tag="nb")
    summaries.record(db, cast.district, script, SOUND, seen=script.hash, by=None, now=NOW)
    db.commit()
    html = client.get(page(cast, series, "nb")).text
    assert html.index("<audio") < html.index("Prøvelyd: en tone") < html.index('class="first"')


def test_the_page_asks_as_often_whatever_is_heard(app: Flask, client: FlaskClient, cast: Cast, series: Series, db: Session) -> None:
    client.get(page(cast, series))
    before = queries(app, lambda: app.test_client().get(page(cast, series) + "?1"))
    recorded(db, cast, theme(db, cast))
    for script in summaries.term_scripts(db, cast.district, cast.today).values():
        recorded(db, cast, script)
    client.get(page(cast, series))
    assert queries(app, lambda: app.test_client().get(page(cast, series) + "?2")) == before


@pytest.mark.slow
@pytest.mark.parametrize("tag", ["nb", "ur", "so", "ar"])
def test_a_page_with_all_its_sounds_fits_the_first_round_trip(tag: str, client: FlaskClient, cast: Cast, db: Session) -> None:
    cast.district.parents_read, cast.district.is_demo = "draft", True
    for language in cast.district.languages:
        language.is_open = True
    publish(db, cast, "district-texts", "vennskap", "samarbeid")
    for file in sorted((CONTENT.parent / "translations" / tag).glob("*.po")):
        if file.stem in ("themes", "terms", "district"):
            interchange.import_po(db, cast.district, tag, file, now=NOW)
    lesson = make_series(db, cast, start=cast.today - timedelta(days=7), themes=("samarbeid", "vennskap")).lessons[1]
    for script in [theme(db, cast, tag=tag), *summaries.term_scripts(db, cast.district, cast.today).values()]:
        summaries.record(db, cast.district, script, SOUND, seen=script.hash, by=None, now=NOW)
    db.commit()
    response = client.get(f"/f/{cast.parents_link.code}/{tag}/{lesson.public_id}", headers={"Accept-Encoding": "gzip"})
    assert gzip.decompress(response.data).count(b"<audio") == 6
    assert len(response.data) + len(str(response.headers).encode()) + len("HTTP/1.1 200 OK\r\n") <= 14_000


# --- The sound itself --------------------------------------------------------------------------------------------------------------------


def test_a_sound_is_whole_or_in_parts(client: FlaskClient, cast: Cast, clip: Recording) -> None:
    whole = client.get(address(cast, clip))
    assert (whole.status_code, whole.data) == (200, SOUND)
    assert whole.headers["Content-Type"] == "audio/wav"
    assert (whole.headers["Accept-Ranges"], whole.headers["Content-Length"]) == ("bytes", str(len(SOUND)))
    assert whole.headers["ETag"] == f'"{clip.public_id}"'
    assert (whole.headers["X-Content-Type-Options"], whole.headers["X-Robots-Tag"]) == ("nosniff", "noindex, nofollow")
    assert whole.headers["Content-Disposition"] == 'inline; filename="vennskap-so.wav"'
    for asked, status, data, part in (
        ("bytes=0-1", 206, SOUND[:2], f"bytes 0-1/{len(SOUND)}"),
        ("bytes=100-", 206, SOUND[100:], f"bytes 100-{len(SOUND) - 1}/{len(SOUND)}"),
        ("bytes=-50", 206, SOUND[-50:], f"bytes {len(SOUND) - 50}-{len(SOUND) - 1}/{len(SOUND)}"),
        ("bytes=99999999-", 416, b"", f"bytes */{len(SOUND)}"),
        ("pages=1-2", 200, SOUND, None),
    ):
        response = client.get(address(cast, clip), headers={"Range": asked})
        assert (response.status_code, response.data, response.headers.get("Content-Range")) == (status, data, part), asked


def test_a_sound_that_the_browser_has_is_not_sent_again_and_a_part_of_another_is_sent_whole(
    client: FlaskClient, cast: Cast, clip: Recording
) -> None:
    tag = f'"{clip.public_id}"'
    assert client.get(address(cast, clip), headers={"If-None-Match": tag}).status_code == 304
    assert client.get(address(cast, clip), headers={"Range": "bytes=0-1", "If-Range": tag}).status_code == 206
    assert client.get(address(cast, clip), headers={"Range": "bytes=0-1", "If-Range": '"another"'}).data == SOUND
    head = client.head(address(cast, clip))
    assert (head.status_code, head.data, head.headers["Content-Length"]) == (200, b"", str(len(SOUND)))


def test_a_sound_is_not_zipped_not_kept_at_the_door_and_sets_no_cookie(
    app: Flask, client: FlaskClient, cast: Cast, clip: Recording
) -> None:
    door = app.extensions["doorstep"]
    door.forget()
    response = client.get(address(cast, clip), headers={"Accept-Encoding": "gzip"})
    assert response.data == SOUND
    assert "Content-Encoding" not in response.headers and "Set-Cookie" not in response.headers
    assert not door.kept


@pytest.mark.parametrize(
    ("path", "is_kept"),
    [
        ("/f/code/so", True), ("/f/code/so/", True), ("/f/code/so/abc123", True), ("/f/code/so/lyd", True), ("/f/code/so/lydia/x", True),
        ("/f/code/so/abc123/sammen", True), ("/f/code", False), ("/f/code/so/lyd/0123456789", False), ("/f/lyd/so/lyd/x", False),
    ],
)  # fmt: skip
def test_the_door_keeps_pages_and_lets_sounds_by(path: str, is_kept: bool) -> None:
    assert bool(PUBLIC.match(path)) == is_kept


def test_a_mangled_address_leads_to_the_right_one(client: FlaskClient, cast: Cast, clip: Recording) -> None:
    right = address(cast, clip)
    for typed in (right + "/", right.replace(cast.parents_link.code, cast.parents_link.code.upper()), right[:-10] + right[-10:].upper()):
        if typed != right:
            response = client.get(typed)
            assert (response.status_code, response.location) == (308, right)


# --- What is not theirs ------------------------------------------------------------------------------------------------------------------


def test_a_sound_is_there_for_as_long_as_it_is_theirs_to_hear(
    client: FlaskClient, cast: Cast, series: Series, clip: Recording, db: Session
) -> None:
    right = address(cast, clip)
    assert client.get(right).status_code == 200
    assert client.get(address(cast, clip, "en")).status_code == 404
    assert client.get(address(cast, clip, "ar")).location == f"/f/{cast.parents_link.code}"  # not open: the chooser
    assert client.get(f"/f/{cast.parents_link.code}/so/lyd/{new_code(10)}").status_code == 404
    series.lessons[1].state = CANCELLED
    db.commit()
    assert client.get(right).status_code == 404
    series.lessons[1].state = "planned"
    summaries.withdraw(db, clip, by=cast.agent, now=NOW)
    db.commit()
    assert client.get(right).status_code == 404


def test_a_sound_of_a_theme_to_come_is_not_there_yet(client: FlaskClient, cast: Cast, series: Series, db: Session) -> None:
    assert client.get(address(cast, recorded(db, cast, theme(db, cast, "samarbeid")))).status_code == 404


def test_a_closed_link_closes_its_sounds_with_the_same_kind_words(client: FlaskClient, cast: Cast, clip: Recording, db: Session) -> None:
    cast.parents_link.revoked_at = NOW
    db.commit()
    response = client.get(address(cast, clip), headers={"Range": "bytes=0-1"})
    assert response.status_code == 410
    assert "<h1>" in response.text
    assert client.get(f"/f/{new_code(10)}/so/lyd/{clip.public_id}").status_code == 404


def test_a_class_hears_only_what_it_has(client: FlaskClient, cast: Cast, clip: Recording, db: Session) -> None:
    other = new_link(db, cast.b5, PARENTS, expires=cast.today)
    small = new_link(db, cast.small, PARENTS, expires=cast.today)
    db.commit()
    for link in (other, small):
        assert client.get(f"/f/{link.code}/so/lyd/{clip.public_id}").status_code == 404
    make_series(db, cast, cast.small, weekday=3)
    db.commit()
    response = client.get(f"/f/{small.code}/so/lyd/{clip.public_id}")
    assert response.status_code == 200
    assert "Bjørka" not in str(response.headers)
