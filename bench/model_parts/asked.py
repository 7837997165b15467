"""Open questions: what a host tells without a model and with one, held against what an acceptable answer shows."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

from sayso.manifest.specs import Artefact
from sayso.model.command import ModelUse
from sayso.model.fact import Named, Row
from sayso.model.trace import Trace
from sayso.testing.chat import Chat, Hosted
from sayso.testing.figures import invented

HERE = Path(__file__).resolve().parent


@dataclass(frozen=True, slots=True)
class Question:
    """What is said to whom, and what an acceptable answer shows."""

    merchant: str
    language: str
    say: str
    skus: tuple[str, ...] = ()
    answers: tuple[str, ...] = ()
    where: Mapping[str, str] = field(default_factory=dict)

    def fits(self, sku: str, artefact: Artefact) -> bool:
        """Whether a product is an acceptable answer."""
        declared = artefact.catalog.products[sku].attributes
        if self.where and all(value in declared.get(name, "").split() for name, value in self.where.items()):
            return True
        return any(fnmatchcase(sku, pattern) for pattern in self.skus if not (self.where and pattern == "*"))


@dataclass(frozen=True, slots=True)
class Told:
    """What was answered: products in their order, own answers, figures that nothing vouches for."""

    products: tuple[str, ...]
    answers: tuple[str, ...]
    invented: tuple[str, ...]
    seconds: float
    model: ModelUse | None
    reply: str

    def right(self, question: Question, artefact: Artefact) -> bool:
        """An own answer that fits, alone; or products of which the first and at least half are acceptable."""
        if self.products:
            fits = [question.fits(sku, artefact) for sku in self.products]
            return fits[0] and sum(fits) * 2 >= len(fits)
        return bool(self.answers) and self.answers[0] in question.answers


def questions(path: Path = HERE / "questions.yaml") -> list[Question]:
    """All of them, in the file's order."""
    from ruamel.yaml import YAML

    data: Any = YAML(typ="safe").load(path)
    spoken = ((merchant, language, each) for merchant, by in data.items() for language, each in by.items())
    return [_question(merchant, language, one) for merchant, language, each in spoken for one in each]


def _question(merchant: str, language: str, one: Mapping[str, Any]) -> Question:
    skus, answers = tuple(one.get("skus", ())), tuple(one.get("answers", ()))
    return Question(merchant, language, one["say"], skus, answers, one.get("where", {}))


async def ask(question: Question, hosted: Hosted, conversation: str) -> Told:
    """Put the question at the beginning of a conversation, with all the time in the world."""
    chat = Chat(hosted, question.merchant, language=question.language, conversation=conversation, deadline_s=600)
    began = time.perf_counter()
    reply = await chat.say(question.say)
    took = time.perf_counter() - began
    assert chat.answer is not None
    trace = await hosted.turns.trace(chat.answer.turn)
    assert trace is not None
    false = tuple(f for m in chat.messages for f in invented(m, trace, chat.artefact, [question.say]))
    answers = tuple(s.key.partition(":")[2] for s in trace.speaks if s.key.startswith("answer:"))
    return Told(_products(trace), answers, false, took, trace.model, reply)


def _products(trace: Trace) -> tuple[str, ...]:
    """The products that were told, in their order."""
    found = [sku for speak in trace.speaks for param in speak.params.values() for sku in _named(param)]
    found += [sku for speak in trace.speaks for sku in speak.products]
    return tuple(dict.fromkeys(found))


def _named(param: Any) -> Iterator[str]:
    match param:
        case Named("product", id):
            yield id
        case Row(params):
            for inner in params.values():
                yield from _named(inner)
        case tuple():
            for inner in param:
                yield from _named(inner)


@contextmanager
def served(model: str) -> Iterator[str]:
    """The base URL of a server for the GGUF file `model`, as long as it is needed. `LLAMA_PYTHON` has llama_cpp."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    python = os.environ.get("LLAMA_PYTHON", sys.executable)
    quiet = {"OMP_NUM_THREADS": "1", "OMP_WAIT_POLICY": "passive"}  # threads that spin cost a busy machine most
    command = [python, str(HERE / "server.py"), "--model", model, "--port", str(port)]
    process = subprocess.Popen(command, env={**os.environ, **quiet})
    try:
        _wait(f"http://127.0.0.1:{port}/v1", process)
        yield f"http://127.0.0.1:{port}/v1"
    finally:
        process.terminate()
        process.wait()


def _wait(url: str, process: subprocess.Popen[bytes]) -> None:
    for _ in range(600):
        if process.poll() is not None:
            raise SystemExit("the model's server did not start; LLAMA_PYTHON must have llama-cpp-python")
        try:
            urllib.request.urlopen(f"{url}/models", timeout=2).close()
            return
        except OSError:
            time.sleep(0.2)
    raise SystemExit("the model's server did not come up")
