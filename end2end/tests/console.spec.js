// The main job: topics, messages, groups, seen in the browser and by real clients alike.
import { readFileSync } from "node:fs";
import { client, cluster, expect, figure, forgetRefusals, grouped, isAttached, kcat, member, open, test, unique, write } from "./support.js";

test("the overview opens and the rail leads to every section", async ({ page }) => {
  await open(page);
  await expect(page.getByRole("heading", { level: 1, name: "Overview" })).toBeVisible();
  const rail = page.getByRole("navigation", { name: "Main" });
  for (const name of ["Topics", "Groups", "Cluster", "Overview"]) {
    await rail.getByRole("link", { name }).click();
    await expect(page.getByRole("heading", { level: 1, name })).toBeVisible();
    await expect(rail.getByRole("link", { name })).toHaveAttribute("aria-current", "page");
    await expect(page).toHaveTitle(new RegExp(name));
  }
  await expect(page.getByRole("button", { name: /^(Start|Stop) demo$/ })).toHaveCount(isAttached ? 0 : 1);
});

test("/ leads to the cluster", async ({ page }) => {
  await page.goto("/");
  await expect(page).toHaveURL(new RegExp(`/${cluster}$`));
});

test("a topic made with the form exists for clients, and goes when its name is typed", async ({ page, problems }) => {
  const topic = unique("form");
  await open(page, "/topics");
  await page.getByRole("main").getByRole("link", { name: "Create topic" }).first().click();
  await page.getByLabel("Name", { exact: true }).fill("not a name");
  await expect(page.getByRole("alert")).toContainText("only letters");
  await page.getByLabel("Name", { exact: true }).fill(topic);
  await page.getByLabel("Partitions", { exact: true }).fill("3");
  await page.getByLabel("Keep for (ms)").fill("3600000");
  await page.getByRole("button", { name: "Create topic" }).click();
  await expect(page.getByRole("heading", { level: 1, name: topic })).toBeVisible();
  const listed = JSON.parse(await kcat(["-L", "-J", "-t", topic]));
  expect(listed.topics[0].partitions).toHaveLength(3);
  await expect(figure(page, "Partitions")).toContainText("3");

  await page.getByRole("navigation", { name: "Topic" }).getByRole("link", { name: "Configuration" }).click();
  await expect(page.getByRole("listitem").filter({ hasText: "retention.ms" }).first()).toContainText("3600000");

  await open(page, `/topics?q=${topic}`);
  await page.getByRole("link", { name: topic, exact: true }).click();
  await page.getByRole("link", { name: "Delete…" }).click();
  const typed = page.getByLabel("Type the name to confirm");
  await typed.fill("something else");
  await page.getByRole("button", { name: "Delete topic" }).click();
  await expect(page.getByRole("alert")).toContainText("exactly");
  forgetRefusals(problems);
  await typed.fill(topic);
  await page.getByRole("button", { name: "Delete topic" }).click();
  await expect(page).toHaveURL(new RegExp(`/${cluster}/topics$`));
  await expect.poll(async () => {
    const all = JSON.parse(await kcat(["-L", "-J"])).topics.map((entry) => entry.topic);
    return all.includes(topic);
  }).toBe(false);
});

