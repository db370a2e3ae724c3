"use strict";
(() => {
  const SEVERITIES = ["critical", "high", "medium", "low"];
  const FIRST = 100;
  const byId = (id) => document.getElementById(id);
  const table = byId("findings-table");
  let showAgain = () => {};

  if (table) {
    const body = table.tBodies[0];
    const rows = [...body.rows];
    const place = new Map(rows.map((row, at) => [row, at]));
    const rank = new Map(
      rows.map((row) => [row, SEVERITIES.findIndex((each) => row.classList.contains(each))]),
    );
    const cell = (row, at) => row.cells[at].textContent;
    const collator = new Intl.Collator("en", { numeric: true });
    const [words, severity, standing, component] = ["words", "severity", "standing", "component"].map(byId);
    const texts = new Map();
    const text = (row) => {
      if (!texts.has(row)) texts.set(row, row.textContent.toLowerCase());
      return texts.get(row);
    };
    let all = false;

    const fits = (row, asked) =>
      (!severity.value || row.classList.contains(severity.value)) &&
      (!standing.value || row.classList.contains(standing.value)) &&
      (!component.value || cell(row, 2) === component.value) &&
      asked.every((word) => text(row).includes(word));

    const show = () => {
      const asked = words.value.toLowerCase().split(/\s+/).filter(Boolean);
      let found = 0;
      for (const row of body.rows) {
        const fit = fits(row, asked);
        found += fit;
        row.hidden = !fit || (!all && found > FIRST);
      }
      const shown = all ? found : Math.min(found, FIRST);
      const numbers = [shown, rows.length].map((each) => each.toLocaleString("en"));
      byId("shown").textContent = shown < rows.length ? `${numbers[0]} of ${numbers[1]} shown` : "";
      byId("rest").hidden = shown === found;
      byId("all").textContent = `Show all ${found.toLocaleString("en")}`;
    };

    const sort = (at, heading) => {
      const upwards = heading.getAttribute("aria-sort") !== "ascending";
      for (const each of table.tHead.rows[0].cells) each.removeAttribute("aria-sort");
      heading.setAttribute("aria-sort", upwards ? "ascending" : "descending");
      const keys = new Map(rows.map((row) => [row, at ? cell(row, at).trim() : rank.get(row)]));
      const compare = at ? collator.compare : (a, b) => a - b;
      const sign = upwards ? 1 : -1;
      const sorted = [...rows].sort(
        (a, b) => sign * compare(keys.get(a), keys.get(b)) || place.get(a) - place.get(b),
      );
      body.append(...sorted);
      show();
    };

    [...table.tHead.rows[0].cells].forEach((heading, at) => {
      const button = document.createElement("button");
      button.type = "button";
      button.textContent = heading.textContent;
      button.addEventListener("click", () => sort(at, heading));
      heading.replaceChildren(button);
    });
    table.tHead.rows[0].cells[0].setAttribute("aria-sort", "ascending");

    for (const name of [...new Set(rows.map((row) => cell(row, 2)))].sort(collator.compare))
      component.add(new Option(name, name));
    for (const control of [severity, standing, component]) control.addEventListener("change", show);
    words.addEventListener("input", show);
    byId("all").addEventListener("click", () => {
      const next = [...body.rows].find((row) => row.hidden);
      all = true;
      show();
      next?.querySelector("summary").focus();
    });
    showAgain = () => {
      for (const control of [words, severity, standing, component]) control.value = "";
      all = true;
      show();
    };
    byId("controls").hidden = false;
    show();
  }

  // Without the script the contents stay open; on a phone they would fill the screen.
  const narrow = matchMedia("(max-width: 64rem)");
  const fold = () => (byId("contents").open = !narrow.matches);
  narrow.addEventListener("change", fold);
  fold();

  const reveal = () => {
    const target = byId(location.hash.slice(1));
    if (!target) return;
    if (target.hidden) showAgain();
    for (let each = target; each; each = each.parentElement)
      if (each.localName === "details") each.open = true;
    if (target.localName === "tr") {
      target.querySelector("details").open = true;
      target.scrollIntoView({ block: "start" });
    }
  };
  addEventListener("hashchange", reveal);
  if (location.hash) reveal();

  // Paper cannot be clicked.
  let folded = [];
  addEventListener("beforeprint", () => {
    folded = [...document.querySelectorAll("details:not([open])")];
    for (const each of folded) each.open = true;
  });
  addEventListener("afterprint", () => {
    for (const each of folded) each.open = false;
  });
})();
