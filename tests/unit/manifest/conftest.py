"""A small sound merchant and skill on the disk, for a test to break in one place."""

# A row of CSV is one line.
# ruff: noqa: E501

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from sayso.manifest.check import Base
from sayso.manifest.faults import Fault
from sayso.manifest.load import Loaded, load_base, load_tree

MERCHANT = """\
schema: sayso/merchant/1
id: kiosk
name: {en: The Kiosk, nl: De Kiosk}
languages: [en, nl]
currency: EUR
country: NL
zone: Europe/Amsterdam
identity: {secret: "env:KIOSK_SECRET"}
limits: {max_quantity: 12, max_amount: "80.00"}
allergens:
  milk: {name: {en: milk, nl: melk}, synonyms: {en: [dairy], nl: [zuivel]}}
  nuts: {name: {en: nuts, nl: noten}}
vat: {low: "9 %", high: "21 %"}
withdrawal:
  food: {en: No returns of food., nl: Eten kan niet terug.}
locations:
  dam:
    name: {en: Dam Square, nl: de Dam}
    address: Dam 1, Amsterdam
    coordinates: {latitude: 52.37, longitude: 4.89}
    hours:
      mon-fri: ["07:30-12:00", "13:00-19:00"]
      sat: "08:30-01:00"
      sun: closed
    last_orders: 10
    holidays:
      - {on: 2026-12-25, name: {en: Christmas, nl: Kerstmis}, hours: closed}
    services: [here, delivery]
    queue: {capacity: 6}
    delivery:
      areas: ["1011", "1012 ab"]
      fee: "2.50"
catalog:
  source: catalog.csv
  categories:
    coffee: {en: Coffee, nl: Koffie}
  options:
    size:
      name: {en: size, nl: maat}
      spoken: before
      values:
        small: {name: {en: small, nl: klein}}
        large: {name: {en: large, nl: groot}, price: "0.80"}
    milk:
      name: {en: milk, nl: melk}
      values:
        whole: {name: {en: whole milk, nl: volle melk}}
        oat:
          name: {en: oat milk, nl: havermelk}
          price: "0.50"
          removes_allergens: [milk]
answers: answers.yaml
skills:
  drinks: {settings: {notes: false}}
channels:
  web: {}
  alexa: {skill_id: amzn1.ask.skill.12345678-1234-1234-1234-123456789012}
replies:
  drinks.hello:
    en: {text: "Hello {who}!", speech: "Hello, {who}."}
    nl: "Hallo {who}!"
"""

CATALOG = """\
sku,category,name_en,name_nl,synonyms_en,price,options,defaults,only,allergens,vat,withdrawal,stock,image,image_alt_en,image_alt_nl,attr_hex
latte,coffee,latte,latte,milk coffee|latte drink,3.50,size milk,size=small milk=whole,"size=small,large",milk,low,food,,latte.svg,A latte,Een latte,#c8a27a
espresso,coffee,espresso,espresso,,2.60,size,size=small,,none,low,food,,,,,
muffin,coffee,muffin,muffin,,2.95,,,,milk nuts,low,food,12,,,,
"""

ANSWERS = """\
answers:
  wifi:
    questions:
      en: ["do you have wifi"]
      nl: ["hebben jullie wifi"]
    answer:
      en: The network is called Kiosk.
      nl: Het netwerk heet Kiosk.
"""

SKILL = """\
schema: sayso/skill/1
id: drinks
version: 1.0.0
title: {en: Order drinks, nl: Drankjes bestellen}
fulfilment: {kind: order}
settings:
  notes: {type: boolean, default: true, title: {en: Notes, nl: Briefjes}}
  days: {type: integer, default: 7, minimum: 1, maximum: 30, title: {en: Days, nl: Dagen}}
examples:
  en: ["two lattes"]
  nl: ["twee lattes"]
intents:
  order:
    operation: add
    effect: purchase
    say_so: read_back
    undo: until_made
    utterances:
      en: ["I'd like {items}", "{items} at {store}"]
      nl: ["ik wil {items}", "{items} bij {store}"]
    slots:
      items: {type: lines}
      store:
        type: location
        required: true
        default: "@only"
        prompt: {en: "Which store: {options, list}?", nl: "Welke zaak: {options, list}?"}
        reprompt: {en: "Please name a store.", nl: "Noem een zaak."}
      service:
        type: choice
        default: here
        values:
          here: {name: {en: for here, nl: hier}}
          delivery: {name: {en: delivery, nl: bezorgen}}
        prompt: {en: "For here?", nl: "Voor hier?"}
      postcode:
        type: postcode
        required: true
        when: {service: [delivery]}
        prompt: {en: "What is the postcode?", nl: "Wat is de postcode?"}
  status:
    operation: status
    effect: read
    utterances: {en: [where is my order], nl: [waar is mijn bestelling]}
replies:
  drinks.hello:
    params: {who: text, count: number, total: money, names: [name], rows: [drinks.row]}
    en: "Hi {who}"
    nl: "Hoi {who}"
  drinks.row:
    params: {product: name}
    en: "{product}"
    nl: "{product}"
"""

FILES = {
    "merchant": ("manifests/kiosk/merchant.yaml", MERCHANT),
    "catalog": ("manifests/kiosk/catalog.csv", CATALOG),
    "answers": ("manifests/kiosk/answers.yaml", ANSWERS),
    "skill": ("skills/drinks/skill.yaml", SKILL),
}


@dataclass(frozen=True)
class Tree:
    """The kiosk on the disk."""

    root: Path
    base: Base

    def path(self, file: str) -> Path:
        return self.root / FILES[file][0]

    def change(self, file: str, old: str, new: str) -> int:
        """Replace the only `old`; returns the line on which `new` begins."""
        text = self.path(file).read_text("utf-8")
        assert text.count(old) == 1, f"{old!r} is there {text.count(old)} times"
        self.path(file).write_text(text.replace(old, new), "utf-8")
        return text[: text.index(old)].count("\n") + 1

    def load(self) -> Loaded:
        return load_tree(self.root / "manifests", self.root / "skills", self.base)

    def faults(self) -> list[Fault]:
        """What is wrong in this tree (not in the replies that ship)."""
        return [fault for fault in self.load().faults if fault.file.startswith(str(self.root))]


@pytest.fixture(scope="session")
def base() -> Base:
    return load_base()


@pytest.fixture
def make_tree(tmp_path: Path, base: Base) -> Callable[[], Tree]:
    def make() -> Tree:
        for path, text in FILES.values():
            (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / path).write_text(text, "utf-8")
        (tmp_path / "manifests/kiosk/latte.svg").write_text("<svg xmlns='http://www.w3.org/2000/svg'/>", "utf-8")
        return Tree(tmp_path, base)

    return make


@pytest.fixture
def tree(make_tree: Callable[[], Tree]) -> Tree:
    return make_tree()
