"""The chat page in a real browser: with a mouse, a keyboard, a screen reader, a bad connection."""

from __future__ import annotations

import asyncio
import os
import re
import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from quart import Quart

from sayso.cli.preview import page as preview_page
from sayso.host.attachments import Kept
from sayso.host.parcels import Undelivered
from sayso.host.ports import Answer, CustomerRow, Posted, Task
from sayso.manifest.specs import Artefact, MerchantSpec
from sayso.model.catalog import Catalog
from sayso.model.event import Claimed, Event, Opened, Proof, Written
from sayso.model.message import Action, Card, Message
from sayso.testing.preview import Said, Scene
from sayso.web import Config, create_app
from sayso.web.link_pages import link_token
from sayso.web.wire import wire

playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
expect = playwright.expect

FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
NAMES = ("chromium", "chromium-browser", "google-chrome")
ROOT = Path(__file__).parents[2]
CHROMIUM = os.environ.get("SAYSO_CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), "")

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.skipif(not CHROMIUM, reason="no Chromium on PATH: install the system's package or set SAYSO_CHROMIUM"),
]


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with playwright.sync_playwright() as running:
        opened = running.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield opened
        opened.close()


@pytest.fixture
def visit(browser: Any, live: Any) -> Iterator[Any]:
    """Opens a page of the application; what the page complains about fails the test."""
    yield from visiting(browser, live)


@pytest.fixture
def coffee_bar(browser: Any, tmp_path: Path, start_live: Any) -> Iterator[Any]:
    """Opens the chat of the coffee bar on a whole host, at noon on a Monday."""

    async def make() -> Quart:
        config = Config(data=tmp_path, manifests=ROOT / "manifests", skills=ROOT / "skills", demo=True)
        return create_app(config, await wire(config, Noon()))

    yield from visiting(browser, start_live(make))


class Noon:
    """A Monday at noon in Amsterdam."""

    def now(self) -> datetime:
        return datetime(2026, 11, 23, 11, 0, tzinfo=UTC)

    async def sleep_until(self, moment: datetime) -> None:
        await asyncio.Event().wait()


def visiting(browser: Any, live: Any) -> Iterator[Any]:
    contexts, faults = [], []

    def open_page(path: str = "/chat/bar", width: int = 360, height: int = 740, **settings: Any) -> Any:
        chosen = {"locale": "en-GB", "viewport": {"width": width, "height": height}, **settings}
        contexts.append(browser.new_context(**chosen))
        page = contexts[-1].new_page()
        page.set_default_timeout(10_000)
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.goto(live.url + path)
        page.locator("html[data-ready]").wait_for()
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert faults == []


def say(page: Any, words: str) -> None:
    page.get_by_role("textbox", name="Your message").fill(words)
    page.get_by_role("button", name="Send", exact=True).click()


def spoken(page: Any) -> list[str]:
    """Every bubble, in order."""
    found: list[str] = page.locator(".bubble").all_inner_texts()
    return found


@pytest.mark.parametrize(
    ("locale", "words", "buttons"),
    [
        ("en-GB", ("two lattes to go at Dam Square, one with oat milk", "make the second one iced"), ("Yes", "Undo")),
        (
            "nl-NL",
            ("twee lattes om mee te nemen op de Dam, één met havermelk", "doe de tweede met ijs"),
            ("Ja", "Ongedaan maken"),
        ),
    ],
)
def test_a_whole_order(coffee_bar: Any, locale: str, words: tuple[str, ...], buttons: tuple[str, ...]) -> None:
    """On the real host: two drinks, one changed, yes, undone; in English and in Dutch."""
    page = coffee_bar("/chat/coffee_bar", locale=locale)
    for number, one in enumerate(words, 2):
        page.locator("#say").fill(one)
        page.locator("#say").press("Enter")
        expect(page.locator(".said.bot")).to_have_count(number)
    expect(page.locator(".said.bot .bubble").last).to_contain_text("7" + (",50" if locale == "nl-NL" else ".50"))
    for number, name in enumerate(buttons, 4):
        page.get_by_role("button", name=name, exact=True).last.click()
        expect(page.locator(".said.bot")).to_have_count(number)
    placed, undone = page.locator(".said.bot .bubble").all_inner_texts()[-2:]
    order = re.search(r"[A-Z]\d{3}", placed)
    assert order and order.group() in undone


