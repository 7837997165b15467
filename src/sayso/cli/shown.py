"""What `sayso check` tells of a merchant's words on its channels."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from sayso.channels.registry import Channels
from sayso.channels.review import Remark, Reviewed, review
from sayso.manifest.draft import Draft
from sayso.manifest.faults import Fault, did_you_mean
from sayso.manifest.load import load_tree
from sayso.manifest.publish import compile_artefact
from sayso.manifest.read import read_yaml


def reviewed(roots: Sequence[tuple[Path, Path]]) -> dict[str, tuple[Reviewed, ...]]:
    """Merchant -> its channels. A channel that nobody installed is left out: the faults name it."""
    known = Channels()
    drafts = {id: d for at, skills in roots for id, d in load_tree(at, skills).merchants.items()}
    return {id: _of(draft, known) for id, draft in drafts.items()}


def _of(draft: Draft, known: Channels) -> tuple[Reviewed, ...]:
    artefact = compile_artefact(draft, lambda bare: b"")
    found = {spec.name: known.capabilities(spec.name) for spec in artefact.merchant.channels}
    return review(artefact, {name: caps for name, caps in found.items() if caps})


def uninstalled(drafts: Iterable[Draft]) -> Iterator[Fault]:
    """The channels of merchants that no package here has."""
    known = Channels().all()
    for draft in drafts:
        lacking = [spec.name for spec in draft.merchant.channels if spec.name not in known]
        for name in lacking:
            source = read_yaml(draft.folder / "merchant.yaml")
            mend = f"{did_you_mean(name, known)} Or install the package that has it (entry point sayso.channels)"
            yield source.fault(("channels", name), f'no channel "{name}" is installed', mend, "no_channel")


def unspoken(drafts: Iterable[Draft]) -> Iterator[Fault]:
    """The channels of merchants that have none of their languages: nobody could be served there."""
    known = Channels()
    for draft in drafts:
        languages = draft.merchant.languages
        for name in (spec.name for spec in draft.merchant.channels):
            caps = known.capabilities(name)
            if caps is not None and not any(map(caps.speaks, languages)):
                source = read_yaml(draft.folder / "merchant.yaml")
                mend = f"leave channels.{name} out, or add one of {', '.join(caps.languages)} to languages"
                what = f"{name} does not have {', '.join(languages)}"
                yield source.fault(("channels", name), what, mend, "channel_language")


def told_shown(merchants: dict[str, tuple[Reviewed, ...]], whole: bool) -> Iterator[str]:
    """A line a channel that shows something otherwise; with `whole` what it is."""
    for merchant, channels in merchants.items():
        for each in channels:
            cut = [remark for remark in each.remarks if remark.kind == "label"]
            split = [remark for remark in each.remarks if remark.kind == "reply"]
            said = [
                f"{len(cut)} of {each.labels} labels are cut" if cut else "",
                f"{len(split)} of {each.replies} replies take several messages" if split else "",
                f"does not have {', '.join(each.lacks)}" if each.lacks else "",
            ]
            if any(said):
                yield f"{merchant} on {each.channel}: {'; '.join(filter(None, said))}"
            if whole:
                yield from (f"  {_remark(remark)}" for remark in each.remarks)


def _remark(remark: Remark) -> str:
    if remark.kind == "label":
        return f"{remark.where} ({remark.language}): “{remark.said}” reads “{remark.becomes}”"
    return f"{remark.where} ({remark.language}): {remark.becomes} messages"
