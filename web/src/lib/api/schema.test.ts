// @vitest-environment node
import { readFileSync } from "node:fs";
import path from "node:path";
import openapiTS, { astToString, COMMENT_HEADER } from "openapi-typescript";
import { expect, test } from "vitest";

test("the types are those of the API's description: `make openapi` writes both", async () => {
  const description = path.resolve(import.meta.dirname, "../../../../docs/api/openapi.json");
  const made = COMMENT_HEADER + astToString(await openapiTS(JSON.parse(readFileSync(description, "utf8"))));
  const kept = readFileSync(path.join(import.meta.dirname, "schema.ts"), "utf8");
  expect(kept === made, "run `make openapi` with Node on the PATH and web/node_modules in place").toBe(true);
}, 60_000);
