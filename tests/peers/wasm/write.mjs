// Writes the policies: node write.mjs FOLDER
import { mkdirSync, writeFileSync } from "node:fs";
import { agentpolicy } from "./policy.mjs";
import { SIZES } from "./sizes.mjs";

const folder = process.argv[2];
mkdirSync(folder, { recursive: true });
for (const size of SIZES) writeFileSync(`${folder}/teams-${size}.agentpolicy`, agentpolicy(size));
