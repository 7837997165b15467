"""Merchants made up by number: each with its own names, products, options, prices and answers, in two languages.

The same number gives the same merchant on every machine. `Made.word` is a word that only this merchant has: it is in
its products, its options and its answers, so that whatever another merchant can read of it can be found by that word.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random

PRODUCTS = 300

NOUNS = (
    ("latte", "latte"), ("espresso", "espresso"), ("green tea", "groene thee"), ("lemonade", "limonade"),
    ("muffin", "muffin"), ("croissant", "croissant"), ("sandwich", "boterham"), ("soup", "soep"),
    ("salad", "salade"), ("pancake", "pannenkoek"), ("cheesecake", "kwarktaart"), ("brownie", "brownie"),
    ("apple pie", "appeltaart"), ("smoothie", "smoothie"), ("cider", "cider"), ("cookie", "koekje"),
    ("waffle", "wafel"), ("bagel", "bagel"), ("yoghurt", "yoghurt"), ("hot chocolate", "warme chocolademelk"),
)  # fmt: skip
TASTES = (
    ("almond", "amandel"), ("ginger", "gember"), ("lemon", "citroen"), ("cherry", "kersen"), ("honey", "honing"),
    ("walnut", "walnoot"), ("cinnamon", "kaneel"), ("mint", "munt"), ("raspberry", "frambozen"), ("pear", "peren"),
    ("rhubarb", "rabarber"), ("hazelnut", "hazelnoot"), ("coconut", "kokos"), ("blackberry", "bramen"),
    ("plum", "pruimen"),
    ("fig", "vijgen"), ("apricot", "abrikozen"), ("vanilla", "vanille"), ("lavender", "lavendel"),
    ("rosemary", "rozemarijn"),
)  # fmt: skip
EXTRAS = (
    ("whipped cream", "slagroom"), ("caramel sauce", "karamelsaus"), ("maple syrup", "ahornsiroop"),
    ("sea salt", "zeezout"), ("sprinkles", "hagelslag"), ("jam", "jam"), ("butter", "boter"), ("sesame", "sesam"),
)  # fmt: skip
SYLLABLES = "ba do fi gu ka le mo ni pa ru sa te vi wo zu bri cla dre flo gra kli pro sta tru vle".split()  # noqa: SIM905

ASKED = (
    ("dogs", "Can I bring my dog?", "Mag mijn hond mee naar binnen?", "{kept} dogs are welcome on the terrace.",
     "{kept} honden zijn welkom op het terras."),
    ("card", "Can I pay by card?", "Kan ik met pin betalen?", "Cards are fine at the {kept}.",
     "Pinnen kan bij de {kept}."),
    ("gift", "Do you sell gift vouchers?", "Verkopen jullie cadeaubonnen?", "The {kept} voucher is at the counter.",
     "De {kept} cadeaubon ligt bij de kassa."),
    ("park", "Where can I park?", "Waar kan ik parkeren?", "Behind the {kept}, two hours free.",
     "Achter de {kept}, twee uur gratis."),
    ("jobs", "Are you hiring?", "Hebben jullie vacatures?", "Write to the {kept} team.", "Schrijf het {kept} team."),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Made:
    """A merchant that was made up. `first` is a product's name in English and Dutch. `kept` is a second word that only
    it has, in its answers, descriptions and picture: whoever says `word` can be told `kept` by this merchant alone."""

    id: str
    number: int
    word: str
    kept: str
    name: str
    first: tuple[str, str]

    @property
    def skill(self) -> str:
        """Its Alexa skill."""
        return f"amzn1.ask.skill.{self.id}"

    @property
    def agent(self) -> str:
        """Its Dialogflow CX agent."""
        return f"projects/hosts/locations/europe-west1/agents/{self.id}"

    def environment(self) -> dict[str, str]:
        """The secrets that its manifest refers to."""
        return {
            f"SECRET_{self.number:04d}": f"signs the customers of {self.id} alone",
            f"AGENT_{self.number:04d}": f"the password of the agent of {self.id}",
        }


def make(number: int, products: int = PRODUCTS) -> tuple[Made, dict[str, str]]:
    """The merchant of that number, and its files by their names."""
    draw = Random(f"hosts/{number}")
    word, kept = _word(draw, number), _word(draw, number)[::-1]
    name = f"{word.title()} {draw.choice(('Bar', 'Kitchen', 'Corner', 'House', 'Works'))}"
    rows = list(_products(draw, word, kept, products))
    made = Made(f"shop_{number:04d}", number, word, kept, name, (rows[0]["name_en"], rows[0]["name_nl"]))
    files = {
        "merchant.yaml": _manifest(draw, made, number),
        "catalog.csv": _table(rows),
        "answers.yaml": "answers:\n" + "".join(_answer(made, *each) for each in ASKED),
        "sign.svg": f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><title>{kept}</title></svg>',
    }
    return made, files


def write(folder: Path, count: int, products: int = PRODUCTS) -> list[Made]:
    """Merchants 1 to `count`, a folder each below `folder`."""
    found = []
    for number in range(1, count + 1):
        made, files = make(number, products)
        home = folder / made.id
        home.mkdir(parents=True)
        for name, text in files.items():
            (home / name).write_text(text, encoding="utf-8")
        found.append(made)
    return found


def _word(draw: Random, number: int) -> str:
    """A word that no other merchant has: the number is in its syllables, whatever is drawn."""
    size = len(SYLLABLES)
    own = (number % size, number // size % size, number // size // size % size)
    return "".join((draw.choice(("qua", "xi", "yo")), *(SYLLABLES[at] for at in own)))


def _products(draw: Random, word: str, kept: str, count: int) -> Iterator[dict[str, str]]:
    """Every product is a noun with a taste; half of them carry the house's own word too."""
    pairs = [(noun, taste) for noun in NOUNS for taste in TASTES]
    for number, (noun, taste) in enumerate(draw.sample(pairs, count)):
        own = f"{word} " if number % 2 == 0 else ""
        yield {
            "sku": f"p{number:03d}",
            "category": f"c{NOUNS.index(noun) // 5}",
            "name_en": f"{own}{taste[0]} {noun[0]}",
            "name_nl": f"{own}{taste[1]} {noun[1]}",
            "description_en": f"{noun[0].capitalize()} with {taste[0]}, made the {kept} way" if number % 3 == 0 else "",
            "description_nl": f"{noun[1].capitalize()} met {taste[1]}, op z'n {kept}" if number % 3 == 0 else "",
            "price": f"{draw.randint(150, 1200) / 100:.2f}",
            "options": "size extra",
            "defaults": "size=small",
            "allergens": "none",
            "vat": "low",
            "stock": "1000" if number % 10 == 0 else "",
        }


