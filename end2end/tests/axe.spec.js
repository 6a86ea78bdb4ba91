// No serious accessibility finding on any page, in light and dark.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { client, cluster, expect, member, open, test, unique, write } from "./support.js";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const topic = unique("axe");
const empty = unique("axe-empty");
const group = unique("axe-group");

test.beforeAll(async () => {
  await client("topic", topic, 3);
  await client("topic", empty, 1);
  const lines = Array.from({ length: 300 }, (_, n) => `k${n}|{"city": "Oslo", "t": ${n}, "ok": true, "none": null}`);
  await write(topic, lines, "-H", "trace-id=4bf92f35");
  const consumer = member(group, topic);
  expect((await consumer.take(100)).missing).toBe(0);
  await consumer.close();
});

const paths = [
  "", "/topics", "/topics?q=no-such-topic-anywhere", "/create-topic", `/topics/${topic}`, `/topics/${empty}`,
  `/topics/${topic}?start=oldest&p=0`, `/topics/${topic}/partitions`, `/topics/${topic}/consumers`,
  `/topics/${topic}/configuration`, `/topics/${topic}/produce`, `/topics/${topic}/delete`,
  `/topics/${topic}/records/0/0`, "/groups", `/groups/${group}`, `/groups/${group}/offsets?to=earliest`,
  `/groups/${group}/delete`, "/cluster",
];

async function findings(page, what) {
  await page.evaluate(axe);
  const { violations } = await page.evaluate(() => window.axe.run(document, { resultTypes: ["violations"] }));
  return violations
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .flatMap(({ id, nodes }) => {
      const { html, any } = nodes[0];
      return `${what}: ${id} × ${nodes.length}, first ${html.slice(0, 160)} ${any[0]?.message ?? ""}`;
    });
}

for (const theme of ["light", "dark"]) {
  test(`no serious finding in ${theme}`, async ({ page, context, baseURL }) => {
    test.setTimeout(120_000);
    await context.addCookies([{ name: "freshet_prefs", value: `${theme}.0.47.`, url: baseURL }]);
    const all = [];
    for (const path of paths) {
      await open(page, path);
      await expect(page.locator("html")).toHaveAttribute("data-theme", theme);
      await expect(page.locator("[aria-busy=true]")).toHaveCount(0);
      all.push(...await findings(page, path || "/"));
      if (path === `/topics/${topic}`) {
        await page.getByRole("link", { name: /^Open partition/ }).first().click();
        await expect(page.getByRole("complementary", { name: "Record" }).getByRole("tree")).toBeVisible();
        all.push(...await findings(page, "open record"));
      }
    }
    await page.goto(`/${cluster}`);
    await expect(page.locator("html")).toHaveAttribute("data-js", "1");
    await page.keyboard.press("Control+k");
    await expect(page.getByRole("dialog", { name: "Search" })).toBeVisible();
    all.push(...await findings(page, "palette"));
    await page.goto("/design");
    await expect(page.locator("html")).toHaveAttribute("data-js", "1");
    all.push(...await findings(page, "/design"));
    expect(all).toEqual([]);
  });
}
