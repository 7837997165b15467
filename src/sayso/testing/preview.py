"""What a merchant's conversations look like on each of its channels: recorded once, compiled for every one.

A scene is a golden conversation as it was held; a frame is that scene on one channel. Nothing is sent anywhere.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from sayso.channels.capabilities import Capabilities
from sayso.channels.compiler import Plan, Where, compile_message
from sayso.channels.registry import Channels
from sayso.errors import SaysoError
from sayso.manifest.specs import Artefact
from sayso.model.message import Action, Message
from sayso.testing.clock import SetClock
from sayso.testing.goldens import Golden, GoldenTurn
from sayso.testing.hosting import Published, host
from sayso.testing.runner import begin, take

PICTURES = "https://pictures.invalid/"
"""Where the pictures of a preview seem to be; the page puts the pictures themselves in their place."""


@dataclass(frozen=True, slots=True)
class Said:
    """A turn: what the customer did, in words, and what was answered."""

    customer: str
    messages: tuple[Message, ...]


@dataclass(frozen=True, slots=True)
class Scene:
    name: str
    language: str
    turns: tuple[Said, ...]


@dataclass(frozen=True, slots=True)
class Shown:
    """A turn on a channel."""

    customer: str
    messages: tuple[tuple[Message, Plan], ...]


@dataclass(frozen=True, slots=True)
class Frame:
    """A scene on a channel."""

    channel: str
    capabilities: Capabilities
    turns: tuple[Shown, ...]

    @property
    def degradations(self) -> tuple[str, ...]:
        """What it cannot show as meant, in words, each once."""
        told = (
            f"{each.what}: {each.how}" for turn in self.turns for _, plan in turn.messages for each in plan.degradations
        )
        return tuple(dict.fromkeys(told))


def chosen(goldens: Iterable[Golden], merchant: str, most: int) -> tuple[Golden, ...]:
    """Conversations that show most of the merchant: of each file and language the longest that a stranger holds on the
    web, in turn, at most `most`."""
    found: dict[tuple[Path, str], Golden] = {}
    for golden in goldens:
        if golden.merchant != merchant or golden.channel != "web" or golden.customer:
            continue
        key = (golden.file, golden.language)
        if key not in found or len(golden.turns) > len(found[key].turns):
            found[key] = golden
    by_size = sorted(found.values(), key=lambda golden: (-min(len(golden.turns), 6), golden.id))
    return tuple(sorted(by_size[:most], key=lambda golden: (str(golden.file), golden.language)))


async def record(golden: Golden, published: Published, folder: Path) -> Scene:
    """Hold the conversation; one that cannot be held to its end is shown as far as it went."""
    async with host(published, folder, SetClock(golden.now)) as hosted:
        chat, turns = begin(golden, hosted), list[Said]()
        for turn in golden.turns:
            try:
                await take(chat, turn)
            except SaysoError:
                break
            turns.append(Said(words_of(turn), chat.messages if chat.answer else ()))
    return Scene(golden.name, golden.language or chat.language, tuple(turns))


def words_of(turn: GoldenTurn) -> str:
    """What the customer is shown to do; whatever is no words of theirs by its name."""
    said = str(turn.value)
    shown = {"say": said, "press": f"[{said}]", "open": "", "locate": "📍", "wait": f"… {said} min"}
    return shown.get(turn.do, f"({turn.do})")


def frames(scene: Scene, artefact: Artefact, channels: Channels, names: Sequence[str] = ()) -> tuple[Frame, ...]:
    """The scene on each channel of the merchant, or on those named, that has its language."""
    merchant = artefact.merchant
    wanted = names or [spec.name for spec in merchant.channels]
    known = {name: channels.capabilities(name) for name in dict.fromkeys(wanted)}
    where = Where(f"{PICTURES}{merchant.id}", _page)
    return tuple(
        Frame(name, caps, tuple(_shown(scene, caps, where)))
        for name, caps in known.items()
        if caps and caps.speaks(scene.language)
    )


def _page(action: Action) -> str:
    return f"https://your-host.example/{action.kind}"


def _shown(scene: Scene, caps: Capabilities, where: Where) -> Iterator[Shown]:
    for turn in scene.turns:
        plans = tuple((message, compile_message(message, caps, where)) for message in turn.messages)
        yield Shown(turn.customer, plans)


def pictures(frames: Iterable[Frame]) -> Mapping[str, str]:
    """Address of a picture in the frames -> its path below the merchants' folder."""
    found: dict[str, str] = {}
    for frame in frames:
        for turn in frame.turns:
            for _, plan in turn.messages:
                for part in plan.parts:
                    for image in (part.picture, *(tile.picture for tile in part.tiles)):
                        if image:
                            found[image.url] = image.url.removeprefix(PICTURES)
    return found
