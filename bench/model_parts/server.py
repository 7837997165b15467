"""A small OpenAI-compatible server over llama-cpp-python, for the benchmark alone: json_schema, json_object and tools
become a grammar, which the server that ships with the package does not do.

    python bench/model_parts/server.py --model model.gguf --port 8123

One request at a time; one thread by default: more of them spin on a busy machine. Standard library and llama_cpp only.
"""

from __future__ import annotations

import argparse
import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Json = dict[str, Any]


def wanted(request: Json) -> Json | None:
    """The JSON Schema that a request asks for, by whatever means; None for plain text."""
    form = request.get("response_format") or {}
    if form.get("type") == "json_schema":
        return dict(form["json_schema"]["schema"])
    if form.get("type") == "json_object":
        return dict(form.get("schema") or {"type": "object"})
    if tools := request.get("tools"):
        return dict(tools[0]["function"]["parameters"])
    return None


class Server:
    """The model behind one lock."""

    def __init__(self, path: str, threads: int, context: int) -> None:
        from llama_cpp import Llama

        self.lock = threading.Lock()
        self.model = Llama(path, n_ctx=context, n_threads=threads, n_threads_batch=threads, verbose=False, seed=1)

    def complete(self, request: Json) -> Json:
        """A chat completion; called tools are answered as such."""
        schema = wanted(request)
        most = request.get("max_completion_tokens") or request.get("max_tokens") or 256
        form = {"type": "json_object", "schema": schema} if schema else None
        with self.lock:
            found: Json = self.model.create_chat_completion(
                request["messages"], temperature=0.0, max_tokens=most, response_format=form
            )
        if request.get("tools"):
            message = found["choices"][0]["message"]
            call = {"name": request["tools"][0]["function"]["name"], "arguments": message.pop("content")}
            message |= {"content": None, "tool_calls": [{"id": "call_1", "type": "function", "function": call}]}
        return found


def handler(server: Server) -> type[BaseHTTPRequestHandler]:
    """The HTTP side."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send(200, {"object": "list", "data": [{"id": "local", "object": "model"}]})

        def do_POST(self) -> None:
            request = json.loads(self.rfile.read(int(self.headers["content-length"])))
            try:
                self.send(200, server.complete(request))
            except Exception as error:
                self.send(500, {"error": {"message": repr(error)}})

        def send(self, status: int, body: Json) -> None:
            data = json.dumps(body).encode()
            try:
                self.send_response(status)
                self.send_header("content-type", "application/json")
                self.send_header("content-length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)
            except BrokenPipeError:  # Whoever asked did not wait.
                pass

        def log_message(self, *given: object) -> None: ...

    return Handler


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", required=True)
    parser.add_argument("--port", type=int, default=8123)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--context", type=int, default=6144)
    given = parser.parse_args()
    server = Server(given.model, given.threads, given.context)
    ThreadingHTTPServer(("127.0.0.1", given.port), handler(server)).serve_forever()


if __name__ == "__main__":
    main()
