// Node wants an import attribute for JSON modules; the published parser has none.
import { register } from "node:module";

const loader = `export async function load(url, context, next) {
  const attributes = url.endsWith(".json") ? { type: "json" } : {};
  return next(url, {
    ...context,
    importAttributes: { ...context.importAttributes, ...attributes },
  });
}`;
register("data:text/javascript," + encodeURIComponent(loader));
