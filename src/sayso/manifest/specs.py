"""Frozen specs: what the two manifests say, checked and resolved. The host reads only these, never YAML.

An `Artefact` is one merchant's published, content-addressed bundle: its spec, its skills, its catalog, its replies.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, time

from sayso.model.catalog import Catalog, Synonyms
from sayso.model.money import Money
from sayso.model.text import Translations


@dataclass(frozen=True, slots=True)
class Opening:
    """Open from `opens` to `closes`, local time of the place; `closes` before `opens` runs past midnight.
    `last_orders_minutes`: how long before closing the last order is taken."""

    opens: time
    closes: time
    last_orders_minutes: int = 0


@dataclass(frozen=True, slots=True)
class Holiday:
    """A day with other hours; no `openings`: closed."""

    on: date
    names: Translations
    openings: tuple[Opening, ...] = ()


@dataclass(frozen=True, slots=True)
class Delivery:
    """Where, for how much and from what amount a location delivers. `areas` are postcode prefixes, upper case without
    spaces ("1012"); `minutes` is added to the time an order is ready."""

    areas: tuple[str, ...]
    fee: Money
    minimum: Money
    minutes: int = 30


@dataclass(frozen=True, slots=True)
class Queue:
    """What a location can make: `capacity` units in each slot of `slot_minutes`; an order needs `lead_minutes` at
    least; `horizon_slots` is how far ahead it may be pushed."""

    capacity: int
    slot_minutes: int = 5
    lead_minutes: int = 4
    horizon_slots: int = 36


@dataclass(frozen=True, slots=True)
class Location:
    """A place of the merchant. `weekly`: ISO weekday (1 = Monday) -> openings. `zone` is an IANA time zone."""

    id: str
    names: Translations
    address: str
    zone: str
    latitude: float
    longitude: float
    weekly: Mapping[int, tuple[Opening, ...]]
    holidays: tuple[Holiday, ...] = ()
    synonyms: Synonyms = field(default_factory=dict)
    services: tuple[str, ...] = ()
    delivery: Delivery | None = None
    queue: Queue | None = None
    phone: str = ""
    capacity: Mapping[str, int] = field(default_factory=dict)
    """How many appointments of a service, or of a category of services, can be here at once; absent: as many as the
    staff can serve."""


@dataclass(frozen=True, slots=True)
class Absence:
    """Away from the day `first` to the day `last`, both included; on a single day only from `since` to `until` where
    `until` is given (local time of the place)."""

    first: date
    last: date
    since: time = time(0)
    until: time | None = None


@dataclass(frozen=True, slots=True)
class Staff:
    """Somebody, or something, that serves appointments: at these locations, for these services (skus or categories),
    in these hours. `capacity`: how many at once."""

    id: str
    names: Translations
    locations: tuple[str, ...]
    services: tuple[str, ...]
    weekly: Mapping[int, tuple[Opening, ...]]
    absent: tuple[Absence, ...] = ()
    capacity: int = 1
    synonyms: Synonyms = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ChoiceValue:
    id: str
    names: Translations
    synonyms: Synonyms = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class SlotSpec:
    """A slot of an intent. type: "lines" (basket lines), "location", "choice", "time", "text", "postcode", "number",
    "secret", "product" (a sku, of one of `categories`; none: of any), "staff" (an id, or "@any"), "address", "date" (a
    day, ISO 8601), "party" (how many people), "person" (a whole name), "first_name", "last_name", "clock" (a time of
    day), "flag" ("true", "false"). A time may be a moment, a day or an interval ("start/end"); beside a date slot it is
    a moment of which the clock counts, or "@asap". `required`: asked when missing; `when`: only for these values of
    another slot ({"service": ["delivery"]}); `default`: used when nothing was said, "" for none ("@nearest" and "@only"
    for locations: "@only" is the one place there is, or the one that offers the service that was chosen).
    `prompts`/`reprompts`/`why`: words per language; `why` answers "why do you ask?". Of a slot that `about` explains,
    days and times are kept as they were said, and "@any" is that anything will do."""

    name: str
    type: str
    prompts: Translations = field(default_factory=dict)
    reprompts: Translations = field(default_factory=dict)
    why: Translations = field(default_factory=dict)
    required: bool = False
    when: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    default: str = ""
    values: Mapping[str, ChoiceValue] = field(default_factory=dict)
    secret: bool = False
    whole: bool = False
    """A text that takes all the words that began its intent."""
    categories: tuple[str, ...] = ()
    answers: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Answers to this slot's question as customers give them, per language, their values marked: "{first: Anna}"."""
    about: Translations = field(default_factory=dict)
    """What it holds, in words: enough to find its value in what a customer says, without samples."""
    told: bool = False
    """The skill tells it, the customer does not: a phone number, a price."""
    remember: bool = False
    """A customer who agrees to it need not say it again: what they like is its default, and is read back."""


