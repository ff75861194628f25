"""What a sound file is and how long it lasts, by what stands in it; and what is no sound that parents could play."""

from __future__ import annotations

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from curriculum.base import Refused
from curriculum.summaries.sounds import ENDINGS, LARGEST, MP3, MP4, OGG, WAV, WEBM, measure
from tests.sounds import sound, tone

FILES = {
    "browser.webm": (WEBM, 1.5),
    "whole.webm": (WEBM, 1.5),
    "telephone.ogg": (OGG, 1.5),
    "telephone.m4a": (MP4, 1.5),
    "browser.mp4": (MP4, 1.5),
    "telephone.mp3": (MP3, 1.5),
    "telephone.wav": (WAV, 0.5),
}


def why(data: bytes) -> str:
    """The words with which a file is refused, at the field for the sound."""
    with pytest.raises(Refused) as refused:
        measure(data)
    assert refused.value.at == "sound"
    return str(refused.value)


UNKNOWN, CUT, SILENT = "This is not a sound", "cut off or damaged", "There is no sound"


@pytest.mark.parametrize(("name", "found"), FILES.items())
def test_what_browsers_and_telephones_make_is_known_with_its_length(name: str, found: tuple[str, float]) -> None:
    measured = measure(sound(name))
    assert measured.type == found[0]
    assert measured.seconds == pytest.approx(found[1], abs=0.18)
    assert measured.type in ENDINGS


def test_a_file_is_judged_by_what_is_in_it() -> None:
    assert "empty" in why(b"")
    for other in (
        b"<!doctype html><script>alert(1)</script>",
        b"%PDF-1.7",
        b"GIF89a" + b"\0" * 50,
        b"fLaC" + b"\0" * 50,
        b"\xff",
        b"\0" * 9000,
    ):
        assert UNKNOWN in why(other)


@pytest.mark.parametrize("name", FILES)
def test_a_file_that_is_cut_off_is_refused_wherever_it_is_cut(name: str) -> None:
    whole = sound(name)
    for end in (*range(13, len(whole) - 1, 97), len(whole) - 1):
        cut = whole[:end]
        try:
            assert measure(cut).seconds <= measure(whole).seconds  # between two frames it is a shorter sound
        except Refused as refused:
            assert refused.at == "sound"
    assert CUT in why(whole[:-5])


def test_a_sound_lasts_at_most_a_minute_and_is_never_nothing() -> None:
    assert measure(tone(60)).seconds == 60
    assert measure(tone(60.9)).seconds == 60.9  # a browser may stop a little late
    assert "lasts 62 seconds; at most 60" in why(tone(62))
    assert SILENT in why(tone(0))
    assert SILENT in why(tone(0.2))


def test_a_file_takes_at_most_a_megabyte() -> None:
    assert measure(tone(40, 24000)).seconds == 40
    assert "1320 kB; at most 1000 kB" in why(tone(55, 24000))
    assert "1000 kB; at most" in why(b"x" * (LARGEST + 1))


@given(st.sampled_from(sorted(FILES)), st.binary(min_size=1, max_size=12), st.integers(0, 2_600))
def test_no_damage_makes_anything_but_a_sound_or_a_refusal(name: str, damage: bytes, at: int) -> None:
    whole = sound(name)
    damaged = whole[:at] + damage + whole[at + len(damage) :]
    try:
        assert measure(damaged).seconds <= 61
    except Refused as refused:
        assert refused.at == "sound"


@given(
    st.sampled_from([b"\x1aE\xdf\xa3", b"OggS", b"\0\0\0\x08ftyp", b"RIFF\0\0\0\0WAVE", b"ID3\4\0\0", b"\xff\xf3\x24\xc4"]),
    st.binary(max_size=300),
)
def test_nothing_that_begins_like_a_sound_breaks_the_reading(start: bytes, rest: bytes) -> None:
    try:
        measure(start + rest)
    except Refused as refused:
        assert refused.at == "sound"


# --- WebM -------------------------------------------------------------------------------------------------------------------------------


