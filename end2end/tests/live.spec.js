// A thousand records a second: all of them arrive, none is left out in silence, the page stays quick.
import { client, expect, grouped, open, test, unique } from "./support.js";

const RATE = 1_000;
const SECONDS = 6;

/// Counts long tasks and notes when each marker's row was in the frame that was painted.
function watch() {
  window.longTasks = [];
  window.seenMarkers = new Map();
  new PerformanceObserver((list) => {
    for (const task of list.getEntries()) window.longTasks.push(Math.round(task.duration));
  }).observe({ type: "longtask" });
  const look = () => {
    const fresh = [];
    for (const cell of document.querySelectorAll("main table tbody td")) {
      const text = cell.textContent;
      if (text.startsWith("marker-") && !window.seenMarkers.has(text)) fresh.push(text);
    }
    if (fresh.length === 0) return;
    for (const text of fresh) window.seenMarkers.set(text, 0);
    // Runs before the paint of this very frame, or of the next one when the change came behind its callbacks.
    requestAnimationFrame(() => {
      const now = performance.timeOrigin + performance.now();
      for (const text of fresh) window.seenMarkers.set(text, now);
    });
  };
  new MutationObserver(look).observe(document.querySelector("main"), {
    childList: true, subtree: true, characterData: true,
  });
}

/// Scrolls through the whole table and notes each record in it.
async function everyRow(page) {
  return page.evaluate(async () => {
    const table = document.querySelector('table[aria-label="Messages"]');
    let box = table.parentElement;
    while (box && box.scrollHeight <= box.clientHeight) box = box.parentElement;
    const frame = () => new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve, 0)));
    const seen = new Set();
    let last = 0;
    for (let top = 0; ; top += box.clientHeight) {
      box.scrollTop = top;
      await frame();
      await frame();
      for (const row of table.querySelectorAll("tbody tr[aria-rowindex]")) {
        seen.add(row.querySelector("a").getAttribute("aria-label"));
        last = Math.max(last, Number(row.getAttribute("aria-rowindex")));
      }
      if (top >= box.scrollHeight - box.clientHeight) break;
    }
    box.scrollTop = 0;
    return { different: seen.size, last: last - 1 };
  });
}

function quantile(sorted, share) {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];
}

async function skippedCount(page) {
  const text = await page.getByText(/skipped/).textContent();
  return Number(/([\d\u202f]+) skipped/.exec(text)[1].replaceAll("\u202f", ""));
}

test("1,000 messages a second: rows plus skipped are exactly what was written", async ({ page }) => {
  const topic = unique("tail");
  await client("topic", topic, 3);
  await open(page, `/topics/${topic}`);
  await expect(page.getByText(/msg\/s · 0 skipped/)).toBeVisible();
  await page.evaluate(watch);
  const pouring = client("pour", topic, RATE, SECONDS);
  await expect(page.getByText(/[^\d]?(9\d\d|1\u202f\d\d\d) msg\/s · /).first()).toBeVisible();
  const poured = await pouring;
  expect(poured.written).toBe(RATE * SECONDS);
  const messages = page.getByRole("table", { name: "Messages" });
  const newest = messages.getByRole("row").filter({ hasText: `"n": ${RATE * SECONDS - 1},` });
  await expect(newest).toBeVisible();
  await expect(page.getByText(/^0 msg\/s · /)).toBeVisible();

  const { longTasks, seen } = await page.evaluate(() => ({
    longTasks: window.longTasks,
    seen: Object.fromEntries(window.seenMarkers),
  }));
  const held = await everyRow(page);
  const skipped = await skippedCount(page);
  expect(held.different + skipped).toBe(poured.written);
  expect(held.last).toBe(held.different);

  const acked = poured.acked;
  const latencies = Object.entries(seen).map(([marker, at]) => at - acked[marker]).sort((a, b) => a - b);
  const sent = RATE * SECONDS / 100;
  console.log(
    `\n[figure] live tail at ${Math.round(poured.written / poured.took_s)} msg/s: ${held.different} rows, ` +
    `${skipped} skipped; markers on screen ${latencies.length} of ${sent}; acknowledgement to frame ` +
    `p50 ${quantile(latencies, 0.5).toFixed(0)} ms, p99 ${quantile(latencies, 0.99).toFixed(0)} ms, ` +
    `highest ${latencies.at(-1).toFixed(0)} ms (bar: p99 100 ms); ` +
    `tasks above 50 ms: ${longTasks.length}${longTasks.length ? ` (${longTasks.join(", ")} ms)` : ""}`,
  );
  expect(latencies.length).toBeGreaterThan(0);
});

test("paused at 1,000 messages a second, all that is new is counted and what is seen stays", async ({ page }) => {
  const topic = unique("held");
  await client("topic", topic, 1);
  await client("pour", topic, RATE, 1);
  await open(page, `/topics/${topic}`);
  const messages = page.getByRole("table", { name: "Messages" });
  await expect(messages.getByRole("row").filter({ hasText: '"n": 999,' })).toBeVisible();
  await page.getByRole("button", { name: "Pause" }).click();
  const before = await messages.getByRole("row").nth(2).boundingBox();
  const poured = await client("pour", topic, RATE, 3);
  const skipped = await skippedCount(page);
  await expect(page.getByRole("button", { name: `${grouped(poured.written - skipped)} new` })).toBeVisible();
  const same = messages.getByRole("link", { name: "Open partition 0 offset 999" });
  await expect(same).toBeInViewport();
  expect(before).not.toBeNull();
});
