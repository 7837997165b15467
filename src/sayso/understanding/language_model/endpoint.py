"""One model behind one address: the only file that knows the `openai` client.

Every way in which a server can fail comes out as `Failed` with one word for the trace. A form of asking for JSON that
the server refuses (400, 422; some answer 500) is left for the next one of its dialect, once a turn while there is time;
the form that was answered is where the next turn begins.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from time import monotonic
from typing import TYPE_CHECKING, Any

from sayso.understanding.language_model.dialects import Asked, body, dialect_of

if TYPE_CHECKING:
    from openai import AsyncOpenAI
    from openai.types.chat import ChatCompletion

REFUSED = frozenset({400, 415, 422})
"""The server says that it was asked wrongly."""
_WORDS = {401: "denied", 403: "denied", 404: "denied", 429: "limited"}
LATER_S = 60.0
"""The longest that a server's "try later" is believed."""


@dataclass(frozen=True, slots=True)
class Prices:
    """What a million tokens cost, in the unit that the operator counts in."""

    prompt: float = 0.0
    completion: float = 0.0
    cached: float | None = None

    def of(self, prompt: int, completion: int, cached: int = 0) -> int:
        """The cost in millionths of the unit: a price for a million tokens is that of one token in millionths."""
        again = self.prompt if self.cached is None else self.cached
        return round((prompt - cached) * self.prompt + cached * again + completion * self.completion)


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where a model is: `region` says where its data are handled, "" when nobody said. `dialect` is a name of
    `dialects.DIALECTS` or "auto"; `api_version` is Azure's; `extra` goes into every request."""

    model: str
    api_key: str = field(default="", repr=False)
    base_url: str = ""
    region: str = ""
    dialect: str = "auto"
    api_version: str = ""
    prices: Prices = Prices()
    extra: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Answered:
    """What came back: the text that should be JSON, and what it took."""

    content: str
    prompt: int = 0
    completion: int = 0
    cached: int = 0


class Failed(Exception):
    """The server gave no answer. `why` is one word; `later`: seconds that it asks to be left alone."""

    def __init__(self, why: str, status: int = 0, later: float = 0.0) -> None:
        super().__init__(why)
        self.why, self.status, self.later = why, status, later


class Caller:
    """Asks the model of one endpoint. The client is made at the first call and closed by `close`."""

    def __init__(self, endpoint: Endpoint) -> None:
        self.endpoint = endpoint
        self._dialect = dialect_of(endpoint.base_url, endpoint.dialect)
        self._first, self._proven = 0, False
        self._client: AsyncOpenAI | None = None

    @property
    def form(self) -> str:
        """How the next turn asks for JSON."""
        return self._dialect.forms[self._first]

    async def ask(self, asked: Asked, seconds: float) -> Answered:
        """Ask once; in the next form, too, when this one is refused and half of `seconds` are left. Raises Failed."""
        began, first = monotonic(), self._first
        try:
            found = await self._once(first, asked, seconds)
        except Failed as failed:
            left = seconds - (monotonic() - began)
            if not self._next_may_do(failed, first) or left < seconds / 2:
                raise
            try:
                found = await self._once(first + 1, asked, left)
            except Failed as again:
                # A clear refusal of both: the turn after this one begins further on.
                if failed.status in REFUSED and again.status in REFUSED:
                    self._first = min(first + 1, len(self._dialect.forms) - 1)
                raise
            self._first = first + 1
        self._proven = True
        return found

    def _next_may_do(self, failed: Failed, form: int) -> bool:
        """Whether it may be the form that failed: a refusal, or a 500 of a server that has never answered."""
        refused = failed.status in REFUSED or (failed.status in (500, 501) and not self._proven)
        return refused and form + 1 < len(self._dialect.forms)

    async def _once(self, form: int, asked: Asked, seconds: float) -> Answered:
        import openai

        request = body(self._dialect, self._dialect.forms[form], self.endpoint.model, asked, self.endpoint.extra)
        keyed = self._dialect.header != "Authorization"
        key: dict[str, str | openai.Omit] = {self._dialect.header: self.endpoint.api_key, "Authorization": openai.omit}
        try:
            completion = await self._opened().chat.completions.create(
                model=request.pop("model"),
                messages=request.pop("messages"),
                extra_headers=key if keyed else None,
                extra_body=request,
                timeout=seconds,
            )
            return _answered(completion)
        except openai.APITimeoutError as error:
            raise Failed("late") from error
        except openai.APIStatusError as error:
            why = _WORDS.get(error.status_code, "refused" if error.status_code in REFUSED else "down")
            raise Failed(why, error.status_code, _later(error.response.headers)) from error
        except openai.APIConnectionError as error:
            raise Failed("cut") from error
        except (openai.OpenAIError, ValueError, TypeError, AttributeError, LookupError) as error:
            raise Failed("malformed") from error

    def _opened(self) -> AsyncOpenAI:
        if self._client is None:
            from openai import AsyncOpenAI

            version = {"api-version": self.endpoint.api_version} if self.endpoint.api_version else None
            # Its own retries would run past the deadline of the turn. An endpoint of one's own may want no key.
            self._client = AsyncOpenAI(
                api_key=self.endpoint.api_key or "none",
                base_url=self.endpoint.base_url or None,
                default_query=version,
                max_retries=0,
            )
        return self._client

    async def close(self) -> None:
        """Close the connections."""
        if self._client is not None:
            await self._client.close()
            self._client = None


def _answered(completion: ChatCompletion) -> Answered:
    """What a completion says; raises where it lacks what every completion has."""
    message, usage = completion.choices[0].message, completion.usage
    called = message.tool_calls[0] if message.tool_calls else None
    content = called.function.arguments if called and called.type == "function" else message.content or ""
    if usage is None:
        return Answered(content)
    details = usage.prompt_tokens_details
    return Answered(content, usage.prompt_tokens, usage.completion_tokens, (details and details.cached_tokens) or 0)


def _later(headers: Mapping[str, str]) -> float:
    """Seconds that a server asks to be left alone; dates are not read."""
    try:
        return min(LATER_S, max(0.0, float(headers.get("retry-after", "0"))))
    except ValueError:
        return 0.0


def parsed(content: str) -> Mapping[str, Any]:
    """The JSON object in an answer: some servers fence it, some models think aloud first or double its braces. Raises
    Failed when there is none."""
    told = content.rpartition("</think>")[2]
    start, end = told.find("{"), told.rfind("}")
    for text in (told[start : end + 1], told[start : end + 1].replace("{{", "{").replace("}}", "}")):
        try:
            found = json.loads(text)
        except (ValueError, RecursionError):
            continue
        if isinstance(found, dict):
            return found
    raise Failed("malformed")