def test_an_order_by_words_and_buttons(visit: Any) -> None:
    """Greeting, a wish, a card with its picture, a button, an answer."""
    page = visit()
    expect(page.get_by_text("Hello, I'm Noor.")).to_be_visible()
    say(page, "a latte please")
    expect(page.get_by_role("img", name="A latte in a glass")).to_be_visible()
    page.get_by_role("button", name="Yes").click()
    expect(page.get_by_text("You said: yes")).to_be_visible()
    expect(page.locator(".customer .bubble")).to_have_text(["a latte please", "Yes"])
    expect(page.locator("button[aria-pressed=true]", has_text="Yes")).to_be_visible()


@pytest.mark.parametrize("width", [320, 360])
def test_nothing_is_wider_than_the_phone(visit: Any, width: int) -> None:
    """Compound messages, lists and very long words fit; the call to action is in sight."""
    page = visit(width=width, height=640)
    for words in ("w" * 200, "menu", "a latte"):
        say(page, words)
        expect(page.locator(".customer .bubble").last).to_have_text(words)
        expect(page.locator("#typing")).to_be_empty()
        wide = "element => element.scrollWidth - element.clientWidth"
        assert page.locator("html").evaluate(wide) == 0
        assert page.locator("#log").evaluate(wide) == 0
    expect(page.get_by_role("button", name="Order").last).to_be_in_viewport(ratio=1)


def test_everything_by_keyboard(visit: Any) -> None:
    """Skip to the box, write, send, reach a button and press it, open and close the menu; focus is always visible."""
    page = visit()
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Go to the message box")).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.type("a latte")
    page.keyboard.press("Enter")
    yes = page.get_by_role("button", name="Yes")
    expect(yes).to_be_visible()
    for _ in range(8):
        page.keyboard.press("Shift+Tab")
        if yes.evaluate("element => element === document.activeElement"):
            break
    expect(yes).to_be_focused()
    assert yes.evaluate("element => getComputedStyle(element).outlineStyle") == "solid"
    page.keyboard.press("Enter")
    expect(page.get_by_text("You said: yes")).to_be_visible()
    page.get_by_role("button", name="Menu", exact=True).first.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog", name="Menu")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog", name="Menu")).to_be_hidden()


def test_what_a_screen_reader_finds(visit: Any) -> None:
    """Landmarks, a polite log, names on every control, the bot said to be one, and each message in its language."""
    page = visit()
    for role in ("banner", "main", "contentinfo"):
        expect(page.get_by_role(role)).to_have_count(1)
    expect(page.get_by_role("log", name="Conversation")).to_have_attribute("aria-live", "polite")
    expect(page.get_by_role("heading", level=1)).to_have_text("Corner <Bar>")
    for name in ("Send", "Share my location", "Menu", "English", "Nederlands"):
        expect(page.get_by_role("button", name=name, exact=True).first).to_be_visible()
    expect(page.locator(".said.bot").first).to_contain_text("bot")
    say(page, "in het nederlands")
    expect(page.locator(".said[lang=nl]")).to_contain_text("Goed, we gaan verder")
    expect(page.locator("html")).to_have_attribute("lang", "nl")
    nameless = "buttons => buttons.filter(one => !(one.getAttribute('aria-label') || one.textContent.trim())).length"
    assert page.locator("button").evaluate_all(nameless) == 0


def test_a_lost_connection_loses_and_doubles_nothing(visit: Any, live: Any, memory: Any) -> None:
    """What is written while the host is away is sent once when it is back; what was said meanwhile comes too."""
    page = visit()
    say(page, "one")
    expect(page.get_by_text("You said: one")).to_be_visible()
    live.stop()
    say(page, "two")
    expect(page.get_by_text("Not sent yet.")).to_be_visible()
    expect(page.locator("#banner")).to_contain_text("connection was lost")
    say(page, "three")
    memory.post(next(iter(memory.rows)), "meanwhile")
    live.start()
    page.get_by_role("button", name="Send again").first.click()
    expect(page.get_by_text("You said: three")).to_be_visible()
    expect(page.locator(".bubble")).to_have_count(8)
    assert sorted(spoken(page)[1:]) == sorted(
        ["one", "You said: one", "meanwhile", "two", "You said: two", "three", "You said: three"]
    )
    assert [event.body.text for event in memory.events[1:]] == ["one", "two", "three"]


