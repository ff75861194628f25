"""The fagansvarlig writes in the idea bank and publishes; what the parents read follows at once."""

from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.journeys.acts import SAVE, address_of, begin_draft, press, publish, write

SENTENCE = "Denne uka handler det om vennskap, fordi alle barn trenger noen å leke med."


def test_a_theme_is_changed_with_a_live_preview_and_published_and_the_parents_meet_it_on_their_next_request(
    signed_in: Callable[..., Page], visitor: Callable[..., Page]
) -> None:
    parent = visitor(phone=True, javascript=False, language="en-GB")
    parent.goto(address_of(parent, "Vennskap", "en"))
    before = parent.locator(".first").inner_text()

    page = signed_in("coordinator", language="en-GB")
    page.goto("/idebank")
    page.get_by_role("link", name="Vennskap").click()
    begin_draft(page, "vennskap")
    page.locator("#purpose a[href$='/del/purpose']").click()
    page.locator("[name=markdown]").fill("I dag øver vi på å være **en god venn**.\n\n- Vi lytter.")
    expect(page.locator("#preview strong")).to_have_text("en god venn")
    expect(page.locator("#preview li")).to_have_text("Vi lytter.")
    press(page, SAVE)
    expect(page.locator("#purpose")).to_contain_text("Vi lytter.")
    write(page, "vennskap", "parents.sentence", SENTENCE)

    page.locator("a[href$='/publiser']").first.click()
    page.locator("[name^=mark-][value=critical]").check()
    page.locator("[name=why]").fill("  ")
    assert press(page, SAVE).status == 422
    expect(page.locator("#why-error")).not_to_be_empty()
    expect(page.locator("[name^=mark-][value=critical]")).to_be_checked()
    parent.reload()
    expect(parent.locator(".first")).to_have_text(before)

    page.locator("[name^=mark-][value=meaning]").check()
    page.locator("[name=why]").fill("Kortere mål, og en tydeligere setning til foreldrene.")
    press(page, SAVE)
    expect(page.locator("main")).to_contain_text("Version 2")
    expect(page.locator("main")).to_contain_text("Kortere mål")
    page.locator("a[href*='/sammenlign']").first.click()
    expect(page.locator("ins").filter(has_text="lytter.")).to_be_visible()
    expect(page.locator("del").filter(has_text="sykle")).to_be_visible()

    parent.reload()
    expect(parent.locator(".first")).to_have_text(before)
    expect(parent.locator(".note:not([hidden])")).to_contain_text("The Norwegian text was changed on")
    parent.goto(address_of(parent, "Vennskap", "nb"))
    expect(parent.locator(".first")).to_have_text(SENTENCE)


def test_a_slip_of_the_pen_leaves_the_translation_current_and_a_harmful_sentence_withdraws_it_at_once(
    signed_in: Callable[..., Page], visitor: Callable[..., Page]
) -> None:
    parent = visitor(phone=True, javascript=False, language="en-GB")
    parent.goto(address_of(parent, "Vennskap", "en"))
    before = parent.locator(".first").inner_text()
    page = signed_in("coordinator")

    begin_draft(page, "vennskap")
    write(page, "vennskap", "parents.sentence", "Denne uka er temaet vennskap, fordi alle barn trenger nokon å være sammen med.")
    publish(page, "vennskap", "Skrivefeil.", mark="typo")
    parent.reload()
    expect(parent.locator(".first")).to_have_text(before)
    expect(parent.locator(".note:not([hidden])")).not_to_contain_text("was changed on")

    begin_draft(page, "vennskap")
    write(page, "vennskap", "parents.sentence", SENTENCE)
    publish(page, "vennskap", "Setningen var gal.", mark="critical")
    parent.reload()
    expect(parent.locator(".first")).to_have_text(SENTENCE)
    expect(parent.locator(".first")).to_have_attribute("lang", "nb")
    expect(parent.get_by_text("This part has not been translated yet.").first).to_be_visible()


def test_two_who_write_in_the_same_section_both_keep_their_words(signed_in: Callable[..., Page]) -> None:
    first, second = signed_in("coordinator"), signed_in("coordinator2")
    begin_draft(first, "samarbeid")
    section = "/idebank/samarbeid/utkast/del/reflection"
    second.goto(section)
    write(first, "samarbeid", "purpose", "Vi øver på å løse noe sammen.")  # another section: no conflict
    write(first, "samarbeid", "reflection", "- Hva var lett?")

    second.locator("[name=markdown]").fill("- Hva var vanskelig?")
    assert press(second, SAVE).status == 409
    expect(second.locator(".theirs")).to_have_text("- Hva var lett?")
    expect(second.locator("[name=markdown]")).to_have_value("- Hva var vanskelig?")
    expect(second.locator(".ds-alert[data-focus]")).to_be_focused()

    second.locator("[name=markdown]").fill("- Hva var lett?\n- Hva var vanskelig?")
    press(second, SAVE)
    first.goto("/idebank/samarbeid/utkast")
    expect(first.locator("#reflection li")).to_have_text(["Hva var lett?", "Hva var vanskelig?"])
    expect(first.locator("#purpose")).to_contain_text("løse noe sammen")
