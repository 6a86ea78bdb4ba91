// What every test shares: a page that fails on any error in the browser's console, and real Kafka clients.
import { test as base, expect } from "@playwright/test";
import { execFile, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { randomBytes } from "node:crypto";
import { fileURLToPath } from "node:url";

export { expect };
export const kafka = process.env.FRESHET_KAFKA;
export const isAttached = Boolean(process.env.FRESHET_ATTACHED);
export const cluster = isAttached ? "cluster" : "local";
const python = process.env.FRESHET_PYTHON ?? "python3";
const clientProgram = fileURLToPath(new URL("client.py", import.meta.url));

/// Any console error, uncaught exception or breach of the content security policy fails the test.
export const test = base.extend({
  problems: async ({}, use) => {
    await use([]);
  },
  page: async ({ page, problems }, use) => {
    watch(page, problems);
    await page.addInitScript(() => {
      addEventListener("securitypolicyviolation", (event) => {
        console.error(`CSP: ${event.violatedDirective} blocked ${event.blockedURI} ${event.sample}`);
      });
    });
    await use(page);
    expect(problems, "errors in the browser").toEqual([]);
  },
});

function watch(page, problems) {
  page.on("console", (message) => {
    if (message.type() === "error") {
      problems.push(`${message.text()} (${message.location().url}) on ${page.url()}`);
    }
  });
  page.on("pageerror", (error) => problems.push(`${error} on ${page.url()}`));
}

/// Takes away what Chromium itself says about a request that the server refused, as it should have.
export function forgetRefusals(problems) {
  const others = problems.filter((text) => !/^Failed to load resource: .* \(.*\/api\/ui\//.test(text));
  problems.splice(0, problems.length, ...others);
}

/// A name that no other test or run has.
export function unique(what) {
  return `e2e-${what}-${randomBytes(4).toString("hex")}`;
}

/// Numbers as the console writes them.
export function grouped(number) {
  return String(number).replace(/\B(?=(\d{3})+$)/g, "\u202f");
}

/// Opens a page of the cluster and waits until its script runs.
export async function open(page, path = "") {
  const answer = await page.goto(`/${cluster}${path}`);
  expect(answer.status(), path).toBe(200);
  await expect(page.locator("html")).toHaveAttribute("data-js", "1");
}

/// The figure with that label in the strip at the top of a page.
export function figure(page, label) {
  const entry = page.locator("dl > div").filter({ has: page.getByText(label, { exact: true }) });
  return entry.getByRole("definition").first();
}

/// Runs a program to its end; `input` goes to its standard input.
export function run(program, args, input = "") {
  return new Promise((resolve, reject) => {
    const child = execFile(program, args, { timeout: 40_000, maxBuffer: 64 << 20 }, (error, out, err) => {
      if (error) reject(new Error(`${program} ${args.join(" ")}: ${error.message}\n${err}`));
      else resolve(out);
    });
    // A program that reads nothing may be gone already; its exit says whether all is well.
    child.stdin.on("error", () => {});
    child.stdin.end(input);
  });
}

export function kcat(args, input) {
  return run("kcat", ["-b", kafka, ...args], input);
}

/// Writes lines as records, `key|value` each.
export function write(topic, lines, ...args) {
  return kcat(["-P", "-t", topic, "-K", "|", ...args], lines.map((line) => `${line}\n`).join(""));
}

/// Runs a command of client.py and reads the JSON that it prints.
export async function client(command, ...args) {
  const out = await run(python, [clientProgram, kafka, command, ...args.map(String)]);
  return JSON.parse(out);
}

/// A consumer in a group, that reads and commits exactly as many records as it is told.
export function member(group, topic) {
  const child = spawn(python, [clientProgram, kafka, "member", group, topic], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  const answers = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const tell = async (line) => {
    child.stdin.write(`${line}\n`);
    const { value, done } = await answers.next();
    if (done) throw new Error("the consumer ended");
    return JSON.parse(value);
  };
  return { take: (count) => tell(`take ${count}`), close: () => tell("close") };
}
