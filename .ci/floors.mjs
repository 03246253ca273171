// Proves the table of CONTRIBUTING.md: who may import whom, and what a package folder holds.
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { parseSync } from "oxc-parser";

const FOLDER = ["LICENSE", "README.md", "package.json", "src", "tsconfig.json"];
const BUILT = ["dist", "node_modules"];

/** Every breach of the house's rules under `root`, as one line each. */
export function findBreaches(root) {
  const house = readTable(readFileSync(join(root, "CONTRIBUTING.md"), "utf8"));
  const folders = readdirSync(join(root, "packages")).map((name) => join(root, "packages", name));
  const breaches = checkTable(house);
  const seen = new Set();
  for (const folder of folders) {
    const manifest = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
    const room = house.get(manifest.name);
    seen.add(manifest.name);
    if (!room) {
      breaches.push(`${relative(root, folder)}: ${manifest.name} is not in the table of CONTRIBUTING.md.`);
      continue;
    }
    breaches.push(...checkFolder(root, folder), ...checkManifest(root, folder, manifest, room, house));
    for (const file of sourceFiles(join(folder, "src")))
      breaches.push(...checkFile(root, folder, file, room, house));
  }
  for (const name of house.keys())
    if (!seen.has(name)) breaches.push(`CONTRIBUTING.md: ${name} has no folder under packages/.`);
  return breaches;
}

/**
 * The rows `| floor | package | what | may import |`, by package name.
 *
 * @returns {Map<string, { name: string, floor: number, mayImport: Set<string> }>}
 */
export function readTable(markdown) {
  const rows = [...markdown.matchAll(/^\| (\d) \| `([^`]+)` \|[^|]*\| ?([^|]*?) ?\|$/gm)];
  const floors = new Map(rows.map(([, floor, name]) => [name, Number(floor)]));
  return new Map(
    rows.map(([, floor, name, cell]) => {
      const below = [...floors.keys()].filter((other) => floors.get(other) < Number(floor));
      const named = (cell.match(/[a-z][a-z-]*/g) ?? []).map((word) => `@truss-chains/${word}`);
      const mayImport = cell === "all below" ? below : named.filter((other) => floors.has(other));
      return [name, { name, floor: Number(floor), mayImport: new Set(mayImport) }];
    }),
  );
}

function checkTable(house) {
  if (house.size === 0) return ["CONTRIBUTING.md: the table of packages was not found."];
  return [...house.values()].flatMap((room) =>
    [...room.mayImport]
      .filter((name) => house.get(name).floor >= room.floor)
      .map((name) => `CONTRIBUTING.md: ${room.name} may import ${name}, which is not on a lower floor.`),
  );
}

function checkFolder(root, folder) {
  const found = readdirSync(folder).filter((name) => !BUILT.includes(name));
  const place = relative(root, folder);
  return [
    ...FOLDER.filter((name) => !found.includes(name)).map((name) => `${place}: has no ${name}.`),
    ...found
      .filter((name) => !FOLDER.includes(name))
      .map((name) => `${place}: ${name} does not belong here.`),
  ];
}

function checkManifest(root, folder, manifest, room, house) {
  const needed = { ...manifest.dependencies, ...manifest.peerDependencies, ...manifest.optionalDependencies };
  return Object.keys(needed)
    .filter((name) => house.has(name) && !room.mayImport.has(name))
    .map((name) => `${relative(root, folder)}/package.json: ${room.name} may not depend on ${name}.`);
}

function checkFile(root, folder, file, room, house) {
  const code = readFileSync(file, "utf8");
  const place = (start) => `${relative(root, file)}:${code.slice(0, start).split("\n").length}`;
  const isTest = /\.test(-d)?\.ts$/.test(file);
  return importsOf(file, code).flatMap(({ specifier, typeOnly, star, start }) => {
    if (star) return [`${place(start)}: \`export *\` hides the public surface; name what is exported.`];
    if (specifier.startsWith(".")) {
      const target = resolve(dirname(file), specifier);
      const inside = target.startsWith(join(folder, "src") + sep);
      return inside ? [] : [`${place(start)}: "${specifier}" leaves the package; import by its name.`];
    }
    const other = house.get(
      specifier
        .split("/")
        .slice(0, specifier.startsWith("@") ? 2 : 1)
        .join("/"),
    );
    // Tests may reach for what devDependencies give them: knip checks that they are listed.
    if (!other || isTest || other === room || room.mayImport.has(other.name)) return [];
    if (typeOnly && other.floor <= room.floor) return [];
    const direction = other.floor > room.floor ? "upward" : other.floor === room.floor ? "sideways" : "past";
    return [
      `${place(start)}: ${room.name} (floor ${room.floor}) imports ${direction}: ${other.name} (floor ${other.floor}).`,
    ];
  });
}

function importsOf(file, code) {
  const { program, module } = parseSync(file, code);
  const found = [];
  for (const node of program.body) {
    if (node.type === "ExportAllDeclaration" && node.exported === null) {
      found.push({ specifier: node.source.value, star: true, start: node.start });
    } else if (node.source) {
      const typeOnly = node.importKind === "type" || node.exportKind === "type";
      found.push({ specifier: node.source.value, typeOnly, start: node.start });
    }
  }
  for (const { moduleRequest } of module.dynamicImports) {
    const text = code.slice(moduleRequest.start, moduleRequest.end);
    if (/^["'].*["']$/.test(text)) found.push({ specifier: text.slice(1, -1), start: moduleRequest.start });
  }
  return found;
}

function sourceFiles(directory) {
  return readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(".ts"))
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((file) => !file.includes(`${sep}fixtures${sep}`))
    .sort();
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const breaches = findBreaches(fileURLToPath(new URL("..", import.meta.url)));
  for (const breach of breaches) console.log(breach);
  process.exitCode = breaches.length > 0 ? 1 : 0;
}
