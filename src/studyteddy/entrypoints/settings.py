"""Settings from the environment and ``.env``; all faults are reported together, by name."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import timedelta
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

from pydantic import AliasChoices, BeforeValidator, Field, SecretStr, ValidationError, model_validator
from pydantic.fields import FieldInfo
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from studyteddy.adapters.mail.server import mail_server, sender
from studyteddy.entrypoints.faults import SettingsFault
from studyteddy.entrypoints.plugins import Group, offered

MEGABYTE = 1024 * 1024
MIN_SECRET = 32
MAX_DURATION = timedelta(days=3_650)
_DURATION = re.compile(r"(\d{1,9})\s*(s|m|h|d)")
_REDIS_URL = r"^(rediss?|unix)://"
_ORIGIN = re.compile(r"\*|https?://[a-z0-9.-]+(:\d{1,5})?|https?://\[[0-9a-f:.]+\](:\d{1,5})?")
_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}
_WEAK_SECRETS = ("change", "secret", "example", "default", "password")


class Profile(StrEnum):
    """Everything in one process with its own database, or engines that stand elsewhere."""

    EMBEDDED = "embedded"
    PRODUCTION = "production"


class Objects(StrEnum):
    """Where uploaded files lie. ``auto`` takes a bucket when one is named, else the data directory."""

    AUTO = "auto"
    DISK = "disk"
    S3 = "s3"


class Pooler(StrEnum):
    """What stands between us and PostgreSQL. ``transaction`` is pgBouncer in transaction mode, or the like."""

    NONE = "none"
    TRANSACTION = "transaction"


class Provider(StrEnum):
    """Who answers. ``auto`` takes the first that has a key, else the extractive tutor."""

    AUTO = "auto"
    EXTRACTIVE = "extractive"
    OPENAI = "openai"
    DEEPSEEK = "deepseek"
    COMPATIBLE = "compatible"


def _duration(value: object) -> object:
    if not isinstance(value, str):
        return value
    match = _DURATION.fullmatch(value.strip())
    if match is None:
        raise ValueError("write a span as 90s, 15m, 12h or 7d")
    return timedelta(**{_UNITS[match.group(2)]: int(match.group(1))})


Duration = Annotated[timedelta, BeforeValidator(_duration), Field(gt=timedelta(0), le=MAX_DURATION)]
"""A span such as ``15m``, ``7d`` or ``90s``."""


def _origins(value: object) -> object:
    """Origins between commas, as browsers state them; ``*`` is every one."""
    if not isinstance(value, str):
        return value
    named = frozenset(origin.strip().rstrip("/") for origin in value.split(",") if origin.strip())
    if wrong := sorted(origin for origin in named if not _ORIGIN.fullmatch(origin)):
        raise ValueError(f"write origins as https://study.example or *, with commas between them; not {wrong[0]}")
    return named


def _provider(value: object) -> object:
    """A provider that is known here, else the text, which may name a plug-in."""
    return Provider(value) if isinstance(value, str) and value in set(Provider) else value


def _either(name: str) -> AliasChoices:
    return AliasChoices(f"STUDYTEDDY_{name}", name)


class Settings(BaseSettings):
    """One frozen value; every name may also be written with ``STUDYTEDDY_`` in front."""

    model_config = SettingsConfigDict(env_file=".env", extra="ignore", frozen=True, env_ignore_empty=True)

    profile: Profile = Field(Profile.EMBEDDED, validation_alias=AliasChoices("STUDYTEDDY_PROFILE"))
    home: Path = Field(
        default_factory=lambda: _default_home(),  # noqa: PLW0108 - defined below
        validation_alias="STUDYTEDDY_HOME",
    )
    host: str = Field("127.0.0.1", validation_alias=AliasChoices("STUDYTEDDY_HOST"))
    port: int = Field(8000, ge=0, le=65535, validation_alias=AliasChoices("STUDYTEDDY_PORT", "PORT", "API_PORT"))
    api_prefix: str = Field("api/v1", pattern=r"^/?[a-z0-9][a-z0-9/_-]*$", validation_alias=_either("API_PREFIX"))
    public_url: str | None = Field(None, pattern=r"^https?://[^\s/?#@]+/?$", validation_alias=_either("PUBLIC_URL"))
    database_url: str | None = Field(
        None, pattern=r"^postgres(ql)?(\+psycopg)?://", validation_alias=_either("DATABASE_URL")
    )
    database_direct_url: str | None = Field(
        None, pattern=r"^postgres(ql)?(\+psycopg)?://", validation_alias=_either("DATABASE_DIRECT_URL")
    )
    database_pooler: Pooler = Field(Pooler.NONE, validation_alias=_either("DATABASE_POOLER"))
    database_pool_size: int = Field(10, ge=1, le=200, validation_alias=_either("DATABASE_POOL_SIZE"))
    redis_url: str | None = Field(None, pattern=_REDIS_URL, validation_alias=_either("REDIS_URL"))
    redis_cache_url: str | None = Field(None, pattern=_REDIS_URL, validation_alias=_either("REDIS_CACHE_URL"))
    objects: Objects = Field(Objects.AUTO, validation_alias=AliasChoices("STUDYTEDDY_OBJECTS"))
    s3_bucket: str | None = Field(
        None, pattern=r"^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$", validation_alias=_either("S3_BUCKET")
    )
    s3_region: str = Field("us-east-1", min_length=1, validation_alias=_either("S3_REGION"))
    s3_endpoint_url: str | None = Field(None, pattern=r"^https?://", validation_alias=_either("S3_ENDPOINT_URL"))
    s3_access_key: SecretStr | None = Field(None, validation_alias=_either("S3_ACCESS_KEY"))
    s3_secret_key: SecretStr | None = Field(None, validation_alias=_either("S3_SECRET_KEY"))
    s3_presigned_downloads: bool = Field(False, validation_alias=_either("S3_PRESIGNED_DOWNLOADS"))
    jwt_secret: SecretStr | None = Field(None, validation_alias=_either("JWT_SECRET"))
    jwt_expiration: Duration = Field(timedelta(minutes=15), validation_alias=_either("JWT_EXPIRATION"))
    jwt_refresh_expiration: Duration = Field(timedelta(days=7), validation_alias=_either("JWT_REFRESH_EXPIRATION"))
    llm_provider: Annotated[Provider | str, BeforeValidator(_provider)] = Field(
        Provider.AUTO, validation_alias=_either("LLM_PROVIDER")
    )
    openai_api_key: SecretStr | None = Field(None, validation_alias=_either("OPENAI_API_KEY"))
    openai_base_url: str | None = Field(None, pattern=r"^https?://", validation_alias=_either("OPENAI_BASE_URL"))
    deepseek_api_key: SecretStr | None = Field(None, validation_alias=_either("DEEPSEEK_API_KEY"))
    chat_model: str | None = Field(None, min_length=1, validation_alias=_either("CHAT_MODEL"))
    embedding_model: str | None = Field(None, min_length=1, validation_alias=_either("EMBEDDING_MODEL"))
    embedding_provider: str | None = Field(None, min_length=1, validation_alias=_either("EMBEDDING_PROVIDER"))
    fallback: bool = Field(True, validation_alias=AliasChoices("STUDYTEDDY_FALLBACK"))
    tokens_per_day: int = Field(1_000_000, ge=0, validation_alias=AliasChoices("STUDYTEDDY_TOKENS_PER_DAY"))
    text_extractor: str | None = Field(None, min_length=1, validation_alias=_either("TEXT_EXTRACTOR"))
    max_upload_mb: int = Field(50, ge=1, le=2_000, validation_alias=AliasChoices("STUDYTEDDY_MAX_UPLOAD_MB"))
    storage_mb_each: int = Field(5_000, ge=0, validation_alias=AliasChoices("STUDYTEDDY_STORAGE_MB_EACH"))
    documents_each: int = Field(10_000, ge=0, validation_alias=AliasChoices("STUDYTEDDY_DOCUMENTS_EACH"))
    max_import_mb: int = Field(500, ge=1, le=8_000, validation_alias=AliasChoices("STUDYTEDDY_MAX_IMPORT_MB"))
    workers: int = Field(2, ge=1, le=32, validation_alias=AliasChoices("STUDYTEDDY_WORKERS"))
    job_lease: Annotated[Duration, Field(ge=timedelta(seconds=2), le=timedelta(minutes=10))] = Field(
        timedelta(seconds=30), validation_alias=AliasChoices("STUDYTEDDY_JOB_LEASE")
    )
    web_processes: int = Field(2, ge=1, le=64, validation_alias=AliasChoices("STUDYTEDDY_WEB_PROCESSES"))
    web_threads: int = Field(16, ge=1, le=256, validation_alias=AliasChoices("STUDYTEDDY_WEB_THREADS"))
    sockets: int = Field(2_000, ge=1, le=50_000, validation_alias=AliasChoices("STUDYTEDDY_SOCKETS"))
    cors_origins: Annotated[frozenset[str], NoDecode, BeforeValidator(_origins)] = Field(
        frozenset(), validation_alias=_either("CORS_ORIGINS")
    )
    trusted_proxies: int = Field(0, ge=0, le=10, validation_alias=AliasChoices("STUDYTEDDY_TRUSTED_PROXIES"))
    smtp_url: SecretStr | None = Field(None, validation_alias=_either("SMTP_URL"))
    mail_from: str | None = Field(None, min_length=3, validation_alias=_either("MAIL_FROM"))
    metrics_token: SecretStr | None = Field(None, validation_alias=_either("METRICS_TOKEN"))
    worker_metrics_port: int | None = Field(
        None, ge=1, le=65535, validation_alias=AliasChoices("STUDYTEDDY_WORKER_METRICS_PORT")
    )
    google_client_id: str | None = Field(None, min_length=1, validation_alias=_either("GOOGLE_CLIENT_ID"))
    google_client_secret: SecretStr | None = Field(None, validation_alias=_either("GOOGLE_CLIENT_SECRET"))
    google_issuer: str = Field(
        "https://accounts.google.com",
        pattern=r"^(https://|http://(localhost|127\.0\.0\.1)([:/]|$))",
        validation_alias=_either("GOOGLE_ISSUER"),
    )
    sentry_dsn: SecretStr | None = Field(None, validation_alias=_either("SENTRY_DSN"))
    otlp_endpoint: str | None = Field(
        None, pattern=r"^https?://", validation_alias=AliasChoices("OTEL_EXPORTER_OTLP_ENDPOINT")
    )
    logins_per_5_minutes: int = Field(10, ge=1, validation_alias=AliasChoices("STUDYTEDDY_LOGINS_PER_5_MINUTES"))
    registrations_per_hour: int = Field(60, ge=1, validation_alias=AliasChoices("STUDYTEDDY_REGISTRATIONS_PER_HOUR"))
    requests_per_minute: int = Field(1_200, ge=1, validation_alias=AliasChoices("STUDYTEDDY_REQUESTS_PER_MINUTE"))
    bcrypt_rounds: int = Field(12, ge=4, le=16, validation_alias=AliasChoices("STUDYTEDDY_BCRYPT_ROUNDS"))
    log_level: str = Field("info", pattern="^(debug|info|warning|error)$", validation_alias=_either("LOG_LEVEL"))

    @model_validator(mode="after")
    def _fits_together(self) -> Settings:
        faults = [*self._secret_faults(), *self._provider_faults(), *self._plugin_faults(), *self._object_faults()]
        faults += [*self._mail_faults(), *self._google_faults()]
        if self.profile is Profile.PRODUCTION:
            faults += self._engine_faults()
        if self.database_url is None and self.database_direct_url is not None:
            faults.append("DATABASE_DIRECT_URL: it is the way around a pooler at DATABASE_URL, which is not set")
        if self.jwt_refresh_expiration < self.jwt_expiration:
            faults.append(
                "JWT_REFRESH_EXPIRATION: a log-in can't be shorter than JWT_EXPIRATION, the life of one token"
            )
        if faults:
            raise ValueError("\n".join(faults))
        return self

    def _engine_faults(self) -> Iterator[str]:
        if self.database_url is None:
            yield "DATABASE_URL: name the PostgreSQL to use, as in postgresql://user:password@host/studyteddy"
        if self.redis_url is None:
            yield "REDIS_URL: name the Redis that carries the queue, as in redis://host:6379/0"
        if self.objects is Objects.AUTO and self.s3_bucket is None:
            yield (
                "S3_BUCKET: name the bucket for uploaded files, or set STUDYTEDDY_OBJECTS=disk where all processes "
                "share one STUDYTEDDY_HOME"
            )

    def _mail_faults(self) -> Iterator[str]:
        if self.smtp_url is None:
            return
        try:
            mail_server(self.smtp_url.get_secret_value())
        except ValueError as fault:
            yield f"SMTP_URL: {fault}"
        try:
            sender(self.mail_from or "")
        except ValueError:
            yield "MAIL_FROM: name the sender of letters, as in Study Teddy <teddy@example.org>"
        if self.public_url is None and self.profile is Profile.PRODUCTION:
            yield "PUBLIC_URL: letters carry links, so name the address that people type, as in https://example.org"

    def _object_faults(self) -> Iterator[str]:
        if self.objects is Objects.S3 and self.s3_bucket is None:
            yield "S3_BUCKET: needed for STUDYTEDDY_OBJECTS=s3"
        if self.s3_presigned_downloads and not self.in_bucket:
            yield "S3_PRESIGNED_DOWNLOADS: there is no bucket to download from; name one in S3_BUCKET"
        if (self.s3_access_key is None) != (self.s3_secret_key is None):
            lacking = "S3_ACCESS_KEY" if self.s3_access_key is None else "S3_SECRET_KEY"
            yield f"{lacking}: the keys come in a pair; set both, or neither where the machine has a role of its own"

    def _google_faults(self) -> Iterator[str]:
        if (self.google_client_id is None) == (self.google_client_secret is None):
            return
        lacking = "GOOGLE_CLIENT_ID" if self.google_client_id is None else "GOOGLE_CLIENT_SECRET"
        yield f"{lacking}: Google gives an id and a secret; set both, or neither to do without signing in with Google"

    def _secret_faults(self) -> list[str]:
        if self.jwt_secret is None:
            asked = "JWT_SECRET: set a random text of at least 32 characters"
            return [asked] if self.profile is Profile.PRODUCTION else []
        secret = self.jwt_secret.get_secret_value()
        if len(secret) < MIN_SECRET:
            return [f"JWT_SECRET: use at least {MIN_SECRET} characters (it has {len(secret)})"]
        weak = len(set(secret)) < 10 or any(word in secret.lower() for word in _WEAK_SECRETS)
        return ["JWT_SECRET: this looks like an example; use a random text"] if weak else []

    def _provider_faults(self) -> list[str]:
        needs = {
            Provider.OPENAI: (self.openai_api_key, "OPENAI_API_KEY: needed for LLM_PROVIDER=openai"),
            Provider.DEEPSEEK: (self.deepseek_api_key, "DEEPSEEK_API_KEY: needed for LLM_PROVIDER=deepseek"),
            Provider.COMPATIBLE: (self.openai_base_url, "OPENAI_BASE_URL: needed for LLM_PROVIDER=compatible"),
        }
        value, fault = needs.get(self.provider_asked, ("", ""))
        faults = [fault] if value is None else []
        if self.provider_asked is Provider.COMPATIBLE and self.chat_model is None:
            faults.append("CHAT_MODEL: name the model that the server at OPENAI_BASE_URL should use")
        return faults

    def _plugin_faults(self) -> Iterator[str]:
        for setting, group, name in (
            ("LLM_PROVIDER", Group.CHAT_MODELS, self.chat_plugin),
            ("EMBEDDING_PROVIDER", Group.EMBEDDERS, self.embedding_provider),
            ("TEXT_EXTRACTOR", Group.TEXT_EXTRACTORS, self.text_extractor),
        ):
            if name is not None and name not in (choices := offered(group)):
                known = [provider.value for provider in Provider] if group is Group.CHAT_MODELS else []
                choice = ", ".join([*known, *choices]) or "nothing yet"
                yield f"{setting}: there is no {name}; there is {choice}, and what plug-ins offer once installed"

    @property
    def address(self) -> str:
        """The address of this Study Teddy in links, without a slash at its end."""
        return (self.public_url or f"http://127.0.0.1:{self.port}").rstrip("/")

    @property
    def api_path(self) -> str:
        """The path of the API, without slashes at its ends."""
        return self.api_prefix.strip("/")

    @property
    def in_bucket(self) -> bool:
        """Whether uploaded files lie in a bucket rather than in the data directory."""
        return self.objects is Objects.S3 or (self.objects is Objects.AUTO and self.s3_bucket is not None)

    @property
    def cache_url(self) -> str | None:
        """The Redis of what may be lost: caches, live news, limits. The queue's own where no second one is named."""
        return self.redis_cache_url or self.redis_url

    @property
    def chat_plugin(self) -> str | None:
        """The plug-in that answers; None for what is built in."""
        return None if isinstance(self.llm_provider, Provider) else self.llm_provider

    @property
    def provider_asked(self) -> Provider:
        """The built-in provider that was asked for; ``auto`` beside a plug-in, which may leave the embedding to it."""
        return self.llm_provider if isinstance(self.llm_provider, Provider) else Provider.AUTO

    @property
    def provider(self) -> Provider:
        """Which of the built-in ones answers or, beside a plug-in, embeds; with ``auto`` decided."""
        if self.provider_asked is not Provider.AUTO:
            return self.provider_asked
        if self.openai_base_url is not None and self.chat_model is not None:
            return Provider.COMPATIBLE
        if self.openai_api_key is not None:
            return Provider.OPENAI
        return Provider.DEEPSEEK if self.deepseek_api_key is not None else Provider.EXTRACTIVE

    @property
    def providers(self) -> tuple[Provider, ...]:
        """The model servers that are asked for answers, each when the one before fails; none beside a plug-in.

        One that was named is the only one: a student's text goes nowhere else because of a key that is there for
        something else. With a compatible server, OPENAI_API_KEY is that server's.
        """
        if self.chat_plugin is not None or self.provider is Provider.EXTRACTIVE:
            return ()
        next_one = self.fallback and self.provider_asked is Provider.AUTO and self.deepseek_api_key is not None
        return tuple(dict.fromkeys([self.provider, *([Provider.DEEPSEEK] if next_one else [])]))


