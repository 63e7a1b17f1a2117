// Charts, tables and pages: whatever a label holds, the page stays one page and asks nobody for anything.
import fc from "fast-check";
import { expect, it } from "vitest";
import { drawBars, drawPoints, escapeText } from "../../scripts/report/charts.ts";
import { htmlPage } from "../../scripts/report/page.ts";
import { interval, textTable } from "../../scripts/report/text-table.ts";

const wild = fc.string({
  unit: fc.constantFrom("<", ">", "&", '"', "'", "\u0000", "\u001b", "/", "a", "é", "😀"),
});

/** Tags and quoted attributes of our own writing removed, no markup is left. */
function textOnly(markup: string): string {
  return markup.replace(/<\/?[a-z0-9!]+(?: [a-zA-Z0-9-]+="[^"<>]*")*\/?>/g, "");
}

it("escaped text holds nothing that a parser would take for markup", () => {
  fc.assert(
    fc.property(wild, (text) => {
      expect(escapeText(text)).not.toMatch(/[<>"'\u0000-\u0008\u000b-\u001f]/);
    }),
  );
});

it("a bar chart keeps labels, units and notes as text", () => {
  fc.assert(
    fc.property(wild, wild, fc.double(), (label, unit, value) => {
      const svg = drawBars({
        title: label,
        unit,
        series: [label],
        bars: [
          { label, value, note: unit },
          { label, value, high: 3 },
        ],
      });
      expect(textOnly(svg)).not.toMatch(/[<>]/);
      expect(svg).not.toContain("NaN");
      expect(svg).not.toContain('Infinity"');
    }),
  );
});

it("points outside the axes are drawn at their ends", () => {
  const svg = drawPoints({
    title: "t",
    xLabel: "x",
    yLabel: "y",
    xMost: 1,
    yMost: 1,
    series: [{ name: "s", isLine: false, points: [{ x: 5, y: 7 }] }],
  });
  expect(svg).toContain('cx="580.0" cy="40.0"');
});

it("an empty chart is a chart", () => {
  expect(drawBars({ title: "nothing", unit: "ms", bars: [] })).toContain("nothing");
});

it("a page asks nobody for anything and follows light and dark", () => {
  const page = htmlPage("<title>", [
    { kind: "heading", text: "a & b" },
    { kind: "text", text: "</p><script>x</script>" },
    { kind: "table", headings: ["<th>"], rows: [["<td>", "holds"]] },
  ]);
  expect(page).not.toMatch(/https?:|src=|<script|@import|url\(/);
  expect(page).toContain("default-src 'none'");
  expect(page).toContain("prefers-color-scheme: dark");
  expect(page).toContain("&lt;script&gt;");
});

it("a table is as wide as its cells, with numbers to the right", () => {
  expect(
    textTable(
      ["name", "ms"],
      [
        ["a long name", "5"],
        ["b", "1234"],
      ],
    ),
  ).toBe(["name         ms", "-----------  ----", "a long name     5", "b            1234"].join("\n"));
  expect(interval({ value: 0.5, low: 0.25, high: 0.75 })).toBe("50.0 % [25.0, 75.0]");
});
