// Draw component maps (JSON on standard input) with Mermaid itself in a browser, as
// strictly as GitHub does, in both themes; exit 1 when anything is not as it must be.
// Arguments: the browser's program, the folder for screenshots.
import fs from "node:fs";
import path from "node:path";
import { chromium } from "playwright-core";

const [program, folder] = process.argv.slice(2);
const maps = JSON.parse(fs.readFileSync(0, "utf8"));
const releases = ["mermaid-11", "mermaid"];
const themes = { default: "#ffffff", dark: "#0d1117" };

// Runs inside the page.
async function draw([text, theme]) {
  mermaid.initialize({
    startOnLoad: false,
    securityLevel: "strict",
    theme,
    htmlLabels: false,
    flowchart: { htmlLabels: false },
  });
  const { svg } = await mermaid.render("map", text);
  document.body.innerHTML = svg;
  const box = (element) => {
    const { left, top, right, bottom } = element.getBoundingClientRect();
    return { left, top, right, bottom };
  };
  const nodes = [...document.querySelectorAll(".node")].map((node) => ({
    text: node.querySelector(".label").textContent,
    box: box(node),
    label: box(node.querySelector(".label")),
    strokes: [...node.querySelectorAll("rect, path, polygon")].map(
      (shape) => getComputedStyle(shape).stroke,
    ),
  }));
  return {
    nodes,
    edges: document.querySelectorAll("path.flowchart-link").length,
    foreign: document.querySelectorAll("svg :is(a, script, img, image, foreignObject)").length,
  };
}

const squeezed = (text) => text.replace(/\s/g, "");
const overlap = (a, b) =>
  a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
const inside = (a, b) =>
  a.left >= b.left - 1 && a.right <= b.right + 1 && a.top >= b.top - 1 && a.bottom <= b.bottom + 1;

function* faults(map, drawn) {
  const { nodes } = drawn;
  if (map.language !== "mermaid") yield `the fence is "${map.language}"`;
  if (nodes.length !== map.names.length)
    yield `${nodes.length} nodes in place of ${map.names.length}`;
  for (const name of map.names)
    if (!nodes.some((node) => squeezed(node.text).startsWith(squeezed(name))))
      yield `no node shows ${JSON.stringify(name)}: ${JSON.stringify(nodes.map((n) => n.text))}`;
  if (drawn.edges !== map.edges) yield `${drawn.edges} edges in place of ${map.edges}`;
  if (drawn.foreign) yield `${drawn.foreign} links, scripts, images or HTML labels`;
  const changed = nodes.filter((node) => node.strokes.includes("rgb(191, 135, 0)")).length;
  if (changed !== map.changed) yield `${changed} marked in place of ${map.changed}`;
  for (const [at, node] of nodes.entries()) {
    if (!inside(node.label, node.box)) yield `the label leaves its node: ${node.text}`;
    for (const other of nodes.slice(at + 1))
      if (overlap(node.box, other.box)) yield `overlap: ${node.text} and ${other.text}`;
  }
}

const browser = await chromium.launch({ executablePath: program });
let failed = 0;
for (const release of releases) {
  const page = await browser.newPage({ viewport: { width: 900, height: 600 } });
  const heard = [];
  page.on("console", (message) => heard.push(`console: ${message.text()}`));
  page.on("pageerror", (error) => heard.push(`error: ${error.message}`));
  page.on("dialog", (dialog) => (heard.push(`dialog: ${dialog.message()}`), dialog.dismiss()));
  page.on("request", (request) => heard.push(`request: ${request.url().slice(0, 100)}`));
  await page.setContent("<!doctype html><title>map</title><body></body>");
  await page.addScriptTag({ path: `node_modules/${release}/dist/mermaid.min.js` });
  for (const [theme, background] of Object.entries(themes)) {
    for (const [name, map] of Object.entries(maps)) {
      await page.evaluate((color) => (document.body.style.background = color), background);
      let found;
      try {
        found = [...faults(map, await page.evaluate(draw, [map.text, theme]))];
      } catch (error) {
        found = [error.message];
      }
      found.push(...heard.splice(0));
      const picture = path.join(folder, `${release}-${name}-${theme}.png`);
      await page.screenshot({ path: picture, fullPage: true });
      console.log(`${release}, ${name}, ${theme}: ${found.length ? "WRONG" : "drawn"}`);
      for (const fault of found) console.log(`  ${fault}`);
      failed += found.length;
    }
  }
  await page.close();
}
await browser.close();
console.log(`screenshots: ${folder}`);
process.exit(failed ? 1 : 0);