def _table(rows: Sequence[dict[str, str]]) -> str:
    text = io.StringIO()
    table = csv.DictWriter(text, list(rows[0]), lineterminator="\n")
    table.writeheader()
    table.writerows(rows)
    return text.getvalue()


def _answer(made: Made, id: str, en: str, nl: str, said_en: str, said_nl: str) -> str:
    told = [said.format(kept=made.kept) for said in (said_en, said_nl)]
    return (
        f'  {id}:\n    questions: {{en: ["{en}", "{made.name}: {en}"], nl: ["{nl}"]}}\n'
        f'    answer: {{en: "{told[0]}", nl: "{told[1]}"}}\n'
    )


def _manifest(draw: Random, made: Made, number: int) -> str:
    extras = "".join(
        f'        x{at}: {{name: {{en: {en}, nl: {nl}}}, price: "{draw.randint(20, 90) / 100:.2f}"}}\n'
        for at, (en, nl) in enumerate(draw.sample(EXTRAS, 5))
    )
    own = {"id": made.id, "name": made.name, "word": made.word, "skill": made.skill, "agent": made.agent}
    return MANIFEST.format(**own, number=number, extras=extras)


MANIFEST = """\
schema: sayso/merchant/1
id: {id}
name: {{en: {name}, nl: {name}}}
languages: [en, nl]
currency: EUR
country: NL
zone: Europe/Amsterdam
persona: {{name: Pip, formal: false}}
support_phone: "+31 20 555 {number:04d}"
emergency: {{en: "This may be an emergency: call 112 now.", nl: "Dit kan een noodgeval zijn: bel nu 112."}}
identity: {{secret: "env:SECRET_{number:04d}"}}
limits: {{max_quantity: 20, max_amount: "250.00"}}
payments: [counter]
vat: {{low: "9 %"}}
locations:
  main:
    name: {{en: {word} street, nl: {word}straat}}
    address: {word}straat {number}, Amsterdam
    coordinates: {{latitude: 52.373, longitude: 4.893}}
    hours: {{mon-sun: ["00:00-12:00", "12:00-00:00"]}}
    services: [here, to_go]
    queue: {{capacity: 1000, slot_minutes: 5, lead_minutes: 5, horizon_slots: 36}}
catalog:
  source: catalog.csv
  categories:
    c0: {{en: Drinks and cakes, nl: Drankjes en gebak}}
    c1: {{en: Lunch, nl: Lunch}}
    c2: {{en: Sweets, nl: Zoetigheid}}
    c3: {{en: Bakery, nl: Bakkerij}}
  options:
    size:
      name: {{en: size, nl: maat}}
      kind: one
      spoken: before
      values:
        small: {{name: {{en: small, nl: kleine}}}}
        large: {{name: {{en: large, nl: grote}}, price: "0.60"}}
    extra:
      name: {{en: extra, nl: extra}}
      kind: many
      max_count: 2
      spoken: with
      values:
        own: {{name: {{en: {word} topping, nl: {word} topping}}, price: "0.40"}}
{extras}answers: answers.yaml
skills: {{order_coffee: {{}}}}
channels:
  web: {{}}
  alexa: {{skill_id: "{skill}"}}
  dialogflow_cx:
    agent: {agent}
    auth: {{kind: basic, username: dialogflow, password: "env:AGENT_{number:04d}"}}
"""
