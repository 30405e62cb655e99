// Prints twelve figures about our own sources beside the goals we hold them to.
// usage: node scripts/measure.mjs [--largest]     with the names of the largest files and functions
import { dirname } from 'node:path/posix';
import ts from 'typescript';
import { importCycles } from './measure/import-cycles.mjs';
import { nodesOf, sources, tests, visit } from './measure/source-tree.mjs';

const wantsLargest = process.argv.includes('--largest');
/** Tables, not logic: long because there is much to list. */
const dataFile = /\/migrations\/|error-codes\.ts$/;

const sum = (numbers) => numbers.reduce((total, number) => total + number, 0);
const percent = (part, whole) => (whole === 0 ? 0 : (100 * part) / whole);

function quantiles(numbers) {
  const sorted = numbers.toSorted((a, b) => a - b);
  const at = (share) =>
    sorted[Math.min(sorted.length - 1, Math.ceil(share * sorted.length) - 1)] ?? 0;
  return { median: at(0.5), p95: at(0.95), max: sorted.at(-1) ?? 0 };
}

/** Everything that can be called and has a block for a body; nested ones count alone and in their parent. */
const functions = nodesOf(
  sources,
  (node) =>
    ts.isFunctionLike(node) && 'body' in node && node.body !== undefined && ts.isBlock(node.body),
).map(({ node, path, tree }) => {
  const line = (position) => tree.getLineAndCharacterOfPosition(position).line + 1;
  const start = line(node.getStart());
  return { where: `${path}:${start}`, path, lines: line(node.end) - start + 1 };
});

function innerBarrels() {
  const indexes = sources.filter(({ path }) => path.endsWith('/index.ts')).map(({ path }) => path);
  const isDoor = (path) => /^libs\/[^/]+\/src\/index\.ts$/.test(path);
  const admin = indexes.filter((path) => path.startsWith('apps/admin/')).length;
  return { server: indexes.filter((path) => !isDoor(path)).length - admin, admin };
}

const suppression =
  /@ts-(ignore|expect-error|nocheck)|(eslint|oxlint|biome|prettier)-(disable|ignore)/g;

function looseness() {
  const anys = nodesOf(sources, (node) => node.kind === ts.SyntaxKind.AnyKeyword).length;
  const suppressions = sum(sources.map(({ text }) => text.match(suppression)?.length ?? 0));
  return { anys, suppressions };
}

function exportsOfLibraries() {
  const isExported = (node) =>
    ts.isSourceFile(node.parent ?? node) === true &&
    ts.canHaveModifiers(node) &&
    (ts.getModifiers(node) ?? []).some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword);
  const found = nodesOf(
    sources.filter(({ path }) => path.startsWith('libs/')),
    isExported,
  );
  const documented = found.filter(({ node }) => ts.getJSDocCommentsAndTags(node).length > 0);
  return { count: found.length, documented: documented.length };
}

/** Lines that hold nothing but comment. */
function commentLines({ text, tree }) {
  const lines = text.split('\n');
  const isComment = lines.map(() => false);
  const note = ({ pos, end }) => {
    const from = tree.getLineAndCharacterOfPosition(pos).line;
    const to = tree.getLineAndCharacterOfPosition(end).line;
    for (let line = from; line <= to; line += 1) {
      if (/^\s*(\/\/|\/\*|\*)/.test(lines[line]) || (line > from && line < to))
        isComment[line] = true;
    }
  };
  visit(tree, (node) => {
    for (const range of ts.getLeadingCommentRanges(text, node.pos) ?? []) note(range);
    for (const range of ts.getTrailingCommentRanges(text, node.end) ?? []) note(range);
  });
  return isComment.filter(Boolean).length;
}

function testRatio(prefix) {
  const own = (source) => source.path.startsWith(prefix);
  return (
    sum(tests.filter(own).map(({ lines }) => lines)) /
    sum(sources.filter(own).map(({ lines }) => lines))
  );
}

function folders() {
  const sizes = new Map();
  for (const { path } of sources) sizes.set(dirname(path), (sizes.get(dirname(path)) ?? 0) + 1);
  const depth = ([folder]) => folder.split('/src')[1].split('/').length - 1;
  const entries = [...sizes];
  return { depth: Math.max(...entries.map(depth)), files: Math.max(...sizes.values()) };
}

