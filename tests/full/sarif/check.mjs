// SARIF logs through Microsoft's validator, with the rules of the format and those of
// GitHub's code scanning: node check.mjs FOLDER
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, readdirSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

// Not met on purpose: the tool has no address of its own to lead to. Each log has to be
// told so: of one that it cannot read, such as one with an unknown level, the validator
// says nothing at all, and succeeds.
const isAccepted = ({ ruleId, message }) =>
  ruleId === "SARIF2005" && message.id === "Warning_ProvideToolnformationUri";
// The package's own command passes its arguments through a shell, which would end the
// command at the semicolon.
const tool = createRequire(import.meta.url)("@microsoft/sarif-multitool");
const configuration = join(dirname(fileURLToPath(import.meta.url)), "configuration.xml");
const [folder] = process.argv.slice(2);
const said = join(mkdtempSync(join(tmpdir(), "sarif-")), "said.sarif");
let problems = 0;
const logs = readdirSync(folder).filter((name) => name.endsWith(".sarif"));
for (const name of logs) {
  const options = ["--rule-kind", "Sarif;Ghas", "--config", configuration];
  const output = ["--output", said, "--log", "ForceOverwrite", "--quiet"];
  const run = spawnSync(tool, ["validate", join(folder, name), ...options, ...output], {
    encoding: "utf-8",
  });
  if (run.error || ![0, 1].includes(run.status)) {
    console.error(`${name}: the validator did not run`, run.error ?? run.stderr);
    process.exit(1);
  }
  const [{ results = [], invocations = [], tool: own }] = JSON.parse(readFileSync(said, "utf-8")).runs;
  const failed = invocations.flatMap((each) => each.toolExecutionNotifications ?? []).filter((each) => each.level === "error");
  for (const each of failed) {
    problems += 1;
    console.error(`${name}: ${each.message.text}`);
  }
  if (!results.some(isAccepted)) {
    problems += 1;
    console.error(`${name}: the validator could not read it`);
  }
  for (const each of results) {
    const level = each.level ?? "warning";
    if (!["error", "warning"].includes(level) || isAccepted(each)) continue;
    problems += 1;
    const rule = own.driver.rules[each.ruleIndex];
    const text = rule.messageStrings[each.message.id]?.text ?? each.message.text;
    console.error(`${name}: ${level} ${each.ruleId}`, each.message.arguments ?? [], text);
  }
}
if (!logs.length || problems) process.exit(1);
console.log(`SARIF: ${logs.length} logs are valid, for code scanning too (sarif-multitool)`);