def test_an_answer_that_was_lost_on_the_way(visit: Any, live: Any, memory: Any) -> None:
    """The host had handled it when the connection broke: it is sent again, answered as before, and shown once."""
    page = visit()
    page.route(re.compile("/events$"), lambda route: (route.fetch(), route.abort()), times=1)
    say(page, "a latte")
    expect(page.locator(".customer.waiting")).to_have_count(0)
    expect(page.locator(".card")).to_have_count(1)
    expect(page.locator(".customer")).to_have_count(1)
    assert len(memory.events) == 2


def test_a_reload_brings_everything_back(visit: Any, live: Any, memory: Any) -> None:
    """The transcript is there again, and what was not sent yet is sent."""
    page = visit()
    say(page, "a latte")
    expect(page.locator(".card")).to_be_visible()
    before = spoken(page)
    page.reload()
    expect(page.locator(".bubble")).to_have_count(len(before))
    assert spoken(page) == before
    page.route(re.compile("/events$"), lambda route: route.abort())
    say(page, "later")
    expect(page.get_by_text("Not sent yet.")).to_be_visible()
    page.unroute_all()
    page.reload()
    expect(page.get_by_text("You said: later")).to_be_visible()
    assert spoken(page).count("later") == 1


def test_a_message_that_nobody_asked_for(visit: Any, memory: Any, live: Any) -> None:
    """A proactive message appears by itself, once."""
    page = visit()
    say(page, "hello")
    expect(page.get_by_text("You said: hello")).to_be_visible()
    key = next(iter(memory.rows))
    memory.loop.call_soon_threadsafe(memory.post, key, "Your coffee is ready")
    expect(page.get_by_text("Your coffee is ready")).to_have_count(1)


def test_text_is_never_markup(visit: Any) -> None:
    """What anybody writes is shown as written."""
    page = visit()
    say(page, "<img src=x onerror=alert(1)><b>bold</b>")
    expect(page.get_by_text("You said: <img src=x onerror=alert(1)><b>bold</b>")).to_be_visible()
    assert page.locator(".bubble img, .bubble b").count() == 0


def test_the_language_is_switched(visit: Any) -> None:
    """One tap: the page's words change and the assistant is asked to go on in Dutch; a reload remembers."""
    page = visit()
    page.get_by_role("button", name="Nederlands").click()
    expect(page.get_by_role("textbox", name="Je bericht")).to_be_visible()
    expect(page.get_by_text("Goed, we gaan verder")).to_be_visible()
    page.reload()
    expect(page.get_by_role("textbox", name="Je bericht")).to_be_visible()


def test_the_location_is_shared(visit: Any, memory: Any) -> None:
    """With the customer's leave the position is an event."""
    page = visit(geolocation={"latitude": 52.37, "longitude": 4.89}, permissions=["geolocation"])
    page.get_by_role("button", name="Share my location").click()
    expect(page.get_by_text("📍 My location")).to_be_visible()
    expect(page.locator(".said.bot")).to_have_count(2)
    assert memory.events[-1].body.latitude == 52.37


def test_signing_in_as_a_demo_customer(visit: Any, memory: Any) -> None:
    """In a demo anybody can be Anna; what she says from then on is hers."""
    page = visit()
    page.get_by_role("button", name="Menu", exact=True).first.click()
    page.get_by_role("button", name="Anna").click()
    expect(page.locator("#banner")).to_contain_text("Signed in as Anna")
    say(page, "my usual")
    expect(page.get_by_text("You said: my usual")).to_be_visible()
    assert memory.events[-1].proof.subject == "anna"


