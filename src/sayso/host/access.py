"""Access tokens of platforms: fetched once, kept while they live, fetched anew when the platform calls one stale."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from sayso.channels.contract import Account, Call, NotSent, Send, Tokened
from sayso.errors import SaysoError
from sayso.host.ports import Clock

EARLY = timedelta(seconds=30)
"""A token that ends so soon is not used any more."""


@dataclass(frozen=True, slots=True)
class Token:
    """An access token and when it ends."""

    value: str = field(repr=False)
    until: datetime


@dataclass(slots=True)
class Access:
    """The tokens of this process, by account and name."""

    send: Send
    clock: Clock
    _tokens: dict[tuple[str, ...], Token] = field(default_factory=dict)
    _locks: dict[tuple[str, ...], asyncio.Lock] = field(default_factory=dict)

    async def filled(self, call: Call, channel: object, account: Account) -> Call:
        """The call with its token in place. Raises NotSent when there is none to be had."""
        if not call.token:
            return call
        if not isinstance(channel, Tokened):
            raise NotSent(f"{account.channel} asks for a token and has no way to fetch one", where="token")
        token = await self._token(call.token, channel, account)
        headers = {name: value.replace("{token}", token) for name, value in call.headers.items()}
        return replace(call, url=call.url.replace("{token}", token), headers=headers)

    def stale(self, call: Call, used: Call, account: Account) -> None:
        """The platform refused the token in `used`, made of `call`: it is not used again."""
        key = _key(call.token, account)
        held = self._tokens.get(key)
        if held is not None and _carries(used, held.value):
            del self._tokens[key]

    async def _token(self, name: str, channel: Tokened, account: Account) -> str:
        key = _key(name, account)
        async with self._locks.setdefault(key, asyncio.Lock()):
            held = self._tokens.get(key)
            if held is None or held.until - EARLY <= self.clock.now():
                held = self._tokens[key] = await self._fetched(name, channel, account)
            return held.value

    async def _fetched(self, name: str, channel: Tokened, account: Account) -> Token:
        try:
            status, _, body = await self.send(channel.token(name, account))
            value, seconds = channel.token_of(status, body)
        except SaysoError as error:
            raise NotSent(f"no access token: {error.text}", where=error.where, mend=error.mend) from error
        return Token(value, self.clock.now() + timedelta(seconds=seconds))


def _key(name: str, account: Account) -> tuple[str, ...]:
    return account.merchant.id, account.channel, account.id, name


def _carries(call: Call, token: str) -> bool:
    headers: Mapping[str, str] = call.headers
    return token in call.url or any(token in value for value in headers.values())
