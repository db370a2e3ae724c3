// Read action.yml and workflows with GitHub's own parser; exit 1 on any error.
import fs from "node:fs";
import { NoOperationTraceWriter, convertWorkflowTemplate, parseWorkflow } from "@actions/workflow-parser";
import { convertActionTemplate, parseAction } from "@actions/workflow-parser/actions/index";

const described = (error) => {
  const start = error.range?.start;
  return `${start ? `${start.line}:${start.column} ` : ""}${error.rawMessage ?? error.message}`;
};

let failed = false;
for (const name of process.argv.slice(2)) {
  const isAction = /(^|\/)action\.ya?ml$/.test(name);
  const file = { name, content: fs.readFileSync(name, "utf8") };
  const parsed = (isAction ? parseAction : parseWorkflow)(file, new NoOperationTraceWriter());
  const errors = parsed.context.errors.getErrors().map(described);
  let found = "";
  if (parsed.value && errors.length === 0) {
    if (isAction) {
      const action = convertActionTemplate(parsed.context, parsed.value);
      found = `${action.inputs?.length ?? 0} inputs, ${action.outputs?.length ?? 0} outputs`;
    } else {
      const workflow = await convertWorkflowTemplate(parsed.context, parsed.value);
      errors.push(...(workflow.errors ?? []).map(described));
      found = `${workflow.jobs?.length ?? 0} jobs`;
    }
  }
  console.log(`${name}: ${errors.length ? "" : `accepted by GitHub's parser, ${found}`}`);
  for (const error of errors) console.log(`  ${error}`);
  failed ||= errors.length > 0;
}
process.exit(failed ? 1 : 0);