test("a record produced with the form is read back by kcat", async ({ page }) => {
  const topic = unique("produce");
  await client("topic", topic, 3);
  await open(page, `/topics/${topic}/produce`);
  await page.getByLabel("Key", { exact: true }).fill("Oslo");
  await expect(page.getByText(/This key goes to partition \d/)).toBeVisible();
  await page.getByLabel("Encoding of the value").selectOption("JSON");
  await page.getByLabel("Value", { exact: true }).fill('{"t": ');
  await expect(page.getByRole("alert")).toBeVisible();
  const value = '{"t": 11.4, "id": 9007199254740993, "note": "Øst <b>bold</b>"}';
  await page.getByLabel("Value", { exact: true }).fill(value);
  await page.getByLabel("Headers").fill("trace-id: 4bf92f35\nfrom: browser");
  await page.getByLabel("Compression").selectOption("zstd");
  const promised = await page.getByText(/This key goes to partition \d/).textContent();
  await page.getByRole("button", { name: "Produce" }).click();
  const place = page.getByRole("link", { name: /partition \d+ at offset 0/ });
  await expect(place).toBeVisible();
  const partition = /partition (\d+)/.exec(await place.textContent())[1];
  expect(promised).toContain(`partition ${partition}`);
  const read = await kcat(["-C", "-t", topic, "-p", partition, "-o", "beginning", "-e", "-q", "-f", "%k|%s|%h|%o"]);
  expect(read).toBe(`Oslo|${value}|trace-id=4bf92f35,from=browser|0`);

  await place.click();
  await expect(page.getByRole("heading", { level: 1 })).toContainText(`${partition} / 0`);
  await expect(page.getByRole("tree", { name: "Value" })).toContainText("9007199254740993");
  await expect(page.getByRole("tree", { name: "Value" })).toContainText("Øst <b>bold</b>");
  await page.getByRole("link", { name: "Send again" }).click();
  await expect(page.getByLabel("Value", { exact: true })).toHaveValue(value);
  await expect(page.getByLabel("Headers")).toHaveValue("trace-id: 4bf92f35\nfrom: browser");
  await page.getByRole("button", { name: "Produce" }).click();
  await expect(page.getByRole("link", { name: `partition ${partition} at offset 1` })).toBeVisible();
});

test("a record written by kcat appears without a reload, exact to the last digit", async ({ page }) => {
  const topic = unique("live");
  await client("topic", topic, 1);
  await write(topic, ["first|one"]);
  await open(page, `/topics/${topic}`);
  const messages = page.getByRole("table", { name: "Messages" });
  await expect(messages.getByRole("row").filter({ hasText: "one" })).toBeVisible();
  await page.evaluate(() => { window.isSamePage = true; });
  await write(topic, ['second|{"id": 9007199254740993, "max": 18446744073709551615, "float": 0.1}'], "-H", "city=Oslo");
  const row = messages.getByRole("row").filter({ hasText: "second" });
  await expect(row).toBeVisible();
  await expect(row).toContainText("9007199254740993");
  expect(await page.evaluate(() => window.isSamePage)).toBe(true);

  await row.getByRole("link", { name: "Open partition 0 offset 1" }).click();
  const panel = page.getByRole("complementary", { name: "Record" });
  await expect(panel.getByRole("tree", { name: "Value" })).toContainText("9007199254740993");
  await expect(panel.getByRole("tree", { name: "Value" })).toContainText("18446744073709551615");
  await expect(panel).toContainText("city");
  await expect(panel).toContainText("Oslo");
  await expect(page).toHaveURL(/open=0(:|%3A)1|0:1/);
  await panel.getByRole("link", { name: "hex" }).click();
  await expect(panel).toContainText("7b 22 69 64");
  await panel.getByRole("link", { name: "raw" }).click();
  await expect(panel).toContainText('"id": 9007199254740993');

  await write(topic, ["third|written while the panel is open"]);
  await expect(messages.getByRole("row").filter({ hasText: "third" })).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(panel).toHaveCount(0);

  await page.reload();
  await expect(messages.getByRole("row").filter({ hasText: "third" })).toBeVisible();
});

test("paused, rows wait above and are counted", async ({ page }) => {
  const topic = unique("pause");
  await client("topic", topic, 1);
  await write(topic, ["a|before"]);
  await open(page, `/topics/${topic}`);
  const messages = page.getByRole("table", { name: "Messages" });
  await expect(messages.getByRole("row").filter({ hasText: "before" })).toBeVisible();
  await page.getByRole("button", { name: "Pause" }).click();
  await write(topic, Array.from({ length: 120 }, (_, n) => `k|while-${n}`));
  await expect(page.getByRole("button", { name: "120 new" })).toBeVisible();
  await page.getByRole("button", { name: "Resume" }).click();
  await expect(messages.getByRole("row").filter({ hasText: "while-119" })).toBeVisible();
  await expect(page.getByRole("button", { name: /new$/ })).toHaveCount(0);
});

