"""What a program tells about a translation, case by case."""

import pytest

from curriculum.summaries import ERROR, WARNING, AgreedTerm, Finding, Pair, check_translation, check_translations, named_terms

FRIEND = {
    "pl": AgreedTerm("venn", ("vennen", "venner", "vennene"), "przyjaciel lub przyjaciółka"),
    "ar": AgreedTerm("venn", ("vennen", "venner", "vennene"), "صديق"),
    "ur": AgreedTerm("lytte", ("lytter", "lyttet"), "غور سے سننا"),
    "so": AgreedTerm("grense", ("grensen", "grenser"), "xad"),
    "ta": AgreedTerm("vennskap", ("vennskapet",), "நட்பு"),
    "en": AgreedTerm("venn", ("venner",), ""),
}


def codes(source: str, translation: str, tag: str, *terms: AgreedTerm) -> list[tuple[str, str]]:
    return [(finding.code, finding.level) for finding in check_translation(source, translation, tag, terms=terms)]


@pytest.mark.parametrize(
    ("source", "translation", "tag"),
    [
        ("Spør barnet: «Hva er en <1>venn</1>?»", "Ask your child: “What is a <1>friend</1>?”", "en"),
        ("Spør barnet: «Hva er en venn?»", "اسأل طفلك: «ما هو الصديق (venn)؟»", "ar"),
        ("Vi øvde på å lytte i 5 minutter.", "ہم نے ۵ منٹ غور سے سننے کی مشق کی۔", "ur"),
        ("Vi lærte DIVE.", "ہم نے DIVE سیکھا۔", "ur"),
        ("Alle er venner med Kari og Ali.", "அனைவரும் Kari மற்றும் Ali நண்பர்கள்.", "ta"),
        ("Si: «Takk for at du sier det.»", "Powiedz: „Dziękuję, że to mówisz”.", "pl"),
        ("Det koster 1 000 kroner, og 12,5 er nok.", "It costs 1,000 kroner, and 12.5 is enough.".replace("1,000", "1\u00a0000"), "en"),
        ("Les mer på www.barn.no, eller skriv til hjelp@barn.no.", "Read more at www.barn.no, or write to hjelp@barn.no.", "en"),
        ("si nei", "வேண்டாம் என்று சொல்வது", "ta"),
        ("DIVE", "DIVE", "pl"),
        ("Takk!", "ይቐንየለይ!", "ti"),
        ("Vi vil deg vel, alltid.", "Me vil deg vel, alltid.", "nn"),
    ],
)
def test_a_good_translation_gives_nothing_to_say(source: str, translation: str, tag: str) -> None:
    assert codes(source, translation, tag) == []


@pytest.mark.parametrize(
    ("source", "translation", "tag", "found"),
    [
        ("Vi lekte en lek.", " ", "so", ("empty", ERROR)),
        ("Vi lekte <1/>.", "<1/>", "so", ("empty", ERROR)),
        ("Vi <1>lekte</1> i dag.", "Waan ciyaarnay maanta.", "so", ("placeholders", ERROR)),
        ("Vi lekte i dag.", "Waan <1>ciyaarnay</1> maanta.", "so", ("placeholders", ERROR)),
        ("Vent i 15 minutter.", "Sug 51 daqiiqo.", "so", ("numbers", ERROR)),
        ("Vent i 15 minutter.", "۵۱ منٹ انتظار کریں۔", "ur", ("numbers", ERROR)),
        ("Vent litt, alle sammen.", "Wait for 5 minutes.", "en", ("numbers", ERROR)),
        ("Se www.barn.no for mer.", "See www.child.no for more.", "en", ("addresses", ERROR)),
        ("Skriv til hjelp@barn.no.", "Write to them in the evening.", "en", ("addresses", ERROR)),
        ("Vi lekte en lek i dag.", "Waan ciyaarnay \u202emaanta.", "so", ("characters", ERROR)),
        ("Vi lekte en lek i dag.", "Waan \u2068ciyaarnay maanta.", "so", ("characters", ERROR)),
        ("Vi lekte en lek i dag.", "Waan ciyaarnay\x07 maanta.", "so", ("characters", ERROR)),
        ("Vi lekte en lek i dag.", "Dzis\u0301 grali\u015bmy w gr\u0119.", "pl", ("nfc", ERROR)),
        ("Vi lekte en lek i dag.", "ہم نے آج ايک کھیل کھیلا۔", "ur", ("keyboard", ERROR)),
        ("Vi lekte en lek i dag.", "امروز يک بازی کردیم.", "fa", ("keyboard", ERROR)),
        ("Vi lekte en lek i dag.", "لعبنا اليوم لعبة کبيرة.", "ar", ("keyboard", ERROR)),
        ("Vi lekte en lek i dag.", "Vi  lekte en lek i dag.", "pl", ("untranslated", ERROR)),
        ("konflikt", "konflikt", "pl", ("untranslated", WARNING)),
        ("Vi lekte en lek i dag med de andre.", "Vi lekte en lek og hoppet med noen andre.", "so", ("norwegian", ERROR)),
        ("Vi lekte en lek.", "Today we played a game which all the children in the class og som liked.", "en", ("norwegian", WARNING)),
        ("Vi lekte en lek i dag.", "We played a game today.", "ta", ("script", ERROR)),
        ("Vi lekte en lek i dag.", "Dziś gr\u0430liśmy w grę.", "pl", ("script", ERROR)),
        ("Vi lekte en lek i dag.", "Lek.", "pl", ("length", WARNING)),
        ("Hvordan gikk det?", "How did it go.", "en", ("ending", WARNING)),
        ("Hvordan gikk det?", "کیسا رہا?", "ur", ("ending", WARNING)),
        ("Vi lekte en lek i dag.", "ہم نے آج ایک کھیل کھیلا.", "ur", ("ending", WARNING)),
        ("Vi lekte en lek i dag.", "ሎሚ ጸወታ ተጻዊትና ኣለና.", "ti", ("ending", WARNING)),
        ("Hvem vi er", "Who we are.", "en", ("ending", WARNING)),
    ],
)  # fmt: skip
def test_what_is_wrong_is_found(source: str, translation: str, tag: str, found: tuple[str, str]) -> None:
    assert found in codes(source, translation, tag)


