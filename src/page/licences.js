// node licences.js BUNDLES FILE: the licences of all packages of which something is in the bundles, as esbuild's metafile
// tells them, in one text that is shipped with them.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';

const [bundles, target] = process.argv.slice(2);
const packages = Object.values(JSON.parse(readFileSync(bundles)).outputs)
  .flatMap(({ inputs }) => Object.keys(inputs).filter((file) => inputs[file].bytesInOutput > 0))
  .flatMap((file) => /^.*node_modules\/(@[^/]+\/)?[^/]+(?=\/)/.exec(file)?.[0] ?? []);
const texts = [...new Set(packages)].sort().map((directory) => {
  const { name, version } = JSON.parse(readFileSync(`${directory}/package.json`));
  const licence = readdirSync(directory).find((file) => /^licen[cs]e/i.test(file));
  if (!licence) {
    throw new Error(`${directory} has no licence: may it be shipped?`);
  }
  return `${name} ${version}\n\n${readFileSync(`${directory}/${licence}`, 'utf8').trim()}\n`;
});
writeFileSync(target, texts.join(`\n${'-'.repeat(72)}\n\n`));
