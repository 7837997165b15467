"""What the commands of `understand` mean in the data sets' own terms, and the figures that are told."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sayso.model.command import Language, No, NotUnderstood, Say, Start, Yes

SAME: Mapping[str, Sequence[str]] = {
    "yes": ("yes", "general_affirm", "general_confirm"),
    "no": ("no", "general_negate"),
    "repeat": ("repeat", "general_repeat"),
    "cancel": ("cancel", "general_commandstop"),
    "stop": ("cancel", "general_commandstop"),
    "greeting": ("greeting",),
    "goodbye": ("goodbye",),
    "thanks": ("thank_you", "general_praise"),
    "bot": ("are_you_a_bot",),
    "hesitation": ("maybe", "general_dontcare"),
    "help": ("what_can_i_ask_you",),
    "language": ("change_language",),
}
"""What means the same everywhere -> the data sets' own intents for it."""


def said_of(commands: Sequence[Any], names: Mapping[str, str]) -> tuple[str, float]:
    """The data set's intent ("oos": none of them) and how far it can be believed."""
    for command in commands:
        if isinstance(command, Start):
            best = command.intents[0]
            return names.get(best.id, "oos"), best.score
        found = [name for name in SAME.get(_phrase(command), ()) if name in names.values()]
        if found:
            return found[0], 1.0
    nearest = next((c.nearest for c in commands if isinstance(c, NotUnderstood)), ())
    return "oos", nearest[0].score if nearest else 0.0


def _phrase(command: Any) -> str:
    kinds = {Yes: "yes", No: "no", Language: "language"}
    return command.what if isinstance(command, Say) else kinds.get(type(command), "")


FIGURES = {
    "clinc10": ("clinc10", "in_scope"),
    "clinc10_auroc": ("clinc10", "auroc"),
    "clinc_full_in_scope": ("clinc_full", "in_scope"),
    "clinc_full": ("clinc_full", "accuracy"),
    "banking10": ("banking10", "accuracy"),
    "banking_full": ("banking_full", "accuracy"),
    "hwu64": ("hwu64", "accuracy"),
    "xsid_nl": ("xsid_nl", "accuracy"),
    **{key: ("clinc10", key) for key in ("cpu_ms", "fast_cpu_ms", "train_s", "train_cached_s")},
}


def figures(found: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """The figures by their names, with the share of what is out of scope in CLINC's test part."""
    told = {name: found[task][key] for name, (task, key) in FIGURES.items() if task in found}
    return told | {f"{task}_oos_share": each["oos_share"] for task, each in found.items() if each["oos_share"]}