const largestConstructor = Math.max(
  0,
  ...nodesOf(
    sources.filter(({ path }) => path.startsWith('apps/api/')),
    ts.isConstructorDeclaration,
  )
    .filter(
      ({ node }) =>
        ts.canHaveDecorators(node.parent) && (ts.getDecorators(node.parent) ?? []).length > 0,
    )
    .map(({ node }) => node.parameters.length),
);

const logic = sources.filter(({ path }) => !dataFile.test(path));
const sourceLines = sum(sources.map(({ lines }) => lines));
const file = quantiles(logic.map(({ lines }) => lines));
const fn = quantiles(functions.map(({ lines }) => lines));
const streamFunctions = functions.filter(({ path }) =>
  /^libs\/translation\/.*(stream|event-tap|part-sequencer|assembler)/.test(path),
);
const largestStreamFunction = quantiles(streamFunctions.map(({ lines }) => lines)).max;
const longShare = percent(functions.filter(({ lines }) => lines > 50).length, functions.length);
const cycles = importCycles(sources);
const barrels = innerBarrels();
const { anys, suppressions } = looseness();
const exported = exportsOfLibraries();
const documentedShare = percent(exported.documented, exported.count);
const commentShare = percent(sum(sources.map(commentLines)), sourceLines);
const ratio = sum(tests.map(({ lines }) => lines)) / sourceLines;
const translationRatio = testRatio('libs/translation/');
const { depth, files: filesPerFolder } = folders();
const perThousand = (count) => (1000 * count) / sourceLines;
const triple = ({ median, p95, max }) => `${median} / ${p95} / ${max}`;

const rows = [
  [
    'file length median / p95 / max',
    triple(file),
    '80 / 220 / 300',
    file.median <= 80 && file.p95 <= 220 && file.max <= 300,
  ],
  [
    'function length median / p95 / max',
    triple(fn),
    '12 / 35 / 60',
    fn.median <= 12 && fn.p95 <= 35 && fn.max <= 60,
  ],
  ['functions over 50 lines', `${longShare.toFixed(1)} %`, '1 %', longShare <= 1],
  [
    'largest function in stream translation',
    String(largestStreamFunction),
    '60',
    largestStreamFunction <= 60,
  ],
  [
    'import cycles, groups / files',
    `${cycles.length} / ${cycles.flat().length}`,
    '0',
    cycles.length === 0,
  ],
  [
    'inner barrels (panel: one per resource)',
    `${barrels.server} (${barrels.admin})`,
    '0',
    barrels.server === 0,
  ],
  [
    'any / suppressions per 1 000 lines',
    `${perThousand(anys).toFixed(2)} / ${perThousand(suppressions).toFixed(2)}`,
    '0 / 0.2',
    anys === 0 && perThousand(suppressions) <= 0.2,
  ],
  [
    'documented exports in libs',
    `${documentedShare.toFixed(0)} %`,
    'at least 70 %',
    documentedShare >= 70,
  ],
  [
    'comment lines',
    `${commentShare.toFixed(1)} %`,
    '10-20 %',
    commentShare >= 10 && commentShare <= 20,
  ],
  [
    'test : source, all / translation',
    `${ratio.toFixed(2)} / ${translationRatio.toFixed(2)}`,
    'at least 1.5 / 2.5',
    ratio >= 1.5 && translationRatio >= 2.5,
  ],
  [
    'folder depth / files per folder, max',
    `${depth} / ${filesPerFolder}`,
    '3 / 15',
    depth <= 3 && filesPerFolder <= 15,
  ],
  [
    'constructor parameters, Nest classes, max',
    String(largestConstructor),
    '6',
    largestConstructor <= 6,
  ],
];

console.log(
  `${sources.length} source files, ${sourceLines} lines; ${tests.length} test files, ${sum(tests.map(({ lines }) => lines))} lines\n`,
);
rows.forEach(([point, value, goal, isMet], index) => {
  const number = String(index + 1).padStart(2);
  console.log(
    `${number}  ${isMet ? 'ok  ' : 'MISS'}  ${point.padEnd(42)} ${value.padEnd(18)} goal ${goal}`,
  );
});
for (const group of cycles) console.log(`\ncycle: ${group.join(' → ')}`);
if (wantsLargest) {
  const top = (items, name) =>
    items
      .toSorted((a, b) => b.lines - a.lines)
      .slice(0, 15)
      .map((item) => `${String(item.lines).padStart(5)}  ${item[name]}`);
  console.log(
    `\nlargest files\n${top(logic, 'path').join('\n')}\n\nlargest functions\n${top(functions, 'where').join('\n')}`,
  );
}