def load_settings(**overrides: Any) -> Settings:
    """Read the settings. Raises ``SettingsFault`` with everything that is wrong, not just the first."""
    try:
        return Settings(**overrides)
    except ValidationError as error:
        faults = error.errors()
    # What must fit together is only looked at when each setting is right by itself, so the wrong ones get a stand-in.
    wrong = {str(fault["loc"][0]): fault for fault in faults if fault["loc"]}
    lines = {_plain(name): _message(fault) for name, fault in wrong.items()}
    together = [line for fault in faults if not fault["loc"] for line in _message(fault).splitlines()]
    if wrong:
        try:
            Settings(**overrides | _defaults(wrong))
        except ValidationError as error:
            together += [line for fault in error.errors() for line in _message(fault).splitlines()]
    named = [f"{name}: {message}" for name, message in lines.items()]
    raise SettingsFault([*named, *(line for line in together if line.partition(":")[0] not in lines)])


def _message(fault: Mapping[str, Any]) -> str:
    return str(fault["msg"]).removeprefix("Value error, ")


def _names(field: FieldInfo) -> list[str]:
    """The names under which a setting may be given, the one with our prefix first."""
    alias = field.validation_alias
    return [str(choice) for choice in alias.choices] if isinstance(alias, AliasChoices) else [str(alias)]


def _defaults(names: Iterable[str]) -> dict[str, Any]:
    fields = {_names(field)[0]: field for field in Settings.model_fields.values()}
    return {name: fields[name].get_default(call_default_factory=True, validated_data={}) for name in names}


def _plain(name: str) -> str:
    """A setting by the name that people use: without our prefix where it may be left out."""
    plain = name.removeprefix("STUDYTEDDY_")
    return plain if any(plain in _names(field) for field in Settings.model_fields.values()) else name


def _default_home() -> Path:
    """The platform's place for a user's data."""
    from platformdirs import user_data_path

    return user_data_path("studyteddy", appauthor=False)
