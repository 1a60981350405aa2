// Starts the independent emulator with a seed and tells its address and keys; ends when its standard input does.
import { readFileSync } from "node:fs";
import { createEmulator } from "emulate";

const seed = JSON.parse(readFileSync(process.argv[2], "utf8"));
const emulator = await createEmulator({ service: "github", port: Number(process.argv[3]), seed });
console.log(JSON.stringify({ url: emulator.url, key: emulator.generatedSecrets[0].value }));
process.stdin.resume();
process.stdin.on("end", async () => {
  await emulator.close();
  process.exit(0);
});