def test_a_finding_says_in_words_what_is_wrong_and_in_which_language() -> None:
    [finding] = check_translation("Vent i 15 minutter.", "Sug 51 daqiiqo.", "so")
    assert str(finding) == "The numbers are not those of the source: 51 instead of 15."
    assert finding.language == "so"
    assert str(Finding("empty", ERROR, "There is no translation.")) == "There is no translation."


@pytest.mark.parametrize(
    ("tag", "source", "translation"),
    [
        ("pl", "Hva gjør en god venn?", "Co robi dobra przyjaciółka?"),
        ("pl", "Vi er venner.", "Jesteśmy przyjaciółmi."),
        ("ar", "Vi er venner.", "نحن أصدقاء."),
        ("ur", "Vi lytter.", "ہم غور سے سنتے ہیں۔"),
        ("so", "Barnet sier sin grense.", "Ilmuhu wuxuu sheegaa xadkiisa."),
        ("ta", "Vi snakket om vennskap.", "நாங்கள் நட்பைப் பற்றிப் பேசினோம்."),
        ("en", "Vi er venner.", "We are mates."),
    ],
)
def test_an_agreed_word_is_found_in_its_bent_forms(tag: str, source: str, translation: str) -> None:
    assert codes(source, translation, tag, FRIEND[tag]) == []


@pytest.mark.parametrize(("tag", "translation"), [("pl", "Jesteśmy kolegami."), ("ar", "نحن رفاق.")])
def test_another_word_than_the_agreed_one_is_a_warning(tag: str, translation: str) -> None:
    assert codes("Vi er venner.", translation, tag, FRIEND[tag]) == [("vocabulary", WARNING)]


def test_a_term_is_named_by_any_of_its_forms_and_a_longer_one_hides_a_shorter() -> None:
    respect, negative = AgreedTerm("respekt", ("respekten",), "szacunek"), AgreedTerm("negativ respekt", (), "negatywny szacunek")
    assert named_terms("Hva er Respekten for?", [respect, negative]) == [respect]
    assert named_terms("Negativ respekt er frykt.", [respect, negative]) == [negative]
    assert named_terms("Respektere er noe annet.", [respect, negative]) == []


def test_a_norwegian_term_may_stand_in_another_script_and_a_choice_in_brackets() -> None:
    assert codes("Det heter venn.", "இதன் பெயர் venn.", "ta", AgreedTerm("venn", (), "venn")) == []
    assert codes("Vi er venner.", "We are friends.", "en", AgreedTerm("venner", (), "(friends)")) == []


def test_a_sentence_translated_in_two_ways_is_named_with_its_other_place() -> None:
    pairs = [
        Pair("mot", "p1", "Takk for i dag.", "Mahadsanid maanta."),
        Pair("ro", "p9", "Takk for  i dag.", "Waad mahadsantahay."),
        Pair("ro", "p10", "Takk for i dag.", "mahadsanid  maanta."),
        Pair("ro", "p11", "Takk for i dag.", ""),
    ]
    found = check_translations(pairs, "so")
    assert [(one.code, one.document, one.uid) for one in found] == [("empty", "ro", "p11"), ("inconsistent", "ro", "p9")]
    assert found[1].level == WARNING
    assert str(found[1]) == "The same sentence is translated otherwise in mot, p1: “Mahadsanid maanta.”."
