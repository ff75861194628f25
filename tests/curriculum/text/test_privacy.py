"""No text holds an identity number, and no public text a telephone number or an e-mail address."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from curriculum.base import Refused
from curriculum.text import find_email, find_fodselsnummer, find_phone, refuse_personal


def number(first_nine: str) -> str:
    """Nine digits with their two check digits, or "" when there are none, by the rule as Skatteetaten words it."""
    digits = [int(digit) for digit in first_nine]
    for weights in ((3, 7, 6, 1, 8, 9, 4, 5, 2), (5, 4, 3, 2, 7, 6, 5, 4, 3, 2)):
        check = (11 - sum(w * d for w, d in zip(weights, digits, strict=True)) % 11) % 11
        if check == 10:
            return ""
        digits.append(check)
    return "".join(map(str, digits))


BORN = st.dates(date(1930, 1, 1), date(2039, 12, 31))


@settings(max_examples=80, deadline=None)
@given(BORN, st.integers(0, 999), st.sampled_from([0, 40]), st.sampled_from([0, 40, 80]), st.sampled_from(["", " ", ".", " - ", "\u200b"]))
def test_every_valid_identity_number_is_found_however_it_is_written(born: date, individual: int, day: int, month: int, gap: str) -> None:
    whole = number(f"{born.day + day:02}{born.month + month:02}{born:%y}{individual:03}")
    if whole:
        written = whole[:6] + gap + whole[6:]
        assert find_fodselsnummer(f"Eleven er {written}, sa hun.") == written


@settings(max_examples=50, deadline=None)
@given(BORN, st.integers(0, 999), st.integers(0, 10), st.integers(1, 9))
def test_one_wrong_digit_makes_it_another_number(born: date, individual: int, place: int, add: int) -> None:
    whole = number(f"{born:%d%m%y}{individual:03}")
    if whole:
        wrong = whole[:place] + str((int(whole[place]) + add) % 10) + whole[place + 1 :]
        assert find_fodselsnummer(wrong) is None


@pytest.mark.parametrize("gapped", ["01.01.90 {}", "01 01 90 {}", "12 01 01 90 {}", "010190{}", "nr. 010190{}."])
def test_dates_with_gaps_are_read_too(gapped: str) -> None:
    tail = number("010190124")[6:]
    assert find_fodselsnummer(gapped.format(tail)) is not None


@pytest.mark.parametrize(
    "text",
    [
        "",
        "12345678901",
        "00000000000",
        number("320190101"),
        number("300290102"),
        number("011390100"),
        "9" + number("010190124"),
        "22 33 44 55",
    ],
)
def test_other_long_numbers_are_left_alone(text: str) -> None:
    assert find_fodselsnummer(text) is None


def test_a_leap_day_of_two_thousand_counts() -> None:
    assert number("290200551")
    assert find_fodselsnummer(number("290200551")) == number("290200551")


@pytest.mark.parametrize(
    "phone",
    [
        "22334455",
        "22 33 44 55",
        "922 33 445",
        "9223 3445",
        "+47 22 33 44 55",
        "+4722334455",
        "0047 22334455",
        "+46 8 123 456 78",
        "116 111",
        "116111",
    ],
)
def test_a_telephone_number_is_found_as_written(phone: str) -> None:
    assert find_phone(f"Ring {phone} nå") == phone


@pytest.mark.parametrize(
    "text", ["24.11.2026", "2026-11-24", "20261124", "2026 2027", "5 000 000", "25 000 000", "km/t 45", "12345", "id=22334455"]
)
def test_dates_years_and_sums_are_no_telephone_numbers(text: str) -> None:
    assert find_phone(text) is None


def test_an_email_address_is_found() -> None:
    assert find_email("Skriv til kari.nordmann+a@skole.example.no!") == "kari.nordmann+a@skole.example.no"
    assert find_email("@mention og a@b") is None


def test_an_identity_number_is_refused_in_every_text_and_not_repeated() -> None:
    with pytest.raises(Refused, match="national identity number") as refusal:
        refuse_personal(number("010190124"))
    assert number("010190124") not in str(refusal.value)


@pytest.mark.parametrize(
    ("text", "words"), [("Ring 22 33 44 55", "telephone number: 22 33 44 55"), ("Skriv a@b.example", "address: a@b.example")]
)
def test_what_everyone_can_read_holds_no_telephone_number_or_email(text: str, words: str) -> None:
    refuse_personal(text)
    with pytest.raises(Refused, match=words):
        refuse_personal(text, public=True)


def test_an_ordinary_text_passes() -> None:
    refuse_personal("Vi øver på å lytte, 24. november 2026.", public=True)


HIDDEN = number("010114500")


@pytest.mark.parametrize(
    "written",
    [
        f"{HIDDEN[:6]}/{HIDDEN[6:]}",
        f"{HIDDEN[:4]} {HIDDEN[4:8]} {HIDDEN[8:]}",
        " ".join(HIDDEN),
        f"**{HIDDEN[:6]}**{HIDDEN[6:]}",
        f"{HIDDEN[:6]}\\-{HIDDEN[6:]}",
        f"{HIDDEN[:6]}_{HIDDEN[6:]}",
        f"&#{48 + int(HIDDEN[0])};{HIDDEN[1:]}",
        "".join(f"&#x{ord(digit):x};" for digit in HIDDEN),
        f"[{HIDDEN[:6]}](https://example.org){HIDDEN[6:]}",
        f"`{HIDDEN[:6]}` {HIDDEN[6:]}",
    ],
)
def test_an_identity_number_is_found_behind_marks_gaps_and_entities(written: str) -> None:
    with pytest.raises(Refused, match="national identity number"):
        refuse_personal(f"Eleven er {written}, sa hun.")


@pytest.mark.parametrize(
    "text",
    [
        "1 2 3 4 5 6 7 8 9 10 11 12",
        "5 10 15 20 25 30 35 40 45 50",
        "10 – 20 – 30 – 40 – 50 – 60",
        "2 4 6 8 10 12 14 16 18 20",
        "3, 6, 9, 12, 15, 18, 21, 24, 27, 30",
        "| 12 | 14 | 16 | 18 | 20 | 22 |",
        "12.10.2026 kl. 08.30–09.15 og 10.00–10.45",
        "1. En\n2. To\n3. Tre\n\n10.10.2026–24.11.2026",
    ],
)
def test_lists_of_numbers_dates_and_times_are_left_alone(text: str) -> None:
    refuse_personal(text)


def test_a_telephone_number_is_found_behind_marks_and_entities() -> None:
    for written in ("**22** 33 44 55", "22&#32;33 44 55"):
        with pytest.raises(Refused, match="telephone number: 22 33 44 55"):
            refuse_personal(f"Ring {written}", public=True)
