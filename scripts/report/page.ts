// A report as one HTML file: no network, no script, readable in light and dark and on paper.
import { escapeText } from "./charts.ts";

export type PagePart =
  | { readonly kind: "heading"; readonly text: string }
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "chart"; readonly svg: string }
  | {
      readonly kind: "table";
      readonly headings: readonly string[];
      readonly rows: readonly (readonly string[])[];
    };

const STYLE = `
:root { color-scheme: light dark; --ink: #1b1f24; --soft: #59636e; --rule: #d1d9e0; --paper: #ffffff;
  --c0: #2563a8; --c1: #c2571a; --c2: #2f855a; --c3: #8a4baf; --c4: #7a7f87; }
@media (prefers-color-scheme: dark) { :root { --ink: #e6e9ed; --soft: #9aa4af; --rule: #3a424b; --paper: #14181d;
  --c0: #6ba6e8; --c1: #f0935a; --c2: #6cc698; --c3: #c58be0; --c4: #a3a9b1; } }
body { font: 15px/1.5 system-ui, sans-serif; color: var(--ink); background: var(--paper); max-width: 62rem; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.5rem; } h2 { font-size: 1.15rem; margin-top: 2.2rem; border-bottom: 1px solid var(--rule); }
table { border-collapse: collapse; font-size: 0.86rem; margin: 0.6rem 0; display: block; overflow-x: auto; }
th, td { text-align: left; padding: 0.22rem 0.7rem 0.22rem 0; border-bottom: 1px solid var(--rule); vertical-align: top; }
th { color: var(--soft); font-weight: 600; } td { font-variant-numeric: tabular-nums; }
td.holds { color: var(--c2); font-weight: 600; } td.fails { color: var(--c1); font-weight: 600; }
svg { width: 100%; max-width: 760px; height: auto; margin: 0.8rem 0; display: block; }
svg text { font: 12px system-ui, sans-serif; fill: var(--ink); } svg .title { font-size: 14px; font-weight: 600; }
.s0 { fill: var(--c0); } .s1 { fill: var(--c1); } .s2 { fill: var(--c2); } .s3 { fill: var(--c3); } .s4 { fill: var(--c4); }
.l0, .l1, .l2, .l3, .l4 { fill: none; stroke-width: 2; } .l0 { stroke: var(--c0); } .l1 { stroke: var(--c1); }
.l2 { stroke: var(--c2); } .l3 { stroke: var(--c3); } .l4 { stroke: var(--c4); }
.whisker { stroke: var(--ink); stroke-width: 1.5; } .grid { stroke: var(--rule); } .diagonal { stroke: var(--soft); stroke-dasharray: 3 3; }
.mark { stroke: var(--c1); stroke-dasharray: 6 4; stroke-width: 1.5; }
`;

export function htmlPage(title: string, parts: readonly PagePart[]): string {
  const body = parts.map(renderPart).join("\n");
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${escapeText(title)}</title><style>${STYLE}</style></head>
<body><h1>${escapeText(title)}</h1>
${body}
</body></html>
`;
}

function renderPart(part: PagePart): string {
  switch (part.kind) {
    case "heading":
      return `<h2>${escapeText(part.text)}</h2>`;
    case "text":
      return `<p>${escapeText(part.text)}</p>`;
    case "chart":
      return part.svg;
    case "table": {
      const head = part.headings.map((cell) => `<th>${escapeText(cell)}</th>`).join("");
      const rows = part.rows.map((row) => `<tr>${row.map(renderCell).join("")}</tr>`).join("\n");
      return `<table><thead><tr>${head}</tr></thead><tbody>\n${rows}\n</tbody></table>`;
    }
  }
}

function renderCell(cell: string): string {
  const name = cell === "holds" ? ' class="holds"' : cell === "falls short" ? ' class="fails"' : "";
  return `<td${name}>${escapeText(cell)}</td>`;
}