def element(name: int, body: bytes, *, is_open: bool = False) -> bytes:
    size = b"\x01" + b"\xff" * 7 if is_open else struct.pack(">Q", len(body) | 1 << 56)
    return name.to_bytes((name.bit_length() + 7) // 8) + size + body


HEAD = element(0x1A45DFA3, element(0x4282, b"webm"))


def packet(code: int = 0, frames: int = 1, config: int = 1) -> bytes:
    """A packet of Opus (config 1: frames of 20 ms)."""
    return bytes([config << 3 | code, frames]) + b"\0\0"


def block(at: int, content: bytes, *, grouped: bool = False) -> bytes:
    body = b"\x81" + struct.pack(">h", at) + b"\x80" + content
    return element(0xA0, element(0xA1, body)) if grouped else element(0xA3, body)


def webm(*clusters: tuple[int, bytes], codec: bytes = b"A_OPUS", kind: int = 2, scale: int = 1_000_000, head: bytes = HEAD) -> bytes:
    track = element(0x1654AE6B, element(0xAE, element(0x83, bytes([kind])) + element(0x86, codec)))
    info = element(0x1549A966, element(0x2AD7B1, scale.to_bytes(4)))
    parts = b"".join(element(0x1F43B675, element(0xE7, at.to_bytes(4)) + blocks, is_open=True) for at, blocks in clusters)
    return head + element(0x18538067, info + track + parts, is_open=True)


def test_a_recorded_webm_is_as_long_as_its_packets_or_as_its_times_say_whichever_is_longer() -> None:
    packets = b"".join(block(0, packet()) for _ in range(100))
    assert measure(webm((0, packets))).seconds == pytest.approx(2)  # times that say nothing hide no minute
    assert measure(webm((0, block(0, packet())), (30_000, block(500, packet(), grouped=True)))).seconds == pytest.approx(30.5)
    assert measure(webm((0, block(0, packet())), (300, block(0, packet())), scale=100_000_000)).seconds == pytest.approx(30)
    assert "lasts 80 seconds" in why(webm((0, b"".join(block(0, packet()) for _ in range(4000)))))
    assert "lasts 90 seconds" in why(webm((0, block(0, packet())), (90_000, block(0, packet()))))


def test_a_webm_holds_one_sound_in_opus() -> None:
    blocks = (0, b"".join(block(0, packet()) for _ in range(100)))
    assert UNKNOWN in why(webm(blocks, kind=1))
    assert UNKNOWN in why(webm(blocks, codec=b"A_VORBIS"))
    assert UNKNOWN in why(webm(blocks, head=element(0x1A45DFA3, element(0x4282, b"matroska"))))
    assert SILENT in why(webm())
    assert SILENT in why(webm((0, block(0, b""))))
    assert CUT in why(HEAD + b"\x00" + b"\0" * 20)
    assert CUT in why(HEAD + element(0xE7, b"\0" * 9))
    assert CUT in why(HEAD + b"\xec\x80" * 110_000)  # hundreds of thousands of nothings would take seconds


@pytest.mark.parametrize(
    ("first", "count", "seconds"),
    [
        (packet(0, config=0), 100, 1), (packet(0, config=3), 100, 6), (packet(1), 100, 4), (packet(2), 100, 4), (packet(3, 6), 50, 6),
        (packet(0, config=12), 100, 1), (packet(0, config=13), 100, 2), (packet(0, config=16), 400, 1), (packet(0, config=31), 100, 2),
        (b"\x0b", 1000, 0),
    ],
)  # fmt: skip
def test_a_packet_of_opus_says_how_long_it_is(first: bytes, count: int, seconds: float) -> None:
    made = webm((0, b"".join(block(0, first) for _ in range(count))))
    if seconds:
        assert measure(made).seconds == pytest.approx(seconds)
    else:
        assert SILENT in why(made)


# --- Ogg --------------------------------------------------------------------------------------------------------------------------------


def ogg(*packets: bytes, stream: int = 1) -> bytes:
    return b"".join(
        b"OggS\0\0" + struct.pack("<qIII", 0, stream, number, 0) + bytes([1, len(one)]) + one for number, one in enumerate(packets)
    )


def test_an_ogg_holds_one_stream_of_opus() -> None:
    head, tags = b"OpusHead\1\1" + struct.pack("<H", 4800) + b"\0" * 7, b"OpusTags"
    assert measure(ogg(head, tags, *[packet()] * 100)).seconds == pytest.approx(1.9)
    long = b"OggS\0\0" + struct.pack("<qIII", 0, 1, 2, 0) + bytes([2, 255, 5]) + packet() + b"\0" * 256
    assert measure(ogg(head, tags, *[packet()] * 100) + long).seconds == pytest.approx(1.92)
    assert UNKNOWN in why(ogg(b"\1vorbis", tags, packet()))
    assert SILENT in why(ogg(head))
    assert CUT in why(ogg(head, tags, packet()) + ogg(packet(), stream=2))
    assert CUT in why(ogg(head, tags, packet()) + b"OggX" + b"\0" * 40)


# --- MP4 --------------------------------------------------------------------------------------------------------------------------------


def box(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I4s", 8 + len(body), name) + body


def media(*, codec: bytes = b"mp4a", scale: int = 1000, listed: tuple[tuple[int, int], ...] = (), wide: bool = False) -> bytes:
    head = b"\1\0\0\0" + b"\0" * 16 if wide else b"\0\0\0\0" + b"\0" * 8
    times = struct.pack(">II", 0, len(listed)) + b"".join(struct.pack(">II", *pair) for pair in listed)
    entry = struct.pack(">II", 0, 1) + box(codec, b"\0" * 28)
    table = box(b"stbl", box(b"stsd", entry) + box(b"stts", times))
    return box(b"trak", box(b"mdia", box(b"mdhd", head + struct.pack(">I", scale) + b"\0" * 12) + box(b"minf", table)))


def mp4(*tracks: bytes, rest: bytes = b"", extends: bytes = b"") -> bytes:
    return box(b"ftyp", b"M4A \0\0\0\0") + box(b"moov", b"".join(tracks) + extends) + box(b"mdat", b"\0" * 40) + rest


def piece(flags: int, head: bytes, run_flags: int, count: int, rest: bytes = b"") -> bytes:
    track = box(b"tfhd", struct.pack(">II", flags, 1) + head) + box(b"trun", struct.pack(">II", run_flags, count) + rest)
    return box(b"moof", box(b"traf", track))


def test_an_mp4_is_as_long_as_its_samples() -> None:
    assert measure(mp4(media(listed=((10, 200), (1, 500))))).seconds == 2.5
    assert measure(mp4(media(listed=((10, 200),), wide=True))).seconds == 2
    assert "lasts 4000 seconds" in why(mp4(media(listed=((4, 1_000_000),))))


def test_an_mp4_in_pieces_is_as_long_as_they_are_together() -> None:
    usual = box(b"mvex", box(b"trex", struct.pack(">IIII", 0, 1, 1, 100)))
    assert measure(mp4(media(), rest=piece(0, b"", 0, 20) * 2, extends=usual)).seconds == 4
    assert measure(mp4(media(), rest=piece(0x8, struct.pack(">I", 50), 0, 20))).seconds == 1
    assert measure(mp4(media(), rest=piece(0xB, struct.pack(">QII", 0, 1, 50), 0, 20))).seconds == 1
    each = struct.pack(">iI", 0, 0) + struct.pack(">II", 700, 9) + struct.pack(">II", 300, 9)
    assert measure(mp4(media(), rest=piece(0, b"", 0x305, 2, each))).seconds == 1
    assert CUT in why(mp4(media(), rest=piece(0, b"", 0x100, 4_000_000_000)))
    assert "lasts" in why(mp4(media(), rest=piece(0, b"", 0, 4_000_000_000), extends=usual))


def test_an_mp4_holds_one_track_of_sound() -> None:
    one = media(listed=((10, 200),))
    assert UNKNOWN in why(mp4(one, one))
    assert UNKNOWN in why(mp4(media(codec=b"avc1", listed=((10, 200),))))
    assert UNKNOWN in why(mp4(box(b"trak", b"")))
    assert CUT in why(mp4())
    assert CUT in why(box(b"ftyp", b"M4A ") + box(b"moov", one))
    assert SILENT in why(mp4(media(scale=0, listed=((10, 200),))))
    assert CUT in why(mp4(one.replace(b"stts\0\0\0\0\0\0\0\1", b"stts\0\0\0\0\0\0\1\0")))


def test_a_box_may_be_long_or_go_to_the_end() -> None:
    long = struct.pack(">I4sQ", 1, b"mdat", 16 + 10) + b"\0" * 10
    start = box(b"ftyp", b"M4A ") + box(b"moov", media(listed=((10, 200),)))
    assert measure(start + long).seconds == 2
    assert measure(start + struct.pack(">I4s", 0, b"mdat") + b"\0" * 10).seconds == 2
    assert CUT in why(start + struct.pack(">I4sQ", 1, b"mdat", 3))


# --- MP3 and WAV ------------------------------------------------------------------------------------------------------------------------


def mp3(frames: int, head: bytes = b"\xff\xfb\x90\xc4", size: int = 417) -> bytes:
    return (head + b"\0" * (size - 4)) * frames


def test_an_mp3_is_as_long_as_its_frames_whatever_stands_before_and_after_them() -> None:
    length = 100 * 1152 / 44100
    assert measure(mp3(100)).seconds == pytest.approx(length)
    assert measure(b"ID3\4\0\0\0\0\1\0" + b"x" * 128 + mp3(100)).seconds == pytest.approx(length)
    assert measure(mp3(100) + b"TAG" + b"x" * 125).seconds == pytest.approx(length)
    assert measure(mp3(100) + b"\0" * 500).seconds == pytest.approx(length)
    assert measure(mp3(100, b"\xff\xe3\x20\xc4", 104)).seconds == pytest.approx(100 * 576 / 11025)
    assert CUT in why(mp3(100) + b"<html>")
    assert CUT in why(mp3(100)[:-1])
    assert UNKNOWN in why(b"ID3\4\0\0\0\0\0\0" + b"<html>")
    assert SILENT in why(b"ID3\4\0\0\0\0\0\0")
    assert "lasts" in why(mp3(2390))


@pytest.mark.parametrize("head", [b"\xff\xfd\x90\xc4", b"\xff\xeb\x90\xc4", b"\xff\xfb\x00\xc4", b"\xff\xfb\xf0\xc4", b"\xff\xfb\x9c\xc4"])
def test_what_is_no_frame_of_an_mp3_is_none(head: bytes) -> None:
    assert UNKNOWN in why(mp3(50, head))


def test_a_wav_holds_plain_samples() -> None:
    whole = tone(2)
    assert UNKNOWN in why(whole.replace(b"\x10\0\0\0\1\0", b"\x10\0\0\0\2\0"))
    assert SILENT in why(b"RIFF\0\0\0\0WAVE")
    assert SILENT in why(b"RIFF\0\0\0\0WAVEdata" + struct.pack("<I", 4) + b"\0" * 4)
    listed = whole[:12] + b"LIST" + struct.pack("<I", 3) + b"abc\0" + whole[12:]
    assert measure(listed).seconds == 2
