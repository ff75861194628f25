"""The settings: read once from the environment, and refused in words when they cannot be used."""

from __future__ import annotations

import pytest

from app.settings import ROOT, Settings

LONG = "x" * 32


def test_without_an_environment_there_is_a_house_to_try() -> None:
    settings = Settings.from_env({})
    assert (settings.base_url, settings.port, settings.is_https) == ("http://127.0.0.1:8000", 8000, False)
    assert settings.sqlalchemy_url == f"sqlite:///{ROOT}/instance/kursrekka.sqlite"


def test_each_setting_is_read_from_the_variable_of_its_name() -> None:
    environ = {
        "DATABASE_URL": "sqlite:////var/lib/k.sqlite",
        "SECRET_KEY": LONG,
        "BASE_URL": "https://kurs.example/",
        "PORT": "9000",
        "TRUSTED_PROXIES": "1",
        "SMTP_HOST": "post.example",
        "SMTP_PORT": "465",
        "SMTP_SECURITY": "tls",
        "SMTP_USER": "kurs",
        "SMTP_PASSWORD": "rev",
        "SMTP_FROM": "kurs@post.example",
        "DEMO_PASSWORD": "hest",
        "PATH": "/bin",
    }
    mail = ("post.example", 465, "tls", "kurs", "rev", "kurs@post.example")
    assert Settings.from_env(environ) == Settings("sqlite:////var/lib/k.sqlite", LONG, "https://kurs.example", 9000, 1, *mail, "hest")


def test_the_address_people_use_follows_the_port() -> None:
    assert Settings.from_env({"PORT": "8123"}).base_url == "http://127.0.0.1:8123"
    assert Settings.from_env({"PORT": "8123", "BASE_URL": "http://kurs.example"}).base_url == "http://kurs.example"


@pytest.mark.parametrize(
    "url", ["nonsense", "mysql://u:secret@h/d", "sqlite:kurs.sqlite", "sqlite+pysqlcipher://:key@/x", "postgresql+asyncpg://h/d"]
)
def test_a_database_we_do_not_know_is_refused_without_repeating_its_address(url: str) -> None:
    with pytest.raises(SystemExit, match="DATABASE_URL must be sqlite:///") as refusal:
        Settings.from_env({"DATABASE_URL": url})
    assert url not in str(refusal.value)


def test_an_empty_variable_is_as_good_as_none() -> None:
    assert Settings.from_env({"PORT": "", "SECRET_KEY": ""}) == Settings.from_env({})


@pytest.mark.parametrize(
    ("url", "used"),
    [
        ("postgres://u@h/d", "postgresql+psycopg://u@h/d"),
        ("postgresql://u@h/d", "postgresql+psycopg://u@h/d"),
        ("postgresql+psycopg://u@h/d", "postgresql+psycopg://u@h/d"),
        ("sqlite:////srv/k.sqlite", "sqlite:////srv/k.sqlite"),
        ("sqlite:///other.sqlite", f"sqlite:///{ROOT}/instance/other.sqlite"),
        ("sqlite:///:memory:", "sqlite:///:memory:"),
    ],
)
def test_a_database_may_be_named_as_people_name_it(url: str, used: str) -> None:
    assert Settings.from_env({"DATABASE_URL": url}).sqlalchemy_url == used


@pytest.mark.parametrize("key", ["", "only-for-trying-it-out", "x" * 31])
def test_on_https_the_house_does_not_open_with_a_key_that_others_know_or_guess(key: str) -> None:
    with pytest.raises(SystemExit, match="SECRET_KEY must be set"):
        Settings.from_env({"BASE_URL": "https://kurs.example", "SECRET_KEY": key})


@pytest.mark.parametrize("address", ["HTTPS://kurs.example", "https://kurs.example"])
def test_https_is_https_in_any_letters(address: str) -> None:
    assert Settings.from_env({"BASE_URL": address, "SECRET_KEY": LONG}).is_https


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("PORT", "eight", "PORT must be a whole number, not “eight”."),
        ("PORT", "-1", "PORT must be a whole number"),
        ("TRUSTED_PROXIES", "yes", "TRUSTED_PROXIES must be a whole number"),
        ("BASE_URL", "kurs.example", "BASE_URL must begin with http:// or https://, not “kurs.example”."),
        ("BASE_URL", "https://", "BASE_URL must begin with"),
    ],
)
def test_a_setting_that_cannot_be_used_is_named_in_words(name: str, value: str, words: str) -> None:
    with pytest.raises(SystemExit, match=words.replace(".", r"\.")):
        Settings.from_env({name: value})