def test_the_trace_stands_beside_it(visit: Any) -> None:
    """On a wide screen a demo shows each turn's stages and commands."""
    page = visit(width=1280, height=800)
    say(page, "hello")
    aside = page.get_by_role("complementary", name="What happened")
    expect(aside.get_by_text("Say").first).to_be_visible()
    expect(aside.locator(".stage").first).to_have_text("local")


RATIO = """element => {
  const numbers = text => (text.match(/[\\d.]+/g) ?? []).map(Number);
  const light = ([r, g, b]) => [r, g, b].map(v => v / 255)
    .map(v => v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
    .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
  let ground = element;
  const solid = one => {
    const c = numbers(getComputedStyle(one).backgroundColor);
    return c.length === 3 || c[3] > 0.99;
  };
  while (!solid(ground) && ground.parentElement) ground = ground.parentElement;
  const [a, b] = [getComputedStyle(element).color, getComputedStyle(ground).backgroundColor].map(numbers).map(light);
  return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
}"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_contrast_in_light_and_dark(visit: Any, scheme: str) -> None:
    """Every text has at least 4.5 to 1 on its ground (WCAG 2.2, 1.4.3), and the two schemes differ."""
    page = visit(color_scheme=scheme, reduced_motion="reduce")
    say(page, "menu")
    expect(page.locator(".card")).to_have_count(2)
    say(page, "thanks")
    expect(page.get_by_text("You said: thanks")).to_be_visible()
    for part in (".bubble", ".who", ".meta", ".action", ".card p", "h1", ".who-is p", ".foot button", ".badge", ".day"):
        assert page.locator(part).first.evaluate(RATIO) >= 4.5, part
    light = page.locator("body").evaluate("one => getComputedStyle(one).backgroundColor")
    assert (light == "rgb(251, 249, 246)") == (scheme == "light")


def test_who_wants_no_motion_gets_none(visit: Any) -> None:
    """Nothing is animated for who asked for reduced motion."""
    page = visit(reduced_motion="reduce")
    say(page, "hello")
    expect(page.get_by_text("You said: hello")).to_be_visible()
    moving = "all => all.filter(one => getComputedStyle(one).animationName !== 'none').length"
    assert page.locator("*").evaluate_all(moving) == 0


def test_staff_switch_in_one_tap(visit: Any, memory: Any) -> None:
    """Behind the counter: one tap pauses the store, another opens it."""
    page = visit("/staff/bar")
    page.get_by_role("button", name="Dam Square").click()
    expect(page.get_by_role("button", name="Dam Square Paused")).to_have_attribute("aria-pressed", "true")
    assert memory.switched == {"paused/dam"}
    page.get_by_role("searchbox").fill("oat")
    expect(page.locator(".switch")).to_have_count(1)


AT = datetime(2026, 11, 23, 8, 59, tzinfo=UTC)
PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c63f8cfc0f01f0005000"
    "1ff56c72f0d0000000049454e44ae426082"
)


class Desk:
    """What an outbox and a shelf of files tell the page: two messages that did not arrive, a picture, a lost file."""

    def __init__(self) -> None:
        self.rows = self
        self.again: list[str] = []

    async def undelivered(self, merchant: str, limit: int) -> list[Undelivered]:
        known = (("p1.0", "dead", "outside of the window"), ("p2.0", "unknown", "no answer came"))
        return [
            Undelivered(id, "whatsapp", "bar/whatsapp/1/31612345678", state, why, "x", 3, AT, f"Your order {id}.")
            for id, state, why in known
            if id not in self.again
        ]

    async def resend(self, merchant: str, part: str) -> bool:
        self.again.append(part)
        return True

    async def listed(self, merchant: str, limit: int) -> list[Kept]:
        about = ("bar", "bar/whatsapp/1/31612345678", "t1", "image")
        return [
            Kept("a" * 32, *about, "image/png", "my-shade.png", len(PIXEL), AT, "f1"),
            Kept("b" * 32, *about, "", "", 0, AT, reason="larger than is kept"),
        ]

    async def found(self, merchant: str, id: str) -> Kept | None:
        return next(each for each in await self.listed(merchant, 9) if each.id == id)

    async def get(self, merchant: str, name: str) -> bytes:
        return PIXEL


@pytest.mark.parametrize(
    ("locale", "again", "open_it", "lost"),
    [("en-GB", "Send again", "Open", "Not delivered"), ("nl-NL", "Opnieuw versturen", "Openen", "Niet bezorgd")],
)
def test_the_desk_sends_again_and_looks_at_a_picture(
    browser: Any, make_app: Any, start_live: Any, locale: str, again: str, open_it: str, lost: str
) -> None:
    """What was not delivered, with the reason and a button; what customers sent, a picture shown in the page."""
    desk = Desk()

    async def make() -> Quart:
        app: Quart = make_app(outbox=desk, attachments=desk, files=desk)
        return app

    pages = visiting(browser, start_live(make))
    page = next(pages)("/staff/bar", locale=locale)
    section = page.locator("#unsent")
    expect(section.get_by_role("heading", name=lost)).to_be_visible()
    expect(section.get_by_text("outside of the window")).to_be_visible()
    section.get_by_role("button", name=again).first.click()
    expect(section.get_by_role("listitem")).to_have_count(1)
    assert desk.again == ["p1.0"]
    page.get_by_role("button", name=open_it, exact=True).click()
    picture = page.get_by_role("img", name="my-shade.png")
    expect(picture).to_be_visible()
    assert picture.evaluate("one => one.naturalWidth") == 1
    expect(page.get_by_text("larger than is kept")).to_be_visible()
    assert page.locator("html").evaluate("one => one.scrollWidth - one.clientWidth") == 0
    next(pages, None)


class Tasks:
    """A desk with one matter; it is off the desk once it is closed."""

    def __init__(self, memory: Any) -> None:
        self.memory = memory

    async def waiting(self, merchant: str, limit: int = 100) -> list[Task]:
        closed = any(isinstance(event.body, Written) and event.body.closes for event in self.memory.events)
        return [] if closed else [Task("t1", "bar", "bar/web/web/c1", "asked", {"basket": "a latte"}, None, AT)]

    async def task(self, merchant: str, id: str) -> Task | None:
        return next((each for each in await self.waiting(merchant) if each.id == id), None)

    async def transcript(self, merchant: str, conversation: str, limit: int = 30) -> list[Posted]:
        said = (
            Message("Where is my umbrella, <b>please</b>?", author="customer", revised="edited"),
            Message("", author="customer", revised="unsent"),
            Message("Your code is 123 456.", secrets=("123 456",)),
        )
        return [Posted(n, f"m{n}", each, "t", AT, each.author) for n, each in enumerate(said, 1)]


@pytest.mark.parametrize(
    ("locale", "send", "close", "told"),
    [
        ("en-GB", "Answer", "Settled", ("(edited)", "(taken back)")),
        ("nl-NL", "Antwoord", "Afgerond", ("(bewerkt)", "(teruggenomen)")),
    ],
)
def test_the_desk_answers_and_closes(
    browser: Any, make_app: Any, start_live: Any, memory: Any, locale: str, send: str, close: str, told: tuple[str, str]
) -> None:
    """What waits is shown with what was said, corrected and taken back; an answer goes out; the matter is closed."""

    async def make() -> Quart:
        app: Quart = make_app(desk=Tasks(memory))
        return app

    pages = visiting(browser, start_live(make))
    page = next(pages)("/staff/bar", locale=locale)
    task = page.locator(".task")
    expect(task.get_by_text("Where is my umbrella, <b>please</b>?")).to_be_visible()
    for words in told:
        expect(task.get_by_text(words)).to_be_visible()
    expect(task.get_by_text("Your code is •••.")).to_be_visible()
    box = task.get_by_role("textbox")
    box.fill("We keep it for you.")
    task.get_by_role("button", name=send, exact=True).click()
    expect(box).to_have_value("")
    assert [(e.body.words, e.body.closes) for e in memory.events] == [("We keep it for you.", False)]
    task.get_by_role("button", name=close, exact=True).click()
    expect(task).to_have_count(0)
    assert memory.events[-1].body.closes
    assert page.locator("html").evaluate("one => one.scrollWidth - one.clientWidth") == 0
    next(pages, None)


@pytest.mark.parametrize(
    ("known", "says", "gone"), [("linked", "You are known there now", True), ("channel", "Nobody is signed in", False)]
)
def test_the_page_that_links(
    browser: Any, make_app: Any, start_live: Any, memory: Any, known: str, says: str, gone: bool
) -> None:
    """Opening it changes nothing, and takes the secret out of the address; one press links, for who is signed in."""
    made: list[Quart] = []
    there = Event("e0", "bar", "line", "U1", "Uabc", AT, Opened(), proof=Proof("channel", "line:U1", "Uabc"))

    async def identify(event: Event) -> CustomerRow:
        return CustomerRow("anna", "bar", known, frozenset())

    async def handle(event: Event) -> Answer:
        answer: Answer = await memory(event)
        return replace(answer, state=replace(answer.state, vouched=True, customer="anna"))

    async def make() -> Quart:
        made.append(make_app(identify=identify, handle=handle))
        return made[-1]

    live = start_live(make)
    secret = link_token(made[0].extensions["sayso"].signer, there, "link:1", memory.clock.now() + timedelta(minutes=9))
    pages = visiting(browser, live)
    page = next(pages)("/chat/bar")
    expect(page.get_by_text("What would you like?")).to_be_visible()
    before = len(memory.events)
    page.goto(f"{live.url}/link/bar#{secret}")
    page.locator("html[data-ready]").wait_for()
    assert secret not in page.url and len(memory.events) == before
    button = page.get_by_role("button", name="Link", exact=True)
    button.click()
    expect(page.get_by_role("status")).to_contain_text(says)
    expect(button).to_be_hidden() if gone else expect(button).to_be_visible()
    claimed = [event for event in memory.events if isinstance(event.body, Claimed)]
    assert [(event.conversation, event.body.customer) for event in claimed] == ([("Uabc", "anna")] if gone else [])
    next(pages, None)


def test_the_preview_of_every_channel(browser: Any, tmp_path: Path) -> None:
    """The page that `sayso preview` writes: a frame for each channel, each with the same actions, without a script,
    and no wider than a phone."""
    card = Card("Latte", "With milk", None, (Action("reply", "Order", "t1"),))
    asked = Message(
        "Which one? <i>", cards=(card, replace(card, title="Mocha", actions=(Action("reply", "Order", "t2"),)))
    )
    names = {"en": "Bar <1>", "nl": "Bar"}
    spec = MerchantSpec("bar", names, ("en", "nl"), "EUR", "NL", "Europe/Amsterdam", locations={}, skills=())
    bar = Artefact("d", spec, {}, Catalog("bar", version="1", currency="EUR", products={}, options={}), {}, {})
    scenes = [Scene("a latte", "en", (Said("what <b>do</b> you have", (asked,)),))]
    wanted = ["web", "whatsapp", "telegram", "sms", "twilio_voice"]
    file = tmp_path / "preview.html"
    file.write_text(preview_page(bar, scenes, wanted, tmp_path), encoding="utf-8")
    context = browser.new_context(viewport={"width": 390, "height": 800}, java_script_enabled=True)
    page, faults = context.new_page(), list[str]()
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("request", lambda request: faults.append(request.url) if not request.url.startswith("file:") else None)
    page.goto(file.as_uri())
    expect(page.get_by_role("heading", name="Bar <1> on every channel")).to_be_visible()
    frames = page.locator("article.frame")
    expect(frames).to_have_count(len(wanted))
    expect(page.get_by_text("what <b>do</b> you have").first).to_be_visible()
    for place, name in enumerate(wanted):
        expect(frames.nth(place).get_by_role("heading")).to_contain_text(name.replace("_", " "))
    for place, name in enumerate(wanted[1:4], start=1):
        for thing in ("Latte", "Mocha"):
            assert thing in frames.nth(place).inner_text(), name
    assert page.locator("script").count() == 0
    assert page.locator("html").evaluate("one => one.scrollWidth - one.clientWidth") == 0
    context.close()
    assert faults == []