test("search finds the record, oldest and partitions narrow down", async ({ page }) => {
  const topic = unique("search");
  await client("topic", topic, 2);
  const lines = Array.from({ length: 3000 }, (_, n) => `k${n}|reading ${n}`);
  lines[1234] = "k1234|the needle in the hay";
  await write(topic, lines);
  await open(page, `/topics/${topic}`);
  await page.getByRole("searchbox", { name: "Search messages" }).fill("needle");
  await page.getByRole("searchbox", { name: "Search messages" }).press("Enter");
  const messages = page.getByRole("table", { name: "Messages" });
  await expect(messages.getByRole("row").filter({ hasText: "the needle in the hay" })).toBeVisible();
  await expect(page.getByRole("status").filter({ hasText: "Searched everything" }))
    .toContainText(`1 found in ${grouped(3000)} messages`);
  await page.getByRole("link", { name: "Remove the search" }).click();
  await page.getByRole("navigation", { name: "Start" }).getByRole("link", { name: "Oldest" }).click();
  await expect(messages.getByRole("link", { name: "Open partition 0 offset 0" })).toBeVisible();
  await page.getByRole("searchbox", { name: "Search messages" }).fill("no such thing anywhere");
  await page.getByRole("button", { name: "Search", exact: true }).click();
  await expect(page.getByText("Nothing matches")).toBeVisible();
});

// Known and open: see docs/known-gaps.md.
test.fail("a search with more matches than a page holds counts each message once", async ({ page }) => {
  const topic = unique("matches");
  await client("topic", topic, 2);
  await write(topic, Array.from({ length: 3000 }, (_, n) => `k${n}|reading ${n}`));
  await open(page, `/topics/${topic}?q=reading`);
  const status = page.getByRole("status").filter({ hasText: "found in" });
  await expect(status).toContainText(/Searched everything|enough found/);
  const numbers = /([\d\u202f]+) found in ([\d\u202f]+) messages/.exec(await status.textContent());
  const [found, scanned] = numbers.slice(1).map((text) => Number(text.replaceAll("\u202f", "")));
  expect(found).toBeLessThanOrEqual(3000);
  expect(scanned).toBeLessThanOrEqual(3000);
  expect(scanned).toBeGreaterThanOrEqual(found);
});

test("counts and marks equal those of Kafka's clients", async ({ page }) => {
  const topic = unique("counts");
  await client("topic", topic, 2);
  await write(topic, Array.from({ length: 1234 }, (_, n) => `k${n}|${n}`));
  await open(page, `/topics/${topic}/partitions`);
  await expect(figure(page, "Messages")).toContainText(grouped(1234));
  const asked = await kcat(["-Q", "-t", `${topic}:0:-1`, "-t", `${topic}:1:-1`]);
  const table = page.getByRole("table", { name: "Partitions" });
  for (const partition of [0, 1]) {
    const end = new RegExp(`\\[${partition}\\] offset (\\d+)`).exec(asked)[1];
    const cells = table.getByRole("row").nth(partition + 1).getByRole("cell");
    await expect(cells.nth(3)).toHaveText(grouped(end));
    // Of a foreign cluster only the distance of the marks is known.
    await expect(cells.nth(4)).toHaveText(isAttached ? `≤ ${grouped(end)}` : grouped(end));
  }
});

