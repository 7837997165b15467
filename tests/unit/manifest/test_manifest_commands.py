"""sayso check, schema and publish, as a person and as a program call them."""

from __future__ import annotations

import json
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
import typer

from sayso.cli.check import check, checked, told
from sayso.cli.publish import ask_host, publish
from sayso.cli.schema import schema
from sayso.errors import NotFound, Theirs, Upstream
from sayso.manifest.faults import Fault


def run_check(tree, capsys, **given):
    try:
        check(given.get("paths"), tree.root / "manifests", tree.root / "skills", as_json=given.get("as_json", False))
    except typer.Exit as leaving:
        return leaving.exit_code, capsys.readouterr().out
    return 0, capsys.readouterr().out


def test_check_tells_a_sound_tree_so(tree, capsys):
    """No faults, exit status 0, and which merchants are sound."""
    code, out = run_check(tree, capsys)
    assert (code, out.splitlines()[-1]) == (0, "0 faults in 0 files; without faults: kiosk")


def test_check_tells_file_line_and_fix(tree, capsys, monkeypatch):
    """A fault is told as file:line: what, with its fix below; exit status 1."""
    monkeypatch.chdir(tree.root)
    tree.change("merchant", "country: NL", "contry: NL")
    code, out = run_check(tree, capsys)
    assert code == 1
    assert 'manifests/kiosk/merchant.yaml:6: the key "contry" is not known here\n  mend: did you mean "country"?' in out


def test_check_speaks_json(tree, capsys):
    """A program gets the same faults as data."""
    tree.change("skill", "say_so: read_back", "say_so: none")
    code, out = run_check(tree, capsys, as_json=True)
    fault = json.loads(out)["faults"][0]
    assert code == 1
    assert (fault["code"], fault["pointer"]) == ("no_say_so", "/intents/order/say_so")


def test_check_of_one_path_tells_its_faults_only(tree):
    """Another folder's faults are left out; roots are found from the path."""
    tree.change("skill", "effect: read\n", "effect: reed\n")
    tree.change("merchant", "country: NL", "contry: NL")
    faults, _ = checked([tree.root / "skills" / "drinks"], tree.root / "elsewhere", tree.root / "nowhere")
    assert [fault.code for fault in faults] == ["enum"]


def test_told_counts_faults_and_files():
    """The last line sums up."""
    one = Fault("a.yaml", 3, "/x", "it is wrong", "make it right")
    assert told([one], []).splitlines()[-1] == "1 fault in 1 file; no merchant is without faults"


def test_schema_writes_every_schema(tmp_path):
    """An editor can be pointed at the folder."""
    schema("", tmp_path / "out")
    names = sorted(path.name for path in (tmp_path / "out").iterdir())
    assert names == [f"{name}.schema.json" for name in ("answers", "conversations", "merchant", "skill")]


def test_schema_shows_one(capsys):
    """`sayso schema skill` is JSON on standard output."""
    schema("skill", None)
    assert json.loads(capsys.readouterr().out)["title"] == "Skill manifest"


def test_schema_that_is_not_there_is_told():
    """With the name that was meant."""
    with pytest.raises(typer.BadParameter, match="merchant"):
        schema("merchants", None)


def test_publish_refuses_a_merchant_with_faults(tree, capsys):
    """Its faults and those of its skills are told; nothing is opened."""
    tree.change("skill", "say_so: read_back", "say_so: none")
    with pytest.raises(typer.Exit):
        publish(["kiosk"], False, tree.root / "manifests", tree.root / "skills", tree.root / "data", "", False)
    assert "without a say-so" in capsys.readouterr().err
    assert not (tree.root / "data").exists()


def test_publish_of_an_unknown_merchant_is_told(tree):
    """With the id that was meant."""
    with pytest.raises(NotFound) as told_error:
        publish(["kiosc"], False, tree.root / "manifests", tree.root / "skills", tree.root / "data", "", False)
    assert "kiosk" in told_error.value.mend


@pytest.fixture
def host():
    """A host that answers what it is told to, on the loopback."""
    answers: list[tuple[int, dict]] = []
    seen: list[tuple[str, str]] = []

    class Door(BaseHTTPRequestHandler):
        def do_POST(self):
            self.rfile.read(int(self.headers["Content-Length"]))
            seen.append((self.path, self.headers["Authorization"]))
            status, said = answers.pop(0)
            self.send_response(status)
            self.end_headers()
            self.wfile.write(json.dumps(said).encode())

        def log_message(self, *args):
            """Nothing: the test's output stays clean."""

    server = HTTPServer(("127.0.0.1", 0), Door)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}", answers, seen
    server.shutdown()
    thread.join()
    server.server_close()


def test_a_running_host_is_asked_to_publish(host):
    """With the admin key; the digest comes back."""
    url, answers, seen = host
    answers.append((200, {"merchant": "kiosk", "digest": "abc"}))
    assert ask_host(url + "/", "k" * 32, "kiosk") == "abc"
    assert seen == [("/v1/admin/merchants/kiosk/publish", "Bearer " + "k" * 32)]


def test_what_the_host_refuses_is_told_with_every_fault(host):
    """Faults arrive as they would from a check here."""
    url, answers, _ = host
    fault = {"file": "merchant.yaml", "line": 3, "what": "it is wrong", "mend": "make it right"}
    answers.append((422, {"title": "the manifests of kiosk have 1 faults", "errors": [fault]}))
    with pytest.raises(Theirs, match=r"merchant.yaml:3: it is wrong\n  mend: make it right") as refusal:
        ask_host(url, "k", "kiosk")
    assert refusal.value.status == 422


def test_a_host_that_does_not_answer_is_told():
    """With what to do about it."""
    with pytest.raises(Upstream) as error:
        ask_host("http://127.0.0.1:9", "k", "kiosk")
    assert "SAYSO_URL" in error.value.mend


def test_a_host_is_not_asked_without_a_key():
    """The variable is named."""
    with pytest.raises(Theirs) as error:
        ask_host("http://127.0.0.1:9", "", "kiosk")
    assert error.value.where == "SAYSO_ADMIN_KEY"
