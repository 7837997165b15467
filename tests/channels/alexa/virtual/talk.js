// Speaks each line of standard input to an emulated Alexa and prints one JSON answer a line.
//
//   node talk.js URL MODEL SKILL_ID      "LAUNCH" opens the skill; "END" closes the session; anything else is uttered.
//
// The emulator matches utterances against the exported interaction model, as Alexa would, and sends real envelopes.
import { createInterface } from "node:readline";
import virtualAlexa from "virtual-alexa";

const [url, model, skill] = process.argv.slice(2);
const alexa = virtualAlexa.VirtualAlexa.Builder()
  .skillURL(url)
  .interactionModelFile(model)
  .applicationID(skill)
  .create();

const spoken = {
  LAUNCH: () => alexa.launch(),
  END: () => alexa.endSession(),
};

for await (const line of createInterface({ input: process.stdin })) {
  const answer = await (spoken[line] ?? (() => alexa.utter(line)))();
  console.log(JSON.stringify(answer));
}
process.exit(0);
