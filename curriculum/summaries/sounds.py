"""Which kind of sound a file is and how long it lasts, read from the file itself: never from its name, and nothing is decoded or run."""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from curriculum.base import N_, Refused

LONGEST, SHORTEST = 60, 0.3
"""Seconds a recording may last, and must."""

GRACE = 1
"""Seconds by which a browser may stop too late."""

LARGEST = 1_000_000
"""Bytes of a recording."""

WEBM, OGG, MP4, MP3, WAV = "audio/webm", "audio/ogg", "audio/mp4", "audio/mpeg", "audio/wav"
ENDINGS = {WEBM: "webm", OGG: "ogg", MP4: "m4a", MP3: "mp3", WAV: "wav"}
"""What a file of each type is called when it is handed on."""

_UNKNOWN = N_("This is not a sound that can be played here. Send WebM, Ogg (Opus), M4A, MP3 or WAV.")
_CUT = N_("The sound is cut off or damaged. Record it once more, or send the file again.")
_SILENT = N_("There is no sound in the file.")


@dataclass(frozen=True)
class Sound:
    """What a file turned out to be: its media type and its seconds."""

    type: str
    seconds: float


def measure(data: bytes) -> Sound:
    """The type and length of a recording that parents can play. Raises Refused, at "sound", for everything else.

    WebM and Ogg with Opus, MP4 with AAC, MP3, and WAV with PCM: what browsers record and telephones save.
    """
    if not data:
        raise Refused(N_("The file is empty."), at="sound")
    if len(data) > LARGEST:
        size = len(data) // 1000
        raise Refused(N_("The sound takes %(size)s kB; at most %(most)s kB fit."), at="sound", size=size, most=LARGEST // 1000)
    kind, length = _kind(data)
    try:
        seconds = length(data)
    except (struct.error, IndexError):
        raise Refused(_CUT, at="sound") from None
    if seconds < SHORTEST:
        raise Refused(_SILENT, at="sound")
    if seconds > LONGEST + GRACE:
        raise Refused(
            N_("The sound lasts %(seconds)s seconds; at most %(most)s may be heard."), at="sound", seconds=round(seconds), most=LONGEST
        )
    return Sound(kind, seconds)


def _kind(data: bytes) -> tuple[str, Callable[[bytes], float]]:
    if data.startswith(b"\x1aE\xdf\xa3"):
        return WEBM, _webm
    if data.startswith(b"OggS"):
        return OGG, _ogg
    if data[4:8] == b"ftyp":
        return MP4, _mp4
    if data.startswith(b"RIFF") and data[8:12] == b"WAVE":
        return WAV, _wav
    if data.startswith(b"ID3") or _mp3_frame(data, 0):
        return MP3, _mp3
    raise Refused(_UNKNOWN, at="sound")


# --- Opus (RFC 6716, 3.1 and 3.2) -------------------------------------------------------------------------------------------------------


def _opus(packet: bytes) -> float:
    """Seconds of a packet: its first byte says how long a frame is, and how many there are."""
    if not packet:
        return 0.0
    config = packet[0] >> 3
    if config < 12:
        frame: float = (10, 20, 40, 60)[config & 3]
    elif config < 16:
        frame = (10, 20)[config & 1]
    else:
        frame = (2.5, 5, 10, 20)[config & 3]
    count = (1, 2, 2, packet[1] & 63 if len(packet) > 1 else 0)[packet[0] & 3]
    return frame * count / 1000


# --- WebM (RFC 8794, RFC 9559) ----------------------------------------------------------------------------------------------------------

_HEAD, _DOCTYPE, _SEGMENT, _INFO, _SCALE = 0x1A45DFA3, 0x4282, 0x18538067, 0x1549A966, 0x2AD7B1
_TRACKS, _TRACK, _TRACK_TYPE, _CODEC = 0x1654AE6B, 0xAE, 0x83, 0x86
_CLUSTER, _TIME, _GROUP, _BLOCK, _SIMPLE_BLOCK = 0x1F43B675, 0xE7, 0xA0, 0xA1, 0xA3
_WITHIN = {_HEAD, _SEGMENT, _INFO, _TRACKS, _TRACK, _CLUSTER, _GROUP}
"""Elements that are gone into. A browser that records does not know how long the first two of them will be, and says so."""

_SOUND_TRACK = 2
_MOST_ELEMENTS = 100_000
"""Four times what the shortest packets of Opus make of a minute: reading takes a moment, whatever was sent."""


def _webm(data: bytes) -> float:
    """A recorded file says nowhere how long it lasts: its packets are counted, and when the last begins is read. The longer holds."""
    scale, cluster, times, counted = 1_000_000, 0, list[float](), 0.0
    for element, body in _elements(data):
        if element == _DOCTYPE and body.rstrip(b"\0") != b"webm":
            raise Refused(_UNKNOWN, at="sound")
        if (element == _TRACK_TYPE and _number(body) != _SOUND_TRACK) or (element == _CODEC and body.rstrip(b"\0") != b"A_OPUS"):
            raise Refused(_UNKNOWN, at="sound")
        if element == _SCALE:
            scale = _number(body)
        elif element == _TIME:
            cluster = _number(body)
        elif element in (_BLOCK, _SIMPLE_BLOCK):
            start = _vint(body, 0, marked=False)[1]
            times.append((cluster + struct.unpack_from(">h", body, start)[0]) * scale / 1e9)
            counted += _opus(body[start + 3 :])
    return max(counted, times[-1] - min(times, default=0) if times else 0)


def _elements(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Every element that holds a value, in order; those that hold others are walked through."""
    at = count = 0
    while at < len(data):
        count += 1
        element, at = _vint(data, at, marked=True)
        size, after = _vint(data, at, marked=False)
        is_open = size == (1 << 7 * (after - at)) - 1
        at = after
        if count > _MOST_ELEMENTS or (not is_open and at + size > len(data)):
            raise IndexError("cut off")
        if element not in _WITHIN:
            yield element, data[at : at + size]
            at += size


def _number(body: bytes) -> int:
    if len(body) > 8:
        raise IndexError("too long for a number")
    return int.from_bytes(body)


def _vint(data: bytes, at: int, *, marked: bool) -> tuple[int, int]:
    """A number of one to eight bytes, and where it ends; `marked` keeps the bit that tells its length, as in an element's name."""
    width = 9 - data[at].bit_length()
    if width > 8 or at + width > len(data):
        raise IndexError("cut off")
    value = int.from_bytes(data[at : at + width])
    return value if marked else value & ((1 << 7 * width) - 1), at + width


# --- Ogg (RFC 3533, RFC 7845) -----------------------------------------------------------------------------------------------------------


def _ogg(data: bytes) -> float:
    packets = _ogg_packets(data)
    head = next(packets, b"")
    if not head.startswith(b"OpusHead"):
        raise Refused(_UNKNOWN, at="sound")
    next(packets, b"")  # the tags
    skipped: int = struct.unpack_from("<H", head, 10)[0]
    return sum(map(_opus, packets)) - skipped / 48_000


def _ogg_packets(data: bytes) -> Iterator[bytes]:
    """The packets of the one stream that may be in a file."""
    at, left, stream = 0, b"", data[14:18]
    while at < len(data):
        table = data[at + 27 : at + 27 + data[at + 26]]
        body = at + 27 + len(table)
        if data[at : at + 4] != b"OggS" or data[at + 14 : at + 18] != stream or body + sum(table) > len(data):
            raise IndexError("cut off")
        for size in table:
            left = left or data[body : body + size]  # how it begins is enough
            body += size
            if size < 255:
                yield left
                left = b""
        at = body


# --- MP4 (ISO/IEC 14496-12) -------------------------------------------------------------------------------------------------------------


def _mp4(data: bytes) -> float:
    """The samples of the one track: those that are listed in front, and those of the pieces a browser records in."""
    tracks = [body for _, body in _boxes(data, b"moov", b"trak")]
    if len(tracks) != 1 or not list(_boxes(data, b"mdat")):
        raise Refused(_CUT if len(tracks) < 2 else _UNKNOWN, at="sound")
    media = next((body for _, body in _boxes(tracks[0], b"mdia")), b"")
    entries = [body for _, body in _boxes(media, b"minf", b"stbl", b"stsd")]
    if not entries or entries[0][12:16] != b"mp4a":
        raise Refused(_UNKNOWN, at="sound")
    _, head = next(_boxes(media, b"mdhd"), (b"", b""))
    (scale,) = struct.unpack_from(">I", head, 20 if head[:1] == b"\1" else 12)
    listed = sum(_listed(body) for _, body in _boxes(media, b"minf", b"stbl", b"stts"))
    usual = next((struct.unpack_from(">I", body, 12)[0] for _, body in _boxes(data, b"moov", b"mvex", b"trex")), 0)
    pieces = sum(_piece(body, usual) for _, body in _boxes(data, b"moof", b"traf"))
    return float(listed + pieces) / scale if scale else 0.0


def _boxes(data: bytes, *path: bytes) -> Iterator[tuple[bytes, bytes]]:
    """The boxes at the end of a path of names, each with what is in it."""
    at = 0
    while at + 8 <= len(data):
        size, name = struct.unpack_from(">I4s", data, at)
        start = at + 8
        if size == 1:
            (size,) = struct.unpack_from(">Q", data, start)
            start += 8
        end = len(data) if size == 0 else at + size
        if end > len(data) or end < start:
            raise IndexError("cut off")
        if name == path[0]:
            yield from _boxes(data[start:end], *path[1:]) if len(path) > 1 else [(name, data[start:end])]
        at = end


def _listed(body: bytes) -> int:
    """The length of all samples by the table of times: pairs of how many and how long."""
    (pairs,) = struct.unpack_from(">I", body, 4)
    if 8 + 8 * pairs > len(body):
        raise IndexError("cut off")
    return sum(count * length for count, length in struct.iter_unpack(">II", body[8 : 8 + 8 * pairs]))


def _piece(body: bytes, usual: int) -> int:
    """The length of one piece's samples."""
    _, head = next(_boxes(body, b"tfhd"), (b"", b""))
    (flags,) = struct.unpack_from(">I", head)
    if flags & 0x8:
        (usual,) = struct.unpack_from(">I", head, 8 + 8 * bool(flags & 0x1) + 4 * bool(flags & 0x2))
    return sum(_run(run, usual) for _, run in _boxes(body, b"trun"))


def _run(body: bytes, usual: int) -> int:
    flags, count = struct.unpack_from(">II", body)
    if not flags & 0x100:
        return int(count * usual)
    start = 8 + 4 * bool(flags & 0x1) + 4 * bool(flags & 0x4)
    width = 4 * (flags >> 8 & 0xF).bit_count()
    if start + count * width > len(body):
        raise IndexError("cut off")
    return sum(struct.unpack_from(">I", body, start + number * width)[0] for number in range(count))


# --- MP3 (ISO/IEC 11172-3, 13818-3) -----------------------------------------------------------------------------------------------------

_BITRATES = {
    3: (32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320),
    2: (8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
}
_RATES = {3: (44100, 48000, 32000), 2: (22050, 24000, 16000), 0: (11025, 12000, 8000)}
_AFTER = (b"TAG", b"APETAGEX", b"LYRICSBEGIN")
"""What may follow the sound: facts about it."""


def _mp3(data: bytes) -> float:
    at, seconds = 0, 0.0
    if data.startswith(b"ID3"):
        at = 10 + (data[6] << 21) + (data[7] << 14) + (data[8] << 7) + data[9]
    while at < len(data) and not data.startswith(_AFTER, at):
        frame = _mp3_frame(data, at)
        if frame is None:
            if not data[at:].strip(b"\0"):
                break
            raise IndexError("cut off") if seconds else Refused(_UNKNOWN, at="sound")
        size, length = frame
        if at + size > len(data):
            raise IndexError("cut off")
        at += size
        seconds += length
    return seconds


def _mp3_frame(data: bytes, at: int) -> tuple[int, float] | None:
    """Bytes and seconds of the frame of Layer III that begins here, if one does."""
    head = data[at : at + 4]
    if len(head) < 4 or head[0] != 0xFF or head[1] & 0xE6 != 0xE2:
        return None
    version, bitrate, rate, padding = head[1] >> 3 & 3, head[2] >> 4, head[2] >> 2 & 3, head[2] >> 1 & 1
    if version == 1 or bitrate in (0, 15) or rate == 3:
        return None
    hertz = _RATES[version][rate]
    samples = 1152 if version == 3 else 576
    size = samples // 8 * _BITRATES[3 if version == 3 else 2][bitrate - 1] * 1000 // hertz + padding
    return size, samples / hertz


# --- WAV --------------------------------------------------------------------------------------------------------------------------------

_PCM = (1, 0xFFFE)


def _wav(data: bytes) -> float:
    at, speed = 12, 0
    while at < len(data):
        name, size = struct.unpack_from("<4sI", data, at)
        at += 8
        if at + size > len(data):
            raise IndexError("cut off")
        if name == b"fmt ":
            form, channels, hertz, _, _, bits = struct.unpack_from("<HHIIHH", data, at)
            if form not in _PCM:
                raise Refused(_UNKNOWN, at="sound")
            speed = channels * hertz * bits // 8
        elif name == b"data" and speed:
            return float(size / speed)
        at += size + size % 2
    return 0.0