test("lag rises and falls to the exact number, and reset offsets are where the group goes on", async ({ page }) => {
  const topic = unique("lag");
  const group = unique("group");
  await client("topic", topic, 2);
  // One record in each partition first: lag is known where something was committed.
  for (const partition of ["0", "1"]) await write(topic, ["first|first"], "-p", partition);
  const consumer = member(group, topic);
  expect((await consumer.take(2)).missing).toBe(0);
  await write(topic, Array.from({ length: 2998 }, (_, n) => `k${n}|${n}`));
  expect((await consumer.take(698)).missing).toBe(0);

  const known = () => page.request.get(`/api/v1/clusters/${cluster}/groups/${group}`);
  await expect.poll(async () => (await known()).status()).toBe(200);
  await open(page, `/groups/${group}`);
  await expect(page.getByRole("heading", { level: 1, name: group })).toBeVisible();
  const lag = figure(page, "Lag");
  await expect(lag).toContainText(`${grouped(2300)} messages`);
  await expect(page.getByRole("table", { name: "Members" })).toContainText(topic);
  await expect(page.getByRole("group", { name: /Lag in messages over time/ })).toBeVisible();

  await write(topic, Array.from({ length: 500 }, (_, n) => `k${n}|more ${n}`));
  await expect(lag).toContainText(`${grouped(2800)} messages`);
  expect((await consumer.take(1800)).missing).toBe(0);
  await expect(lag).toContainText(`${grouped(1000)} messages`);
  const places = await client("committed", group, topic, 2);
  const rows = page.getByRole("table", { name: "Partitions" }).getByRole("row");
  for (const partition of [0, 1]) {
    await expect(rows.nth(partition + 1).getByRole("cell").nth(2)).toHaveText(grouped(places[partition]));
  }
  expect((await consumer.take(1000)).missing).toBe(0);
  await expect(lag).toContainText(/^0\b/);

  // With a member in it the group's offsets can't be moved, and the page says why.
  await page.getByRole("link", { name: "Edit offsets…" }).click();
  await expect(page.getByRole("alert")).toBeVisible();
  await consumer.close();
  await open(page, `/groups/${group}`);
  await expect(page.getByText("No members")).toBeVisible();

  await page.getByRole("link", { name: "Edit offsets…" }).click();
  await page.getByLabel("Partition", { exact: true }).fill("1");
  await page.getByLabel("Move to").selectOption("an offset");
  await page.getByLabel("Offset, time or number").fill("1000");
  await page.getByRole("button", { name: "Show before and after" }).click();
  const ends = await client("committed", group, topic, 2);
  const preview = page.getByRole("table", { name: "Before and after" });
  await expect(preview.getByRole("row")).toHaveCount(2);
  await expect(preview).toContainText(`reads ${grouped(ends[1] - 1000)} again`);
  expect(await client("committed", group, topic, 2)).toEqual(ends);
  await page.getByRole("button", { name: "Apply" }).click();
  await expect(page).toHaveURL(new RegExp(`/groups/${group}$`));
  await expect(lag).toContainText(`${grouped(ends[1] - 1000)} messages`);
  expect(await client("committed", group, topic, 2)).toEqual([ends[0], 1000]);
  expect(await client("first", group, topic)).toEqual({ partition: 1, offset: 1000 });

  await open(page, `/groups/${group}/offsets`);
  await expect(page.getByRole("alert")).toHaveCount(0);
  await page.getByLabel("Move to").selectOption("the start of the log");
  await page.getByRole("button", { name: "Show before and after" }).click();
  await expect(preview.getByRole("row")).toHaveCount(3);
  await page.getByRole("button", { name: "Apply" }).click();
  await expect(lag).toContainText(`${grouped(3500)} messages`);
  const read = await kcat(["-G", group, "-c", "3500", "-q", "-f", "%p %o\n", topic]);
  expect(read.trim().split("\n")).toHaveLength(3500);
  expect(read).toContain("0 0\n");
  expect(read).toContain("1 0\n");

  // Deleting the group.
  await open(page, `/groups/${group}/delete`);
  await page.getByLabel("Type the name to confirm").fill(group);
  await page.getByRole("button", { name: "Delete group" }).click();
  await expect(page).toHaveURL(new RegExp(`/${cluster}/groups$`));
  expect(await client("committed", group, topic, 2)).toEqual([-1001, -1001]);
});

test("configuration is edited in place and reset", async ({ page, problems }) => {
  const topic = unique("config");
  await client("topic", topic, 1);
  await open(page, `/topics/${topic}/configuration`);
  const entry = page.getByRole("listitem").filter({ has: page.getByText("retention.ms", { exact: true }) });
  await entry.getByText("Edit", { exact: true }).click();
  await entry.getByLabel("New value of retention.ms").fill("7200000");
  await entry.getByRole("button", { name: "Save" }).click();
  await expect(page.getByText("Configuration changed")).toBeVisible();
  await expect(entry).toContainText("7200000");
  await entry.getByText("Edit", { exact: true }).click();
  await entry.getByRole("button", { name: "Reset to default" }).click();
  await expect(entry).toContainText("604800000");
  const max = page.getByRole("listitem").filter({ has: page.getByText("retention.bytes", { exact: true }) });
  await max.getByText("Edit", { exact: true }).click();
  await max.getByLabel("New value of retention.bytes").fill("a lot");
  await max.getByRole("button", { name: "Save" }).click();
  await expect(page.getByRole("alert")).toContainText("INVALID_CONFIG");
  forgetRefusals(problems);
});

