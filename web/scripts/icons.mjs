// Draws the icons of the installed application from public/icon.svg: `node scripts/icons.mjs`, after a change of the bear.
// A maskable icon may be cut to a circle of four fifths of its width, so there the bear is smaller on a full ground.
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import sharp from "sharp";

const PUBLIC = path.resolve(import.meta.dirname, "../public");
const GROUND = "#f9e7dc";
const SAFE = 0.8;

const bear = readFileSync(path.join(PUBLIC, "icon.svg"));
const drawn = (size) => sharp(bear, { density: (72 * size) / 32 }).resize(size, size);
const packed = (image) => image.png({ palette: true, colours: 64, effort: 10 }).toBuffer();

async function onFullGround(size) {
  const inner = await drawn(Math.round(size * SAFE)).png().toBuffer();
  const ground = { create: { width: size, height: size, channels: 3, background: GROUND } };
  return packed(sharp(ground).composite([{ input: inner }]));
}

const icons = {
  "icon-192.png": await packed(drawn(192)),
  "icon-512.png": await packed(drawn(512)),
  "icon-maskable-192.png": await onFullGround(192),
  "icon-maskable-512.png": await onFullGround(512),
  "apple-touch-icon.png": await onFullGround(180),
};
for (const [name, bytes] of Object.entries(icons)) {
  writeFileSync(path.join(PUBLIC, name), bytes);
  console.log(`${name}: ${bytes.length} bytes`);
}
