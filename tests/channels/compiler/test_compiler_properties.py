"""Any message, on any set of capabilities: within every limit, every action reachable, what differs listed."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from sayso.channels.capabilities import Capabilities
from sayso.channels.compiler import Part, compile_message
from sayso.channels.compiler.measure import fits, length, pieces
from sayso.model.message import Action, Card, Message
from sayso.testing.messages import MESSAGES, TEXTS, WHERE, addresses, reachable, tokens

CAPS = st.builds(
    Capabilities,
    channel=st.just("any"),
    delivery=st.just("push"),
    text=st.sampled_from([500, 1600, 4096]),
    unit=st.sampled_from(["chars", "utf16", "bytes"]),
    parts=st.just(40),
    caption=st.sampled_from([80, 1024]),
    button_text=st.sampled_from([0, 640, 1024]),
    buttons=st.sampled_from([0, 3, 4, 100]),
    url_buttons=st.sampled_from([0, 1, 3]),
    total_buttons=st.sampled_from([0, 3]),
    mix=st.booleans(),
    button_label=st.sampled_from([20, 25]),
    button_value_bytes=st.sampled_from([0, 64]),
    quick=st.sampled_from([0, 11, 13]),
    quick_label=st.just(20),
    list_rows=st.sampled_from([0, 10]),
    list_label=st.just(20),
    row_title=st.just(24),
    row_text=st.sampled_from([0, 72]),
    list_picture=st.booleans(),
    picture=st.booleans(),
    picture_button=st.booleans(),
    title=st.sampled_from([0, 80]),
    cards=st.sampled_from([0, 10]),
    cards_pictured=st.booleans(),
    card_title=st.sampled_from([40, 80]),
    card_text=st.sampled_from([60, 80, 160]),
    card_actions=st.sampled_from([1, 3]),
    card_urls=st.sampled_from([0, 1]),
    cards_alike=st.booleans(),
    cards_text=st.sampled_from([0, 200]),
    card_mix=st.booleans(),
    cards_quick=st.booleans(),
    album=st.sampled_from([0, 3, 10]),
    location=st.booleans(),
)  # fmt: skip


def over(part: Part, caps: Capabilities) -> list[str]:
    """What of a part is beyond a limit."""
    controls = bool(part.buttons or part.rows or part.quick)
    room = caps.caption if part.picture else (caps.button_text or caps.text) if controls else caps.text
    replies = [b for b in part.buttons if b.kind == "reply"]
    urls = [b for b in part.buttons if b.kind == "url"]
    checks = {
        "text": fits(part.text, min(room, caps.text), caps.unit),
        "title": fits(part.title, caps.title, caps.unit),
        "buttons": len(replies) <= caps.buttons and len(urls) <= caps.url_buttons,
        "total": not caps.total_buttons or len(part.buttons) <= caps.total_buttons,
        "mix": caps.mix or not (replies and urls),
        "label": all(fits(b.label, caps.button_label, caps.unit) for b in part.buttons),
        "quick": len(part.quick) <= caps.quick and all(fits(b.label, caps.quick_label, caps.unit) for b in part.quick),
        "rows": len(part.rows) <= caps.list_rows and all(fits(r.title, caps.row_title, caps.unit) for r in part.rows),
        "row text": all(fits(r.text, caps.row_text, caps.unit) for r in part.rows),
        "picture": part.picture is None or caps.picture,
        "picture of a list": not (part.picture and part.rows) or caps.list_picture,
        "twice the same label": all(
            len({b.label for b in held}) == len(held)
            for held in (part.buttons, part.quick, *(t.buttons for t in part.tiles))
        ),
        "tiles alike": not caps.cards_alike or len({tuple(b.kind for b in t.buttons) for t in part.tiles}) < 2,
        "words of tiles": not part.tiles or bool(part.text) == bool(caps.cards_text),
        "length of tiles' words": not part.tiles or fits(part.text, caps.cards_text, caps.unit),
        "addresses of tiles": not caps.card_urls
        or all(sum(b.kind == "url" for b in t.buttons) <= caps.card_urls for t in part.tiles),
        "tiles": len(part.tiles) <= caps.cards,
        "tile": all(
            fits(t.title, caps.card_title, caps.unit)
            and fits(t.text, caps.card_text, caps.unit)
            and len(t.buttons) <= caps.card_actions
            and (caps.card_mix or len({b.kind for b in t.buttons}) <= 1)
            for t in part.tiles
        ),
        "album": not part.album
        or (2 <= len(part.album) <= caps.album and all(fits(i.alt, caps.caption, caps.unit) for i in part.album)),
        "empty": bool(part.text or part.title or part.picture or part.tiles or part.album),
        "location": not part.asks_location
        or (caps.location and fits(part.text, caps.button_text or caps.text, caps.unit)),
    }
    return [name for name, kept in checks.items() if not kept]


@given(MESSAGES, CAPS)
def test_within_every_limit(message, caps):
    """No part of any plan is beyond what the channel allows."""
    plan = compile_message(message, caps, WHERE)
    assert [over(part, caps) for part in plan.parts if over(part, caps)] == []
    assert plan.parts


@given(MESSAGES, CAPS)
def test_every_action_can_be_reached(message, caps):
    """Each button of the message is a button, a row, a suggestion, a number or an address of the plan."""
    plan = compile_message(message, caps, WHERE)
    replies, urls = reachable(plan)
    said = "\n".join(part.text for part in plan.parts)
    assert replies == {*tokens(message)}
    assert all(address in urls or address in said for address in addresses(message))
    assert all(f"{place}." in said for place in range(1, len(plan.numbered) + 1))


@given(MESSAGES, CAPS)
def test_no_word_of_the_text_is_lost(message, caps):
    """What the message says stands in the parts, in its order."""
    plan = compile_message(message, caps, WHERE)
    said = "".join("".join(part.text.split()) for part in plan.parts)
    place = 0
    for word in message.text.split():
        for piece in word if len(word) > 60 else (word,):
            place = said.find(piece, place)
            assert place >= 0, piece


@given(MESSAGES, CAPS)
def test_what_differs_is_listed(message, caps):
    """A plan without degradations has every button as a button and every picture as a picture."""
    plan = compile_message(message, caps, WHERE)
    if plan.degradations:
        return
    assert not plan.numbered
    assert not any(part.rows for part in plan.parts)
    pictures = [p.picture for part in plan.parts for p in (part, *part.tiles)]
    shown = {each.url for each in (*pictures, *(i for part in plan.parts for i in part.album)) if each}
    wanted = [WHERE.image(card.picture) for card in message.cards]
    assert {each.url for each in wanted if each} <= shown


@given(TEXTS, st.integers(20, 200), st.sampled_from(["chars", "utf16", "bytes"]))
def test_pieces_are_whole(text, most, unit):
    """Parting a text loses nothing but white space."""
    found = pieces(text, most, unit)
    assert all(0 < length(piece, unit) <= most for piece in found)
    assert "".join("".join(piece.split()) for piece in found) == "".join(text.split())


def test_what_is_too_long_keeps_its_choices() -> None:
    """Where an answer may take few messages, descriptions go and every choice stays, numbered."""
    cards = tuple(Card(f"Thing {n}", "word " * 400, None, (Action("reply", "Order", f"t{n}"),)) for n in range(10))
    caps = Capabilities("short", "push", 1000, parts=2)
    plan = compile_message(Message("Which one?", cards=cards), caps, WHERE)
    said = "\n".join(part.text for part in plan.parts)
    assert len(plan.parts) <= 2 and plan.numbered == tuple(f"t{n}" for n in range(10))
    assert all(f"{n + 1}. Thing {n}" in said for n in range(10))
    assert any(each.how == "shortened" for each in plan.degradations)


def held(plan) -> list[str]:
    """The tokens that the plan gives, as often as it gives them."""
    buttons = [
        b for part in plan.parts for b in (*part.buttons, *part.quick, *(b for t in part.tiles for b in t.buttons))
    ]
    rows = [row.value for part in plan.parts for row in part.rows]
    return [*(b.value for b in buttons if b.kind == "reply"), *rows, *plan.numbered]


@given(MESSAGES, CAPS, st.integers(0, 6))
def test_what_is_offered_twice_is_reached_once(message, caps, turned):
    """The same action on a card and below, under another label, is one button, row or number."""
    again = [replace(a, label=f"Also {a.label}"[:60]) for card in message.cards for a in card.actions]
    again += [replace(a, label=f"Once more {a.label}"[:60]) for a in message.actions if a.kind == "reply"]
    every = [*message.actions, *again]
    turned %= max(1, len(every))
    twice = replace(message, actions=(*every[turned:], *every[:turned]))
    plan = compile_message(twice, caps, WHERE)
    assert sorted(held(plan)) == sorted(tokens(message))
    assert [over(part, caps) for part in plan.parts if over(part, caps)] == []
    _, urls = reachable(plan)
    said = "\n".join(part.text for part in plan.parts)
    assert all(address in urls or address in said for address in addresses(message))