// Known and open: see docs/known-gaps.md.
test.fail("a wrong field is the client's mistake, not the server's failure", async ({ page, problems }) => {
  const topic = unique("refused");
  await client("topic", topic, 1);
  await open(page, `/topics/${topic}/delete`);
  await page.getByLabel("Type the name to confirm").fill("something else");
  const [answer] = await Promise.all([
    page.waitForResponse((response) => response.request().method() === "POST" && response.url().includes("delete")),
    page.getByRole("button", { name: "Delete topic" }).click(),
  ]);
  expect(answer.status()).toBe(400);
  await expect(page.getByRole("alert")).toContainText("exactly");
  forgetRefusals(problems);
});

test("the palette leads to a topic", async ({ page }) => {
  const topic = unique("palette");
  await client("topic", topic, 1);
  await open(page);
  await page.keyboard.press("Control+k");
  const palette = page.getByRole("dialog", { name: "Search" });
  await palette.getByRole("searchbox").fill(topic.slice(4));
  await expect(palette.getByRole("link", { name: topic })).toBeVisible();
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { level: 1, name: topic })).toBeVisible();
});

test("the topic list filters as one types", async ({ page }) => {
  const topic = unique("filter");
  await client("topic", `${topic}-a`, 1);
  await client("topic", `${topic}-b`, 1);
  await open(page, "/topics");
  await page.getByRole("searchbox", { name: "Filter topics by name" }).pressSequentially(topic, { delay: 5 });
  await expect(page).toHaveURL(new RegExp(`q=${topic}`));
  const table = page.getByRole("table", { name: "Topics" });
  await expect(table.getByRole("link", { name: topic })).toHaveCount(2);
  await page.getByRole("searchbox", { name: "Filter topics by name" }).pressSequentially("-b");
  await expect(table.getByRole("link", { name: topic })).toHaveCount(1);
  await expect(page.getByRole("searchbox", { name: "Filter topics by name" })).toHaveValue(`${topic}-b`);
});

// Known and open: see docs/known-gaps.md.
test.fail("what clients create appears in lists that are open, empty ones as well", async ({ page, context }) => {
  const topic = unique("appears");
  const group = unique("appears");
  await open(page, `/topics?q=${topic}`);
  const groups = await context.newPage();
  await groups.goto(`/${cluster}/groups?q=${group}`);
  await expect(page.getByText(/No topic matches|No topics yet/)).toBeVisible();
  await expect(groups.getByText(/No group matches|No groups yet/)).toBeVisible();
  await client("topic", `${topic}-a`, 1);
  await expect(page.getByRole("link", { name: `${topic}-a` })).toBeVisible({ timeout: 10_000 });
  await client("topic", `${topic}-b`, 1);
  await expect(page.getByRole("link", { name: `${topic}-b` })).toBeVisible({ timeout: 10_000 });
  await expect(figure(page, "Topics")).toContainText("2 of");
  await write(`${topic}-a`, ["k|v"]);
  const consumer = member(group, `${topic}-a`);
  await consumer.take(1);
  await expect(groups.getByRole("link", { name: group })).toBeVisible({ timeout: 10_000 });
  await consumer.close();
});

test("markup in keys, values and headers stays text", async ({ page }) => {
  const topic = unique("markup");
  await client("topic", topic, 1);
  const hostile = '<img src=x onerror="document.title=1"><script>document.title=2</script>';
  await write(topic, [`${hostile}|${hostile}`, `${hostile}|{"${hostile.replaceAll('"', "'")}": "</script>"}`], "-H", `h=${hostile}`);
  await open(page, `/topics/${topic}?start=oldest&open=0:0`);
  await expect(page.getByRole("table", { name: "Messages" })).toContainText(hostile);
  const panel = page.getByRole("complementary", { name: "Record" });
  await expect(panel).toContainText(hostile);
  await page.getByRole("link", { name: "Open partition 0 offset 1" }).click();
  await expect(panel.getByRole("tree")).toContainText("</script>");
  await expect(page).toHaveTitle(new RegExp(topic));
});

