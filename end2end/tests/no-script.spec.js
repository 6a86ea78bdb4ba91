// Without JavaScript: every page holds its content when it comes from the server, and forms work.
import { client, cluster, expect, figure, grouped, kafka, kcat, member, test, unique, write } from "./support.js";

const topic = unique("plain");
const group = unique("plain-group");

test.beforeAll(async () => {
  await client("topic", topic, 2);
  const lines = Array.from({ length: 120 }, (_, n) => `k${n}|{"plain": ${n}, "id": 9007199254740993}`);
  await write(topic, lines, "-p", "0");
  const consumer = member(group, topic);
  expect((await consumer.take(50)).missing).toBe(0);
  await consumer.close();
});

const pages = [
  ["overview", "", async (page) => {
    await expect(page.getByRole("heading", { level: 1, name: "Overview" })).toBeVisible();
    await expect(figure(page, "Topics")).toContainText(/\d/);
    await expect(page.getByText(kafka).first()).toBeVisible();
  }],
  ["topics", `/topics?q=${topic}`, async (page) => {
    await expect(page.getByRole("link", { name: topic, exact: true })).toBeVisible();
  }],
  ["create topic", "/create-topic", async (page) => {
    await expect(page.getByLabel("Name", { exact: true })).toBeVisible();
    await expect(page.getByLabel("Keep for (ms)")).toHaveAttribute("placeholder", /604800000/);
  }],
  ["messages", `/topics/${topic}`, async (page) => {
    const messages = page.getByRole("table", { name: "Messages" });
    await expect(messages.getByRole("row").filter({ hasText: '"plain": 119' })).toBeVisible();
    await expect(messages.getByRole("link", { name: /^Open partition/ })).toHaveCount(50);
  }],
  ["messages, oldest", `/topics/${topic}?start=oldest`, async (page) => {
    const messages = page.getByRole("table", { name: "Messages" });
    await expect(messages.getByRole("link", { name: "Open partition 0 offset 0" })).toBeVisible();
    await page.getByRole("link", { name: "Further" }).click();
    await expect(messages.getByRole("link", { name: "Open partition 0 offset 50" })).toBeVisible();
  }],
  ["partitions", `/topics/${topic}/partitions`, async (page) => {
    const row = page.getByRole("table", { name: "Partitions" }).getByRole("row").nth(1);
    await expect(row.getByRole("cell").nth(3)).toHaveText("120");
  }],
  ["consumers", `/topics/${topic}/consumers`, async (page) => {
    await expect(page.getByRole("link", { name: group })).toBeVisible();
    await expect(page.getByRole("table", { name: "Groups" }).getByRole("row").nth(1)).toContainText("70");
  }],
  ["configuration", `/topics/${topic}/configuration`, async (page) => {
    await expect(page.getByText("retention.ms", { exact: true })).toBeVisible();
  }],
  ["record", `/topics/${topic}/records/0/7`, async (page) => {
    await expect(page.getByRole("main")).toContainText("9007199254740993");
    await expect(page.getByRole("link", { name: "Next in partition →" })).toBeVisible();
  }],
  ["produce", `/topics/${topic}/produce`, async (page) => {
    await expect(page.getByLabel("Value", { exact: true })).toBeVisible();
  }],
  ["delete topic", `/topics/${topic}/delete`, async (page) => {
    await expect(page.getByText("120 messages in 2 partitions go for good")).toBeVisible();
  }],
  ["groups", `/groups?q=${group}`, async (page) => {
    const row = page.getByRole("row").filter({ has: page.getByRole("link", { name: group }) });
    await expect(row).toContainText("70");
  }],
  ["group", `/groups/${group}`, async (page) => {
    await expect(figure(page, "Lag")).toContainText("70");
    await expect(page.getByRole("table", { name: "Partitions" })).toContainText("120");
  }],
  ["offsets", `/groups/${group}/offsets?to=earliest`, async (page) => {
    await expect(page.getByRole("table", { name: "Before and after" })).toContainText("reads 50 again");
  }],
  ["delete group", `/groups/${group}/delete`, async (page) => {
    await expect(page.getByLabel("Type the name to confirm")).toBeVisible();
  }],
  ["cluster", "/cluster", async (page) => {
    await expect(page.getByRole("table", { name: "Brokers" })).toContainText(kafka);
  }],
];

