"""The desk: what waits for a person, answered into the customer's own conversation, and closed."""

from __future__ import annotations

from typing import Any

from quart import Response

from sayso.channels.cards import mask
from sayso.errors import NotFound
from sayso.host.ports import Posted, Task
from sayso.model.event import Event, Written
from sayso.model.message import hidden
from sayso.web import asking
from sayso.web.doors import take
from sayso.web.parts import Site
from sayso.web.routes.table import for_staff


async def waiting(site: Site, merchant: str) -> Response:
    """What waits, the most urgent first, with what was said."""
    await asking.allowed(site, merchant, "read_conversation", "conversation")
    tasks = await site.parts.desk.waiting(merchant)
    return asking.reply({"tasks": [await _plain(site, task) for task in tasks]})


async def answer(site: Site, merchant: str, task: str) -> Response:
    """Write to the customer, into the conversation that was handed over. The same id again does nothing."""
    name = await asking.allowed(site, merchant, "answer", "conversation")
    found = await _found(site, merchant, task)
    data = await asking.body("DeskAnswer")
    shown = _shown(site, found)
    written = Written(found.id, mask(data["text"].strip()), name, shown=shown, closes=data.get("closes", False))
    await take(site, _event(site, found, data["id"], written))
    return await waiting(site, merchant)


async def close(site: Site, merchant: str, task: str) -> Response:
    """The matter is settled: the customer is told, and the bot has the conversation to itself."""
    name = await asking.allowed(site, merchant, "answer", "conversation")
    found = await _found(site, merchant, task)
    data = await asking.body("DeskClose")
    written = Written(found.id, "", name, shown=_shown(site, found), closes=True)
    await take(site, _event(site, found, data["id"], written))
    return await waiting(site, merchant)


async def _found(site: Site, merchant: str, id: str) -> Task:
    task = await site.parts.desk.task(merchant, id)
    if task is None:
        raise NotFound("no such task is open", where="path", mend="GET the tasks: somebody may have closed it.")
    return task


def _shown(site: Site, task: Task) -> bool:
    """Whether the customer gets it at once: on our page, and where answers are pushed."""
    channel = task.conversation.split("/", 3)[1]
    return channel == "web" or site.parts.reach.pushes(channel)


def _event(site: Site, task: Task, id: str, body: Written) -> Event:
    """What was written, as an event of the conversation that it is for."""
    merchant, channel, account, native = task.conversation.split("/", 3)
    return Event(f"desk/{id}", merchant, channel, account, native, site.parts.clock.now(), body, deadline_s=30.0)


async def _plain(site: Site, task: Task) -> dict[str, Any]:
    said = await site.parts.desk.transcript(task.merchant, task.conversation)
    return {
        "id": task.id,
        "channel": task.conversation.split("/", 3)[1],
        "reason": task.reason,
        "about": dict(task.summary),
        "promised": task.promised.isoformat() if task.promised else "",
        "at": task.at.isoformat(),
        "waiting": bool(task.notes) and task.notes[-1].author == "customer",
        "messages": [_message(one) for one in said],
    }


def _message(one: Posted) -> dict[str, Any]:
    said = hidden(one.message)
    told = {"revised": said.revised} if said.revised else {}
    return {"author": one.author, "text": said.text or said.speech, "at": one.at.isoformat(), **told}


ROUTES = (
    for_staff("GET", "tasks", waiting, "List what waits for a person", "Tasks"),
    for_staff("POST", "tasks/<task>/answers", answer, "Answer a customer", "Tasks", body="DeskAnswer"),
    for_staff("POST", "tasks/<task>/close", close, "Close a task", "Tasks", body="DeskClose"),
)