test("loaded rows are downloaded whole and exact", async ({ page }) => {
  const topic = unique("export");
  await client("topic", topic, 1);
  await write(topic, Array.from({ length: 20 }, (_, n) => `k${n}|{"n": ${n}, "id": 9007199254740993}`));
  await open(page, `/topics/${topic}?start=oldest`);
  for (const format of ["JSON", "NDJSON", "CSV"]) {
    await page.getByText("Export", { exact: true }).click();
    const [download] = await Promise.all([
      page.waitForEvent("download"),
      page.getByRole("link", { name: format, exact: true }).click(),
    ]);
    const text = readFileSync(await download.path(), "utf8");
    expect(text.match(/9007199254740993/g), format).toHaveLength(20);
    await page.keyboard.press("Escape");
    await page.reload();
  }
});

test("who is connected stands on the overview", async ({ page }) => {
  test.skip(isAttached, "Kafka does not tell");
  const topic = unique("connected");
  await client("topic", topic, 1);
  await write(topic, ["k|v"]);
  const consumer = member(unique("connected"), topic);
  await consumer.take(1);
  await open(page);
  const row = page.getByRole("table", { name: "Connections" }).getByRole("row").filter({ hasText: "e2e-member" });
  await expect(row.first()).toContainText(/librdkafka|confluent-kafka/);
  await consumer.close();
  await expect(row).toHaveCount(0);
});

test("one button fills an empty cluster, one of two groups falls behind", async ({ page }) => {
  test.skip(isAttached, "the demo runs in the embedded broker");
  await open(page);
  const stop = page.getByRole("button", { name: "Stop demo" });
  // A run that was broken off may have left it going.
  if (await stop.isVisible()) await stop.click();
  await page.getByRole("button", { name: "Start demo" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "demo.orders" })).toBeVisible();
  await expect(page.getByRole("table", { name: "Messages" }).getByRole("link").first()).toBeVisible({ timeout: 10_000 });
  // The overview names the worst groups only; the list has all.
  const known = async () => {
    const answer = await page.request.get(`/api/v1/clusters/${cluster}/groups?filter=demo-`);
    return (await answer.text()).match(/demo-(billing|archive)/g)?.length ?? 0;
  };
  await expect.poll(known, { timeout: 15_000 }).toBeGreaterThanOrEqual(2);
  await open(page, "/groups?q=demo-");
  for (const name of ["demo-billing", "demo-archive"]) await expect(page.getByRole("link", { name })).toBeVisible();
  await open(page);
  await stop.click();
  await expect(page.getByRole("button", { name: "Start demo" })).toBeVisible();
});

test("a large value does not freeze the page", async ({ page }) => {
  test.skip(isAttached, "Kafka's default limit is 1 MB, as is ours; 900 KB is what both take");
  const topic = unique("large");
  await client("topic", topic, 1);
  const value = JSON.stringify({ rows: Array.from({ length: 20_000 }, (_, n) => ({ n, text: `row number ${n}` })) });
  await write(topic, [`big|${value}`]);
  await open(page, `/topics/${topic}/records/0/0`);
  const tree = page.getByRole("tree", { name: "Value" });
  await expect(tree).toBeVisible();
  await expect(page.getByText(/The tree shows the first/)).toBeVisible();
  await page.getByRole("button", { name: "Read on" }).click();
  await expect(page.getByRole("button", { name: "Read on" })).toBeVisible();
  expect(await page.evaluate(() => document.querySelectorAll("*").length)).toBeLessThan(5_000);
});

test("theme and time zone survive a reload", async ({ page }) => {
  await open(page);
  await page.getByRole("button", { name: "Theme: system" }).click();
  await page.getByRole("button", { name: "Theme: light" }).click();
  await expect(page.locator("html")).toHaveAttribute("data-theme", "dark");
  await page.reload();
  await expect(page.getByRole("button", { name: "Theme: dark" })).toBeVisible();
  await expect(page.locator("html")).toHaveAttribute("data-theme", "dark");
});

test("an unknown topic says so", async ({ page, problems }) => {
  const answer = await page.goto(`/${cluster}/topics/${unique("missing")}`);
  expect(answer.status()).toBe(404);
  await expect(page.getByRole("main").getByRole("alert").first()).toBeVisible();
  // Chromium reports the status of the document itself.
  const own = problems.splice(0).filter((text) => !text.includes("404"));
  expect(own).toEqual([]);
});