for (const [name, path, look] of pages) {
  test(`${name} is there without JavaScript`, async ({ page }) => {
    // Lag and counts come from the sampler, which may be a second behind the consumer.
    await expect(async () => {
      const answer = await page.goto(`/${cluster}${path}`);
      expect(answer.status()).toBe(200);
      await look(page);
    }).toPass({ timeout: 10_000, intervals: [250] });
    // Nothing waits for a script that does not come.
    await expect(page.locator("[aria-busy=true]")).toHaveCount(0);
  });
}

test("the topic filter is a form that works", async ({ page }) => {
  await page.goto(`/${cluster}/topics`);
  await page.getByRole("searchbox", { name: "Filter topics by name" }).fill(topic);
  await page.getByRole("button", { name: "Filter" }).click();
  await expect(page).toHaveURL(new RegExp(`q=${topic}`));
  await expect(page.getByRole("link", { name: topic, exact: true })).toBeVisible();
  await expect(page.getByRole("table", { name: "Topics" }).getByRole("row")).toHaveCount(2);
  await page.getByRole("searchbox", { name: "Filter topics by name" }).fill(`${topic}-nothing`);
  await page.getByRole("button", { name: "Filter" }).click();
  await expect(page.getByText("No topic matches")).toBeVisible();
});

test("the message search is a form that works", async ({ page }) => {
  await page.goto(`/${cluster}/topics/${topic}`);
  await page.getByRole("searchbox", { name: "Search messages" }).fill('"plain": 77,');
  await page.getByRole("button", { name: "Search", exact: true }).click();
  await expect(page.getByRole("link", { name: "Open partition 0 offset 77" })).toBeVisible();
  await page.getByRole("link", { name: "Open partition 0 offset 77" }).click();
  await expect(page.getByRole("complementary", { name: "Record" })).toContainText("9007199254740993");
});

test("a topic is made, written to and deleted by plain forms", async ({ page }) => {
  const made = unique("by-form");
  await page.goto(`/${cluster}/create-topic`);
  await page.getByLabel("Name", { exact: true }).fill(made);
  await page.getByLabel("Partitions", { exact: true }).fill("2");
  await page.getByRole("button", { name: "Create topic" }).click();
  await expect(page.getByRole("heading", { level: 1, name: made })).toBeVisible();
  await page.getByRole("link", { name: "Produce", exact: true }).click();
  await page.getByLabel("Value", { exact: true }).fill("written without a script");
  await page.getByLabel("Partition", { exact: true }).selectOption("1");
  await page.getByRole("button", { name: "Produce" }).click();
  await expect(page.getByText("written without a script").first()).toBeVisible();
  expect(await kcat(["-C", "-t", made, "-p", "1", "-o", "beginning", "-e", "-q"])).toBe("written without a script\n");

  await page.goto(`/${cluster}/topics/${made}/delete`);
  await page.getByLabel("Type the name to confirm").fill("wrong");
  await page.getByRole("button", { name: "Delete topic" }).click();
  await expect(page.getByText(/exactly to confirm/)).toBeVisible();
  await page.goto(`/${cluster}/topics/${made}/delete`);
  await page.getByLabel("Type the name to confirm").fill(made);
  await page.getByRole("button", { name: "Delete topic" }).click();
  await expect(page).toHaveURL(new RegExp(`/${cluster}/topics$`));
});

test("a group's offsets are moved by plain forms", async ({ page }) => {
  const other = unique("moved");
  const consumer = member(other, topic);
  expect((await consumer.take(120)).missing).toBe(0);
  await consumer.close();
  await page.goto(`/${cluster}/groups/${other}/offsets`);
  await page.getByLabel("Move to").selectOption("an offset");
  await page.getByLabel("Offset, time or number").fill("33");
  await page.getByLabel("Partition", { exact: true }).fill("0");
  await page.getByRole("button", { name: "Show before and after" }).click();
  await expect(page.getByRole("table", { name: "Before and after" })).toContainText(`reads ${grouped(87)} again`);
  await page.getByRole("button", { name: "Apply" }).click();
  await expect(page).toHaveURL(new RegExp(`/groups/${other}$`));
  expect((await client("committed", other, topic, 2))[0]).toBe(33);
});
