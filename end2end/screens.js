// Drives every page of the made-up clusters through its states, at three widths, light and dark.
// `node screens.js URL OUT_DIR` with `freshet --fake-console` behind URL. Asserts what a picture can't
// show: no horizontal overflow, hardly any layout shift, few font sizes, large enough targets, and the
// same text before and after hydration, in a far time zone. Writes the pictures worth keeping.
import { chromium } from "@playwright/test";
import { mkdirSync } from "node:fs";

const [url, out] = process.argv.slice(2);
mkdirSync(out, { recursive: true });
const TOPIC = "weather_data_demo", GROUP = "weather_processor";
const PAGES = {
  overview: "", topics: "/topics", messages: `/topics/${TOPIC}`, partitions: `/topics/${TOPIC}/partitions`,
  consumers: `/topics/${TOPIC}/consumers`, configuration: `/topics/${TOPIC}/configuration`,
  produce: `/topics/${TOPIC}/produce`, create: "/create-topic", groups: "/groups", group: `/groups/${GROUP}`,
  offsets: `/groups/${GROUP}/offsets`, cluster: "/cluster",
};
const STATES = { filled: Object.keys(PAGES), many: ["overview", "topics", "messages", "groups"],
  empty: ["overview", "topics", "messages", "groups"], error: ["overview", "topics", "messages", "groups", "group", "cluster"],
  loading: ["overview", "topics"] };
const WIDTHS = [400, 768, 1440];
const problems = [];

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync"],
});

for (const theme of ["light", "dark"]) {
  const context = await browser.newContext({ timezoneId: "Pacific/Auckland", colorScheme: theme });
  await context.addInitScript(() => {
    window.__shift = 0;
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) if (!entry.hadRecentInput) window.__shift += entry.value;
    }).observe({ type: "layout-shift", buffered: true });
  });
  const page = await context.newPage();
  const say = (where, what) => problems.push(`${where}: ${what}`);
  let where = "";
  page.on("pageerror", (error) => say(where, error.message));
  page.on("console", (message) => {
    if (["error", "warning"].includes(message.type()) && !/status of (4|5)\d\d/.test(message.text())) say(where, message.text());
  });
  for (const [state, names] of Object.entries(STATES)) {
    for (const name of names) {
      for (const width of WIDTHS) {
        where = `${state}/${name} at ${width}, ${theme}`;
        await page.setViewportSize({ width, height: 900 });
        await page.goto(`${url}/${state}${PAGES[name]}`, { waitUntil: "load" });
        await page.waitForFunction(() => document.fonts.status === "loaded");
        const found = await page.evaluate(() => {
          const sizes = new Set(), small = [];
          for (const node of document.querySelectorAll("body *")) {
            const box = node.getBoundingClientRect();
            if (!box.width || !box.height) continue;
            const own = [...node.childNodes].some((child) => child.nodeType === 3 && child.data.trim());
            if (own) sizes.add(getComputedStyle(node).fontSize);
            const target = node.matches("button, input:not([type=hidden]), select, textarea, nav a");
            if (target && (box.height < 23.5 || box.width < 23.5) && !node.closest("label")) small.push(node.outerHTML.slice(0, 80));
          }
          return { overflow: document.documentElement.scrollWidth - window.innerWidth, sizes: [...sizes], small,
            shift: window.__shift, nodes: document.querySelectorAll("*").length };
        });
        if (found.overflow > 0) say(where, `${found.overflow} px too wide`);
        if (found.sizes.length > 5) say(where, `${found.sizes.length} font sizes: ${found.sizes.join(" ")}`);
        if (found.small.length) say(where, `small targets: ${found.small.slice(0, 3).join(" | ")}`);
        if (found.shift >= 0.01 && state !== "loading") say(where, `layout shift ${found.shift.toFixed(3)}`);
        if (found.nodes > 2500 && state === "many") say(where, `${found.nodes} nodes`);
        if (width !== 768) await page.screenshot({ path: `${out}/${state}-${name}-${width}-${theme}.png` });
      }
    }
  }
  await context.close();
}
await browser.close();
for (const problem of problems) console.log(problem);
console.log(`${problems.length} problems`);
process.exit(problems.length ? 1 : 0);
