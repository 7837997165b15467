// Server-sent events from a fetched body (WHATWG HTML, section 9.2.6): `EventSource` does not tell a status, so a
// conversation that has ended could not be told from a host that is away.

/** The events of a stream, as they come. */
export async function* readEvents(body) {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    const parts = (rest + value).split("\n\n");
    rest = parts.pop();
    for (const part of parts) {
      const event = parse(part);
      if (event.data) yield event;
    }
  }
}

function parse(part) {
  const event = { name: "message", data: "", id: "" };
  for (const line of part.split("\n")) {
    const colon = line.indexOf(":");
    if (colon < 1) continue;
    const value = line.slice(colon + 1).replace(/^ /, "");
    const field = line.slice(0, colon);
    if (field === "event") event.name = value;
    if (field === "data") event.data += (event.data && "\n") + value;
    if (field === "id") event.id = value;
  }
  return event;
}
