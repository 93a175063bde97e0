from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from studyteddy.entrypoints.settings import Profile, Provider, Settings, SettingsFault, load_settings

SECRET = "kT3vQ8zL0pXw5rN2sB7yHd4mJf9gUa6c"
URL = "postgresql://teddy:pw@db.example.org/studyteddy"
ENGINES = {"DATABASE_URL": URL, "REDIS_URL": "redis://queue.example.org:6379/0", "S3_BUCKET": "studyteddy-files"}


@pytest.fixture(autouse=True)
def bare_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Nothing from outside: no variable that a setting listens to, and no ``.env``."""
    import os

    for name in list(os.environ):
        if name not in ("PATH", "HOME", "TMPDIR"):
            monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def setenv(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    return monkeypatch


def give(environment: pytest.MonkeyPatch, **values: str) -> None:
    for name, value in values.items():
        environment.setenv(name, value)


def faults(environment: pytest.MonkeyPatch, **values: str) -> dict[str, str]:
    """What is wrong with an environment, by the name of the setting."""
    give(environment, **values)
    with pytest.raises(SettingsFault) as refused:
        load_settings()
    assert all(value not in str(refused.value) for name, value in values.items() if "SECRET" in name or "KEY" in name)
    return dict(fault.split(": ", 1) for fault in refused.value.faults)


def test_google_needs_both_of_its_settings_and_a_public_address_is_one(setenv: pytest.MonkeyPatch) -> None:
    assert set(faults(setenv, GOOGLE_CLIENT_ID="study-teddy")) == {"GOOGLE_CLIENT_SECRET"}
    for wrong in ("ftp://teddy.example.org", "teddy.example.org", "https://a.example/path?x", "https://u:p@a.example"):
        assert "PUBLIC_URL" in faults(setenv, GOOGLE_CLIENT_SECRET="theirs", PUBLIC_URL=wrong)
    give(setenv, PUBLIC_URL="https://teddy.example.org/")
    assert load_settings().address == "https://teddy.example.org"


def test_nothing_needs_to_be_set() -> None:
    settings = load_settings()
    assert (settings.profile, settings.host, settings.port, settings.api_prefix) == (
        Profile.EMBEDDED, "127.0.0.1", 8000, "api/v1",
    )  # fmt: skip
    assert (settings.jwt_expiration, settings.jwt_refresh_expiration) == (timedelta(minutes=15), timedelta(days=7))
    assert settings.jwt_secret is None
    assert settings.provider is Provider.EXTRACTIVE


def test_names_count_with_and_without_the_prefix_and_the_prefixed_one_wins(setenv: pytest.MonkeyPatch) -> None:
    give(setenv, CHAT_MODEL="plain", STUDYTEDDY_EMBEDDING_MODEL="prefixed", API_PORT="9001", DATABASE_URL=URL)
    settings = load_settings()
    assert (settings.chat_model, settings.embedding_model, settings.port) == ("plain", "prefixed", 9001)
    give(setenv, STUDYTEDDY_CHAT_MODEL="prefixed", PORT="9002")
    assert (load_settings().chat_model, load_settings().port) == ("prefixed", 9002)


def test_a_dot_env_file_counts_after_the_environment(setenv: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("CHAT_MODEL=from-file\nPORT=9003\nSOMETHING_ELSE=1\n")
    give(setenv, PORT="9004")
    assert (load_settings().chat_model, load_settings().port) == ("from-file", 9004)


def test_an_empty_value_counts_as_not_set(setenv: pytest.MonkeyPatch) -> None:
    give(setenv, JWT_SECRET="", PORT="", OPENAI_API_KEY="")
    settings = load_settings()
    assert (settings.jwt_secret, settings.port, settings.provider) == (None, 8000, Provider.EXTRACTIVE)


@pytest.mark.parametrize(
    ("text", "span"),
    [
        ("90s", timedelta(seconds=90)), ("15m", timedelta(minutes=15)), ("12h", timedelta(hours=12)),
        ("7d", timedelta(days=7)), (" 7 d ", timedelta(days=7)),
    ],
)  # fmt: skip
def test_a_duration_is_a_number_and_a_unit(setenv: pytest.MonkeyPatch, text: str, span: timedelta) -> None:
    give(setenv, JWT_EXPIRATION=text)
    assert load_settings().jwt_expiration == span


@pytest.mark.parametrize("text", ["15", "m", "1.5h", "-5m", "0s", "15 minutes", "9999d", "999999999d", "soon"])
def test_what_is_no_duration_is_refused(setenv: pytest.MonkeyPatch, text: str) -> None:
    assert set(faults(setenv, JWT_EXPIRATION=text)) == {"JWT_EXPIRATION"}


def test_all_faults_are_told_together_by_name(setenv: pytest.MonkeyPatch) -> None:
    found = faults(
        setenv,
        STUDYTEDDY_PROFILE="production",
        PORT="eighty",
        JWT_SECRET="short",
        JWT_EXPIRATION="soon",
        LLM_PROVIDER="compatible",
        LOG_LEVEL="loud",
        STUDYTEDDY_WORKERS="0",
    )
    assert set(found) == {
        "PORT", "JWT_EXPIRATION", "LOG_LEVEL", "STUDYTEDDY_WORKERS",
        "JWT_SECRET", "OPENAI_BASE_URL", "CHAT_MODEL", "DATABASE_URL", "REDIS_URL", "S3_BUCKET",
    }  # fmt: skip
    assert all(found.values())


def test_a_setting_that_is_wrong_is_not_called_missing_as_well(setenv: pytest.MonkeyPatch) -> None:
    give(setenv, STUDYTEDDY_PROFILE="production", JWT_SECRET=SECRET, **ENGINES | {"DATABASE_URL": "mysql://elsewhere"})
    with pytest.raises(SettingsFault) as refused:
        load_settings()
    (fault,) = refused.value.faults
    assert fault.startswith("DATABASE_URL: ")


@pytest.mark.parametrize(
    "secret",
    ["short", "x" * 31, "x" * 64, "changeme-changeme-changeme-changeme-1", "my-SECRET-my-SECRET-my-SECRET-123456",
     "example-9f8e7d6c5b4a39281706f5e4d3c2b1a0"],
)  # fmt: skip
@pytest.mark.parametrize("chosen", ["production", "embedded"])
def test_a_short_or_guessable_secret_is_refused(setenv: pytest.MonkeyPatch, chosen: str, secret: str) -> None:
    found = faults(setenv, STUDYTEDDY_PROFILE=chosen, JWT_SECRET=secret, **ENGINES)
    assert set(found) == {"JWT_SECRET"}


def test_production_needs_a_secret_and_engines_of_its_own(setenv: pytest.MonkeyPatch) -> None:
    assert set(faults(setenv, STUDYTEDDY_PROFILE="production")) == {"JWT_SECRET", *ENGINES}
    give(setenv, JWT_SECRET=SECRET, **ENGINES)
    settings = load_settings()
    assert settings.jwt_secret is not None
    assert settings.jwt_secret.get_secret_value() == SECRET
    assert SECRET not in repr(settings)


def test_files_on_a_shared_disk_have_to_be_asked_for(setenv: pytest.MonkeyPatch) -> None:
    give(setenv, STUDYTEDDY_PROFILE="production", JWT_SECRET=SECRET, DATABASE_URL=URL, REDIS_URL=ENGINES["REDIS_URL"])
    assert set(faults(setenv)) == {"S3_BUCKET"}
    give(setenv, STUDYTEDDY_OBJECTS="disk")
    assert not load_settings().in_bucket


@pytest.mark.parametrize(
    ("given", "named"),
    [
        ({"STUDYTEDDY_OBJECTS": "s3"}, "S3_BUCKET"),
        ({"S3_BUCKET": "No Such Name"}, "S3_BUCKET"),
        ({"S3_ACCESS_KEY": "AKIA"}, "S3_SECRET_KEY"),
        ({"S3_SECRET_KEY": "aSecretOfTheStore"}, "S3_ACCESS_KEY"),
        ({"S3_PRESIGNED_DOWNLOADS": "true"}, "S3_PRESIGNED_DOWNLOADS"),
        ({"REDIS_URL": "http://queue:6379"}, "REDIS_URL"),
        ({"DATABASE_DIRECT_URL": URL}, "DATABASE_DIRECT_URL"),
        ({"DATABASE_POOLER": "session"}, "DATABASE_POOLER"),
        ({"JWT_EXPIRATION": "8d"}, "JWT_REFRESH_EXPIRATION"),
    ],
)
def test_settings_that_contradict_each_other_are_named(
    setenv: pytest.MonkeyPatch, given: dict[str, str], named: str
) -> None:
    assert set(faults(setenv, **given)) == {named}


def test_what_may_be_lost_goes_to_a_redis_of_its_own_where_there_is_one(setenv: pytest.MonkeyPatch) -> None:
    give(setenv, REDIS_URL="redis://queue/0")
    assert load_settings().cache_url == "redis://queue/0"
    give(setenv, REDIS_CACHE_URL="redis://cache/0")
    assert load_settings().cache_url == "redis://cache/0"


@pytest.mark.parametrize(
    ("given", "provider"),
    [
        ({}, Provider.EXTRACTIVE),
        ({"OPENAI_API_KEY": "k"}, Provider.OPENAI),
        ({"DEEPSEEK_API_KEY": "k"}, Provider.DEEPSEEK),
        ({"OPENAI_API_KEY": "k", "DEEPSEEK_API_KEY": "k"}, Provider.OPENAI),
        ({"OPENAI_BASE_URL": "http://localhost:11434/v1", "CHAT_MODEL": "m"}, Provider.COMPATIBLE),
        ({"OPENAI_API_KEY": "k", "LLM_PROVIDER": "extractive"}, Provider.EXTRACTIVE),
    ],
)
def test_the_provider_follows_from_what_is_set(
    setenv: pytest.MonkeyPatch, given: dict[str, str], provider: Provider
) -> None:
    give(setenv, **given)
    assert load_settings().provider is provider


@pytest.mark.parametrize(("provider", "missing"), [("openai", "OPENAI_API_KEY"), ("deepseek", "DEEPSEEK_API_KEY")])
def test_a_provider_needs_its_key(setenv: pytest.MonkeyPatch, provider: str, missing: str) -> None:
    assert set(faults(setenv, LLM_PROVIDER=provider)) == {missing}


def test_settings_do_not_change_once_read() -> None:
    settings = load_settings()
    with pytest.raises(ValueError, match="frozen"):
        settings.port = 1  # type: ignore[misc]
    assert isinstance(settings, Settings)


def test_a_mail_server_needs_a_sender_and_in_production_the_address_of_links(setenv: pytest.MonkeyPatch) -> None:
    url = "smtp://teddy:p%40ss@mail.example.org"
    wrong = faults(setenv, SMTP_URL=url, STUDYTEDDY_PROFILE="production", JWT_SECRET=SECRET, **ENGINES)
    assert set(wrong) == {"MAIL_FROM", "PUBLIC_URL"}
    give(setenv, MAIL_FROM="Study Teddy <teddy@example.org>", PUBLIC_URL="https://teddy.example.org/")
    assert load_settings().address == "https://teddy.example.org"


def test_the_address_of_a_mail_server_is_looked_at_and_never_shown(setenv: pytest.MonkeyPatch) -> None:
    wrong = faults(setenv, SMTP_URL="http://teddy:hidden@mail.example.org", MAIL_FROM="teddy@example.org")
    assert set(wrong) == {"SMTP_URL"}
    assert "hidden" not in str(wrong)