@dataclass(frozen=True, slots=True)
class IntentSpec:
    """An intent. `effect`: "none", "read", "write", "message", "booking", "purchase". `say_so`: "none" or
    "read_back". `undo`: "" (cannot be undone), "until_made", or an ISO 8601 duration. `operation` is a word that the
    fulfilment kind knows ("add", "recall_usual", "status", ...). `utterances`: samples per language, with {slot}."""

    id: str
    skill: str
    effect: str
    say_so: str
    operation: str
    utterances: Mapping[str, tuple[str, ...]]
    slots: Mapping[str, SlotSpec] = field(default_factory=dict)
    undo: str = ""
    titles: Translations = field(default_factory=dict)
    marked: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """The samples whose values are shown, "a table for {people: four of us}": what the reading of slots learns from."""

    @property
    def name(self) -> str:
        """The id that is unique in the merchant: "skill.intent"."""
        return f"{self.skill}.{self.id}"


@dataclass(frozen=True, slots=True)
class Reply:
    """One reply in one language: ICU MessageFormat texts. `speech` and `short` fall back to `text`; `reprompt` is what
    a voice says when nobody answers."""

    text: str
    speech: str = ""
    short: str = ""
    reprompt: str = ""


Replies = Mapping[str, Mapping[str, Reply]]
"""key -> language -> reply."""


@dataclass(frozen=True, slots=True)
class SkillSpec:
    """A skill manifest, with the merchant's settings applied. `fulfilment`: "order", "python", ..."""

    id: str
    version: str
    fulfilment: str
    titles: Translations
    intents: Mapping[str, IntentSpec]
    replies: Replies
    settings: Mapping[str, str | int | bool] = field(default_factory=dict)
    examples: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Two or three wishes per language, told in the greeting and in help."""
    entry_point: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """One of the merchant's own answers: questions as customers put them, and the words of the reply."""

    id: str
    questions: Mapping[str, tuple[str, ...]]
    texts: Translations
    speech: Translations = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Persona:
    """Who speaks: `name` of the assistant; `formal`: u rather than je in Dutch."""

    name: str = ""
    formal: bool = False


@dataclass(frozen=True, slots=True)
class ChannelSpec:
    """A channel of a merchant: `account` is its id there (an Alexa skill id); `settings` hold no secrets, only
    references to the environment ("env:NAME")."""

    name: str
    account: str
    settings: Mapping[str, str | int | bool] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ModelTerms:
    """Whether and how a language model may help to understand this merchant's customers. `daily_tokens` and
    `daily_cost` (in millionths of the unit of the host's prices): what a day may take, 0 for what the host allows;
    `region`: only a model there is asked."""

    enabled: bool = True
    daily_tokens: int = 0
    daily_cost: int = 0
    region: str = ""


@dataclass(frozen=True, slots=True)
class MerchantSpec:
    """A merchant manifest. `languages`: the first is the default. `max_quantity` and `max_amount`: above them the host
    asks instead of believing. `identity_secret`: "env:NAME" of the key that signs its customers' tokens."""

    id: str
    names: Translations
    languages: tuple[str, ...]
    currency: str
    country: str
    zone: str
    locations: Mapping[str, Location]
    skills: tuple[str, ...]
    persona: Persona = Persona()
    channels: tuple[ChannelSpec, ...] = ()
    max_quantity: int = 20
    max_amount: Money | None = None
    allergens: Mapping[str, Translations] = field(default_factory=dict)
    allergen_synonyms: Mapping[str, Synonyms] = field(default_factory=dict)
    withdrawal: Mapping[str, Translations] = field(default_factory=dict)
    payments: tuple[str, ...] = ("counter",)
    identity_secret: str = ""
    emergency: Translations = field(default_factory=dict)
    support_phone: str = ""
    replies: Replies = field(default_factory=dict)
    staff: Mapping[str, Staff] = field(default_factory=dict)
    site: str = ""
    """The merchant's own site, https: the only one that a reply may link to."""
    model: ModelTerms = ModelTerms()
    out_of_scope: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Sentences per language that nothing of this merchant is for."""
    attachment_days: int = 30
    """How long files that customers send are kept."""


@dataclass(frozen=True, slots=True)
class Artefact:
    """One merchant, published. `digest` is the content's address; `replies` is the base manifest overlaid by the skills
    and then by the merchant; `trained` is what understanding compiled at publishing (opaque bytes)."""

    digest: str
    merchant: MerchantSpec
    skills: Mapping[str, SkillSpec]
    catalog: Catalog
    answers: Mapping[str, Answer]
    replies: Replies
    trained: bytes = b""

    def intent(self, name: str) -> IntentSpec:
        """The intent called "skill.intent". Raises KeyError when there is none."""
        skill, _, intent = name.partition(".")
        return self.skills[skill].intents[intent]
