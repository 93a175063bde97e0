// node page-scripts.mjs csp.json: for each page the hashes of the scripts within it, as lines of nginx's map.
import { readFileSync } from "node:fs";

const pages = JSON.parse(readFileSync(process.argv[2], "utf8"));
for (const [name, hashes] of Object.entries(pages)) {
  const allowed = hashes.filter((hash) => /^'sha256-[A-Za-z0-9+/]+=*'$/.test(hash));
  if (allowed.length !== hashes.length || /["\\$\s]/.test(name)) throw new Error(`not to be taken over: ${name}`);
  console.log(`"/${name}" "${allowed.map((hash) => ` ${hash}`).join("")}";`);
}
