// Open audits' HTML files in a browser; exit 1 when one says anything to the console,
// asks for anything but itself, is not accessible (all of axe's default rules), scrolls
// sideways, or does not sort and filter. Arguments: the browser's program, the folder
// with the files, which gets the screenshots.
import fs from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { chromium } from "playwright-core";

const [program, folder] = process.argv.slice(2);
const axe = fs.readFileSync("node_modules/axe-core/axe.min.js", "utf8");
const pages = {
  "light, wide": { colorScheme: "light", viewport: { width: 1280, height: 900 } },
  "dark, narrow": { colorScheme: "dark", viewport: { width: 375, height: 900 } },
  "light, narrow": { colorScheme: "light", viewport: { width: 375, height: 900 } },
  "dark, wide": { colorScheme: "dark", viewport: { width: 1280, height: 900 } },
};
// How many of them an audit is looked at in, and which are too heavy to be unfolded.
const looks = { whole: 4, many: 1 };
const heavy = new Set(["many"]);

// Functions with `document` in them run inside the page.
async function violations(page) {
  // A session of the debugger may run what the page's own policy forbids it.
  await page.evaluate(axe);
  const { violations } = await page.evaluate(() => axe.run());
  return violations.map(
    ({ id, help, nodes }) => `axe ${id}: ${help}: ${nodes.slice(0, 3).map((n) => n.html.slice(0, 160)).join(" | ")}`,
  );
}

const unfold = (page) =>
  page.evaluate(() => document.querySelectorAll("details").forEach((each) => (each.open = true)));

const sideways = (page) =>
  page.evaluate(() => {
    const room = document.documentElement.clientWidth;
    const wide = (each) => each.getBoundingClientRect().right > room + 1 && !each.closest(".wide, .skip, svg");
    const found = [...document.body.querySelectorAll("*")].filter(wide).slice(0, 3);
    if (document.documentElement.scrollWidth > room && !found.length) return ["scrolls sideways"];
    return found.map((each) => `wider than the page: ${each.outerHTML.slice(0, 160)}`);
  });

const spilled = (page) =>
  page.evaluate(() =>
    [...document.querySelectorAll(".map g")]
      .filter((group) => group.getClientRects().length)
      .flatMap((group) => {
        const box = group.querySelector("rect").getBBox();
        return [...group.querySelectorAll("text")].flatMap((text) => {
          const { x, y, width, height } = text.getBBox();
          const fits = x >= box.x && x + width <= box.x + box.width && y >= box.y && y + height <= box.y + box.height;
          return fits ? [] : [`text leaves its box: ${text.textContent.slice(0, 80)}`];
        });
      }),
  );

async function* table(page) {
  const rows = page.locator("#findings-table > tbody > tr");
  const count = await rows.count();
  if (!count) return;
  const heading = page.locator("#findings-table > thead th").nth(1);
  const names = () => rows.locator("summary span").allTextContents();
  await heading.locator("button").focus();
  for (const [key, order, sign] of [["Enter", "ascending", 1], ["Space", "descending", -1]]) {
    await page.keyboard.press(key);
    if ((await heading.getAttribute("aria-sort")) !== order) yield `not sorted: ${order}`;
    const numbers = (await names()).map((name) => Number(name.slice(1)));
    if (numbers.some((each, at) => at && sign * (each - numbers[at - 1]) < 0)) yield `out of order: ${order}`;
  }
  await page.selectOption("#severity", "critical");
  const shown = await page.locator("#findings-table > tbody > tr:visible").count();
  const critical = await page.locator("#findings-table > tbody > tr.critical").count();
  if (shown !== Math.min(critical, 100)) yield `${shown} of ${critical} critical ones are shown`;
  await page.fill("#words", "no finding says this");
  if (await page.locator("#findings-table > tbody > tr:visible").count()) yield "the search finds everything";
  await page.evaluate(() => (location.hash = document.querySelector("#findings-table > tbody > tr[hidden]").id));
  if (!(await page.locator("tr:target > td > details[open]").isVisible())) yield "a link to a finding does not open it";
}

async function* faults(page, name) {
  yield* await sideways(page);
  yield* await spilled(page);
  if (!heavy.has(name)) {
    await unfold(page);
    yield* await sideways(page);
    yield* await violations(page);
  }
  // Where every text is hostile no finding has a name that sorts or can be linked to.
  if (name !== "hostile") yield* table(page);
}

async function look(name, address, kind) {
  const page = await browser.newPage(pages[kind]);
  const heard = [];
  page.on("console", (message) => heard.push(`console: ${message.text()}`));
  page.on("pageerror", (error) => heard.push(`error: ${error.message}`));
  page.on("dialog", (dialog) => (heard.push(`dialog: ${dialog.message()}`), dialog.dismiss()));
  page.on("request", (request) => {
    if (request.url().split("#")[0] !== address) heard.push(`request: ${request.url().slice(0, 100)}`);
  });
  await page.goto(address);
  const picture = path.join(folder, `${name}, ${kind}.png`.replaceAll(", ", "-"));
  await page.screenshot({ path: picture, fullPage: !heavy.has(name) });
  const found = [];
  for await (const fault of faults(page, name)) found.push(fault);
  await page.close();
  return [...found, ...heard];
}

const browser = await chromium.launch({ executablePath: program });
let failed = 0;
for (const file of fs.readdirSync(folder).filter((each) => each.endsWith(".html"))) {
  const name = path.basename(file, ".html");
  const address = pathToFileURL(path.join(folder, file)).href;
  for (const kind of Object.keys(pages).slice(0, looks[name] ?? 2)) {
    const found = await look(name, address, kind);
    console.log(`audit ${name}, ${kind}: ${found.length ? "WRONG" : "good"}`);
    for (const fault of found) console.log(`  ${fault}`);
    failed += found.length;
  }
}
await browser.close();
console.log(`screenshots: ${folder}`);
process.exit(failed ? 1 : 0);
