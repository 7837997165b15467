"""What a merchant writes about its agents: read as settings, and refused with the fix when it is wrong."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from sayso.channels.dialogflow.account import account
from sayso.errors import NotFound
from sayso.manifest.load import load_tree
from sayso.manifest.publish import compile_artefact

ROOT = Path(__file__).parents[3]
AGENT = "projects/p/locations/europe-west1/agents/0f0e"
BASIC = '{kind: basic, username: dialogflow, password: "env:BAR_PASSWORD"}'


def cx(agent: str, auth: str, more: str = "") -> str:
    return f"dialogflow_cx: {{agent: {agent}, {more} auth: {auth}}}"


def es(name: str, project: str) -> str:
    return f"{name}: {{project: {project}, auth: {BASIC}}}"


@pytest.fixture
def loaded(tmp_path):
    """The coffee bar with one line in place of its Dialogflow channels."""

    def run(line):
        shutil.copytree(ROOT / "manifests" / "coffee_bar", tmp_path / "manifests" / "coffee_bar")
        path = tmp_path / "manifests" / "coffee_bar" / "merchant.yaml"
        text = path.read_text()
        before, after = text.split("  dialogflow_cx:")[0], text.split("  alexa:")[1]
        path.write_text(f"{before}  {line}\n  alexa:{after}")
        return load_tree(tmp_path / "manifests", ROOT / "skills")

    return run


def artefact(loaded):
    assert not [fault for fault in loaded.faults if fault.file.endswith("merchant.yaml")]
    return compile_artefact(loaded.merchants["coffee_bar"], lambda bare: b"")


def test_an_agent_and_its_proof_become_settings(loaded):
    """The account is the agent; what stands under `auth` keeps both names; a secret stays a reference."""
    found = account(artefact(loaded(cx(AGENT, BASIC))), "cx", {})
    assert found.agent == AGENT and found.rich and not found.voice
    assert found.text("auth_kind") == "basic" and found.text("auth_password") == "env:BAR_PASSWORD"


def test_everything_else_is_optional(loaded):
    """A telephone line: voice, its own time limit, a number to transfer to."""
    more = 'mode: voice, rich: none, timeout: 10, live_agent: true, transfer_to: "+31201234567",'
    google = '{kind: google, audience: "https://bots.example/v1/dialogflow/cx/coffee_bar", email: s@p.example}'
    read = artefact(loaded(cx(AGENT, google, more)))
    found = account(read, "cx", {})
    assert found.voice and not found.rich and found.text("transfer_to") == "+31201234567"
    assert found.settings["timeout"] == 10 and found.settings["live_agent"] is True


def test_the_agent_may_be_in_the_environment(loaded):
    """So that one manifest serves a test's and a live project."""
    read = artefact(loaded(es("dialogflow_es", '"env:BAR_PROJECT"')))
    assert account(read, "es", {"BAR_PROJECT": "p"}).has("projects/p/agent/sessions/1")
    with pytest.raises(NotFound) as missing:
        account(read, "es", {})
    assert "BAR_PROJECT" in missing.value.mend


@pytest.mark.parametrize(
    ("line", "code", "mend"),
    [
        (f"dialogflow_cx: {{agent: {AGENT}}}", "missing_key", "auth"),
        (cx(AGENT, '{kind: basic, password: "env:X"}'), "missing_key", "username"),
        (cx(AGENT, "{kind: header, header: X-Key}"), "missing_key", "secret"),
        (cx(AGENT, "{kind: google, audience: https://a.example}"), "missing_key", "email"),
        (cx(AGENT, "{kind: none}"), "enum", "basic"),
        (cx(AGENT, "{kind: basic, username: d, password: hunter2hunter2}"), "secret", "env:NAME"),
        (cx("projects/p/agent", BASIC), "pattern", ""),
        (es("dialogflow_ess", "p"), "unknown_key", "dialogflow_es"),
    ],
)
def test_a_fault_is_found_with_its_fix(loaded, line, code, mend):
    """At the line of the channel, before anything is published."""
    found = [fault for fault in loaded(line).faults if fault.code == code]
    assert found and "channels" in found[0].pointer
    assert mend in found[0].mend


def test_a_password_is_never_repeated_in_its_fault(loaded):
    """The fault says where the secret is, not what it is."""
    faults = loaded(cx(AGENT, "{kind: basic, username: d, password: hunter2hunter2}")).faults
    assert faults and not any("hunter2" in fault.what + fault.mend for fault in faults)
