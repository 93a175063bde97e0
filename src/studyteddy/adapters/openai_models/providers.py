"""What the servers that speak OpenAI's chat and embedding protocol can and can't do."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from ipaddress import ip_address
from urllib.parse import urlsplit

from studyteddy.domain.errors import Invalid

_HOSTED_PATIENCE = 20.0
# A server on the student's own machine may first load the model and read the whole prompt on a CPU, in silence.
_LOCAL_PATIENCE = 120.0


class JsonMode(StrEnum):
    """How a server is asked for JSON: by schema, as any JSON object, or in words only."""

    SCHEMA = "json_schema"
    OBJECT = "json_object"
    PROMPT = "prompt"


def _parts(address: str) -> tuple[str, int | None, bool]:
    """Host, port, and whether there is a user or password in it. Raises ``Invalid`` for what is no web address."""
    try:
        split = urlsplit(address)
        host, port = split.hostname, split.port
    except ValueError:
        host = port = None
    if not host or split.scheme not in {"http", "https"}:
        raise Invalid.field(
            "OPENAI_BASE_URL", "Give the model server's address in full, such as http://localhost:11434/v1."
        )
    return host, port, bool(split.username or split.password)


@dataclass(frozen=True, slots=True, kw_only=True)
class Provider:
    """A kind of server. Where a server of your own differs, use ``dataclasses.replace``.

    ``name`` is for settings, ``title`` for people, at the beginning of a sentence.
    ``read_timeout`` is the longest silence in seconds. ``max_tokens_field`` names the parameter that limits an answer:
    OpenAI's reasoning models refuse ``max_tokens``, most other servers know nothing else. ``stream_usage`` says that
    ``stream_options.include_usage`` is understood. ``embedding_batch`` is the number of texts in one call.
    """

    name: str
    title: str
    base_url: str
    key_setting: str = "OPENAI_API_KEY"
    json_mode: JsonMode = JsonMode.OBJECT
    max_tokens_field: str = "max_tokens"
    stream_usage: bool = True
    embeddings: bool = True
    embedding_batch: int = 128
    read_timeout: float = _HOSTED_PATIENCE

    def __post_init__(self) -> None:
        _, _, has_password = _parts(self.base_url)
        if has_password:
            raise Invalid.field("OPENAI_BASE_URL", f"Leave the password out of the address and set {self.key_setting}.")

    @property
    def local(self) -> bool:
        """Whether the server runs on this very machine."""
        return _is_loopback(urlsplit(self.base_url).hostname or "")


def _local(name: str, title: str, port: int, *, json_mode: JsonMode = JsonMode.SCHEMA) -> Provider:
    return Provider(
        name=name,
        title=title,
        base_url=f"http://localhost:{port}/v1",
        json_mode=json_mode,
        embedding_batch=32,
        read_timeout=_LOCAL_PATIENCE,
    )


OPENAI = Provider(
    name="openai",
    title="OpenAI",
    base_url="https://api.openai.com/v1",
    json_mode=JsonMode.SCHEMA,
    max_tokens_field="max_completion_tokens",
)
DEEPSEEK = Provider(
    name="deepseek",
    title="DeepSeek",
    base_url="https://api.deepseek.com",
    key_setting="DEEPSEEK_API_KEY",
    embeddings=False,
)
OLLAMA = _local("ollama", "Ollama", 11434)
VLLM = _local("vllm", "vLLM", 8000)
LLAMA_CPP = _local("llama.cpp", "llama.cpp", 8080)
LM_STUDIO = _local("lmstudio", "LM Studio", 1234)
# Nothing is known of such a server, so nothing is asked of it that another might refuse.
COMPATIBLE = replace(
    _local("compatible", "The model server", 8000, json_mode=JsonMode.PROMPT), read_timeout=_HOSTED_PATIENCE
)

PROVIDERS = {known.name: known for known in (OPENAI, DEEPSEEK, OLLAMA, VLLM, LLAMA_CPP, LM_STUDIO, COMPATIBLE)}


def provider_for(name: str | None = None, base_url: str | None = None) -> Provider:
    """The provider called ``name``, or the one that ``base_url`` looks like; OpenAI when neither is given.

    An address that looks like none of them is a ``compatible`` server. Raises ``Invalid`` for an unknown name or a
    malformed address.
    """
    address = base_url.strip().rstrip("/") if base_url and base_url.strip() else None
    if name and name.strip():
        known = PROVIDERS.get(name.strip().lower())
        if known is None:
            raise Invalid.field("LLM_PROVIDER", f"Choose one of {', '.join(sorted(PROVIDERS))}; {name!r} is unknown.")
        if known is COMPATIBLE:
            if address is None:
                raise Invalid.field("OPENAI_BASE_URL", "Give the address of the compatible server.")
            known = _by_address(address)
    else:
        known = _by_address(address) if address else OPENAI
    return replace(known, base_url=address) if address else known


def _by_address(address: str) -> Provider:
    host, port, _ = _parts(address)
    for hosted in (OPENAI, DEEPSEEK):
        if host == urlsplit(hosted.base_url).hostname:
            return hosted
    by_port = {urlsplit(local.base_url).port: local for local in (OLLAMA, LM_STUDIO)}
    if port in by_port:
        return by_port[port]
    return replace(COMPATIBLE, read_timeout=_LOCAL_PATIENCE) if _is_loopback(host) else COMPATIBLE


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")
